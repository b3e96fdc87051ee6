# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace Sky: ``bpy.ops.sequencer.skyar_replace_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import math

import bpy

from ...contract.job import DEFAULT_MATTE_METHOD, Look, Sky
from .. import compat, job_runner, output_folder, sky_choice
from ..motion import choices
from ..preferences import engine_python, matting_weights
from ..replacement import Wishes, plan
from ..strips.choose import chosen_strips
from .working import Working

QUALITIES = (
    ("draft", "Draft", "A quick look"),
    ("normal", "Normal", "For most shots"),
    ("high", "High", "Finer edges and motion, slower"),
)
METHODS = (
    ("network", "Network (default)", "A trained network, helped by the clip's own colours where it is in doubt"),
    ("adaptive", "Adaptive (no network)", "Learns from the clip alone; needs neither weights nor their runtime"),
)
LIGHTS = (
    ("sky", "Sky", "The foreground takes the light of all that is seen of the new sky"),
    ("horizon", "Horizon", "The foreground takes the light of the lowest part of the new sky that is seen"),
    ("manual", "By Hand", "Tint and Light Change of the result are yours; no sky changes them"),
    ("off", "Off", "The foreground keeps its light"),
)
_CHOICES = (
    *("sky", "sky_file", "sky_rotation", "sky_raised", "sky_mirror", "sky_fov", "light"),
    *("quality", "matte_method", "output", "motion", "camera", "movie_clip"),
    *("focal_length", "find_horizon", "horizon", "wind"),
)
_HALF_TURN = math.pi


class SEQUENCER_OT_skyar_replace_sky(Working, bpy.types.Operator):
    """Give the selected movie or image strips a new sky that moves with the camera"""

    bl_idname = "sequencer.skyar_replace_sky"
    bl_label = "Replace Sky"
    # Not REGISTER: the panel Adjust Last Operation would start the work anew at each change.
    bl_options = {"UNDO"}  # noqa: RUF012

    sky: bpy.props.StringProperty(name="Sky", description="Name of a sky", default="sunset", search=sky_choice.search)
    sky_file: bpy.props.StringProperty(
        name="Picture",
        description="A panorama or a picture of your own; counts in place of Sky",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"} | compat.RELATIVE_PATH,
    )
    sky_rotation: bpy.props.FloatProperty(
        name="Turn",
        description="How far the sky is turned to the right",
        subtype="ANGLE",
        soft_min=-_HALF_TURN,
        soft_max=_HALF_TURN,
    )
    sky_raised: bpy.props.FloatProperty(
        name="Raise",
        description="How far the sky's horizon is raised",
        subtype="ANGLE",
        min=-_HALF_TURN / 3,
        max=_HALF_TURN / 3,
        soft_min=-_HALF_TURN / 18,
        soft_max=_HALF_TURN / 18,
    )
    sky_mirror: bpy.props.BoolProperty(name="Mirror", description="Swap left and right of the sky")
    sky_fov: bpy.props.FloatProperty(
        name="Field of View",
        description="How much of the way around an ordinary picture fills; a panorama fills all",
        subtype="ANGLE",
        default=math.radians(Sky(source="any").field_of_view),
        min=math.radians(1),
        max=2 * _HALF_TURN,
    )
    light: bpy.props.EnumProperty(
        name="Light", description="What the foreground takes of the new sky", items=LIGHTS, default=Look().light
    )
    quality: bpy.props.EnumProperty(
        name="Quality", description="Size at which sky and motion are analysed", items=QUALITIES, default="normal"
    )
    matte_method: bpy.props.EnumProperty(
        name="Method", description="How the sky is found", items=METHODS, default=DEFAULT_MATTE_METHOD
    )
    motion: bpy.props.EnumProperty(
        name="Motion",
        description="Where the motion of the camera comes from",
        items=choices.MOTIONS,
        default="SOLVE",
    )
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
    output: bpy.props.StringProperty(
        name="Output",
        description="Folder for the files of the result; empty takes a new one as set in the preferences",
        subtype="DIR_PATH",
        options={"SKIP_SAVE"} | compat.RELATIVE_PATH,
    )
    focal_length: bpy.props.FloatProperty(
        name="Focal Length",
        description="Of the camera, in millimetres for a sensor 36 mm wide; 0 if it is not known. Not used where "
        "the motion comes from a camera that has its own",
        default=0.0,
        min=0.0,
        max=2000.0,
    )
    find_horizon: bpy.props.BoolProperty(
        name="Find Horizon", description="Find the height of the horizon in the first frame", default=True
    )
    horizon: bpy.props.FloatProperty(
        name="Horizon",
        description="Height of the horizon in the first frame: 0 is the lower edge of the picture, 1 the upper",
        default=0.5,
        min=-3.0,
        max=4.0,
        soft_min=0.0,
        soft_max=1.0,
    )
    wind: bpy.props.FloatProperty(
        name="Wind",
        description="Degrees per second by which the new sky drifts to the right; the report tells that of the old",
        default=0.0,
        min=-90.0,
        max=90.0,
        soft_min=-3.0,
        soft_max=3.0,
    )
    ask: bpy.props.BoolProperty(
        name="Ask", description="Show these choices first", default=True, options={"HIDDEN", "SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if compat.sequencer_scene(context).sequence_editor is None:
            cls.poll_message_set("Add a movie or an image sequence to the Video Sequencer first")
            return False
        return super().poll(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "sky")
        layout.prop(self, "sky_file")
        layout.prop(self, "sky_rotation")
        layout.prop(self, "sky_raised")
        layout.prop(self, "sky_mirror")
        layout.prop(self, "sky_fov")
        layout.prop(self, "light")
        layout.separator()
        layout.prop(self, "quality")
        layout.prop(self, "matte_method")
        layout.prop(self, "output")
        layout.separator()
        choices.draw(layout, self)
        row = layout.row()
        row.enabled = self.motion in ("SOLVE", "STATIC")
        row.prop(self, "focal_length")
        layout.prop(self, "find_horizon")
        row = layout.row()
        row.enabled = not self.find_horizon
        row.prop(self, "horizon")
        layout.prop(self, "wind")
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first to keep the result beside it.", icon="INFO")

    def start(self, context: bpy.types.Context) -> job_runner.Run:
        scene = compat.sequencer_scene(context)
        wishes = Wishes(
            sky=self.sky,
            sky_file=self.sky_file,
            sky_rotation=math.degrees(self.sky_rotation),
            sky_raised=math.degrees(self.sky_raised),
            sky_mirror=self.sky_mirror,
            sky_fov=math.degrees(self.sky_fov),
            light=self.light,
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
        return job_runner.Run(engine_python(context), plan(scene, chosen_strips(scene), wishes))

    def choices(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in _CHOICES}


CLASSES = (SEQUENCER_OT_skyar_replace_sky,)
