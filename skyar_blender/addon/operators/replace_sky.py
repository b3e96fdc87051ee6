# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace Sky: ``bpy.ops.sequencer.skyar_replace_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import math

import bpy

from .. import compat, job_runner, output_folder, sky_properties, wandb_properties
from ..motion import choices
from ..preferences import engine_python, matting_weights
from ..replacement import Wishes, plan
from ..strips.choose import chosen_strips
from ..wandb_choice import all_logged, chosen_logging
from .polls import needs
from .working import Working

_NO_STRIPS = "Add a movie or an image sequence to the Video Sequencer first"


class SEQUENCER_OT_skyar_replace_sky(Working, bpy.types.Operator):
    """Give the selected movie or image strips a new sky that moves with the camera"""

    bl_idname = "sequencer.skyar_replace_sky"
    bl_label = "Replace Sky"
    # Not REGISTER: the panel Adjust Last Operation would start the work anew at each change.
    bl_options = {"UNDO"}  # noqa: RUF012

    sky: sky_properties.sky(default="sunset")
    sky_file: sky_properties.sky_file()
    sky_world: sky_properties.sky_world()
    sky_rotation: sky_properties.sky_rotation()
    sky_raised: sky_properties.sky_raised()
    sky_mirror: sky_properties.sky_mirror()
    sky_fov: sky_properties.sky_fov()
    keep_ground: sky_properties.keep_ground()
    aim_sun: sky_properties.aim_sun(sky_properties.SKIP)
    find_light: sky_properties.find_light(sky_properties.SKIP)
    light_from: sky_properties.light_from(sky_properties.SKIP)
    sky_start: sky_properties.sky_start()
    sky_speed: sky_properties.sky_speed()
    light: sky_properties.light()
    rain: sky_properties.rain()
    reflections: sky_properties.reflections()
    quality: sky_properties.quality()
    matte_method: sky_properties.matte_method()
    motion: sky_properties.motion()
    camera: bpy.props.StringProperty(
        name="Camera",
        description="Name of the camera that moves as the real one did; empty takes that of the scene",
        search=choices.search_cameras,
        options={"SKIP_SAVE"},
    )
    movie_clip: bpy.props.StringProperty(
        name="Movie Clip",
        description="Name of the movie clip whose camera was solved; empty takes that of the strip's file",
        search=choices.search_clips,
        options={"SKIP_SAVE"},
    )
    output: sky_properties.output()
    focal_length: bpy.props.FloatProperty(
        name="Focal Length",
        description="Of the camera, in millimetres for a sensor 36 mm wide; 0 if it is not known. Not used where "
        "the motion comes from a camera that has its own",
        default=0.0,
        min=0.0,
        max=2000.0,
    )
    find_horizon: sky_properties.find_horizon()
    horizon: sky_properties.horizon()
    wind: sky_properties.wind()
    wandb: wandb_properties.wandb()
    wandb_project: wandb_properties.wandb_project()
    wandb_entity: wandb_properties.wandb_entity()
    wandb_dir: wandb_properties.wandb_dir()
    ask: sky_properties.ask()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        editor = compat.sequencer_scene(context).sequence_editor
        return needs(cls, editor is not None, _NO_STRIPS) and super().poll(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "sky")
        layout.prop(self, "sky_file")
        layout.prop(self, "sky_world")
        layout.prop(self, "sky_rotation")
        layout.prop(self, "sky_raised")
        layout.prop(self, "sky_mirror")
        layout.prop(self, "sky_fov")
        layout.prop(self, "keep_ground")
        layout.prop(self, "sky_start")
        layout.prop(self, "sky_speed")
        sky_properties.draw_light(layout, self)
        layout.prop(self, "light")
        layout.prop(self, "rain")
        layout.prop(self, "reflections")
        layout.separator()
        layout.prop(self, "quality")
        layout.prop(self, "matte_method")
        layout.prop(self, "output")
        layout.separator()
        choices.draw(layout, self)
        row = layout.row()
        row.enabled = self.motion in ("SOLVE", "STATIC")
        row.prop(self, "focal_length")
        sky_properties.draw_horizon(layout, self)
        layout.prop(self, "wandb")
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first to keep the result beside it.", icon="INFO")

    def start(self, context: bpy.types.Context) -> job_runner.Run:
        scene = compat.sequencer_scene(context)
        wishes = Wishes(
            sky=self.sky,
            sky_file=self.sky_file,
            sky_world=self.sky_world,
            sky_rotation=math.degrees(self.sky_rotation),
            sky_raised=math.degrees(self.sky_raised),
            sky_mirror=self.sky_mirror,
            sky_fov=math.degrees(self.sky_fov),
            keep_ground=self.keep_ground,
            aim_sun=self.aim_sun,
            light_from=sky_properties.chosen_light(self),
            sky_start=self.sky_start,
            sky_speed=self.sky_speed,
            light=self.light,
            rain=self.rain if self.properties.is_property_set("rain") else None,
            reflections=self.reflections,
            quality=self.quality,
            matte_method=self.matte_method,
            matting_weights=matting_weights(context) if self.matte_method == "network" else None,
            output=self.output,
            motion=self.motion,
            camera=self.camera,
            movie_clip=self.movie_clip,
            focal_length=self.focal_length or None,
            horizon=None if self.find_horizon else self.horizon,
            wind=self.wind,
        )
        planned = all_logged(plan(scene, chosen_strips(scene), wishes), chosen_logging(self, context))
        return job_runner.Run(engine_python(context), planned)


CLASSES = (SEQUENCER_OT_skyar_replace_sky,)
