# SPDX-License-Identifier: GPL-3.0-or-later
"""Change Sky: ``bpy.ops.sequencer.skyar_change_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import math

import bpy

from .. import compat, job_runner, output_folder, sky_choice, sky_properties, wandb_properties
from ..changed_sky import Changes, chosen_results, job_of_result, plan_changes
from ..preferences import engine_python
from ..sky_properties import SKIP
from ..wandb_choice import all_logged, chosen_logging
from .polls import NO_RESULT, needs
from .working import Working


class SEQUENCER_OT_skyar_change_sky(Working, bpy.types.Operator):
    """Give a result of Replace Sky another sky, or place its sky anew, without finding sky and camera again.
    What is not set stays as it is"""

    bl_idname = "sequencer.skyar_change_sky"
    bl_label = "Change Sky"
    # Not REGISTER: the panel Adjust Last Operation would start the work anew at each change.
    bl_options = {"UNDO"}  # noqa: RUF012

    sky: sky_properties.sky(default="", options=SKIP)
    sky_file: sky_properties.sky_file()
    sky_world: sky_properties.sky_world()
    sky_rotation: sky_properties.sky_rotation(SKIP)
    sky_raised: sky_properties.sky_raised(SKIP)
    sky_mirror: sky_properties.sky_mirror(SKIP)
    sky_fov: sky_properties.sky_fov(SKIP)
    keep_ground: sky_properties.keep_ground(SKIP)
    aim_sun: sky_properties.aim_sun(SKIP)
    find_light: sky_properties.find_light(SKIP)
    light_from: sky_properties.light_from(SKIP)
    sky_start: sky_properties.sky_start(SKIP)
    sky_speed: sky_properties.sky_speed(SKIP)
    sky_brightness: bpy.props.FloatProperty(
        name="Brightness",
        description="Stops on the sky's picture, before its light is measured; Sky Exposure of the result is live",
        min=-20.0,
        max=20.0,
        soft_min=-4.0,
        soft_max=4.0,
        options={"SKIP_SAVE"},
    )
    find_horizon: sky_properties.find_horizon(SKIP)
    horizon: sky_properties.horizon(SKIP)
    wind: sky_properties.wind(SKIP)
    light: sky_properties.light(SKIP)
    rain: sky_properties.rain(SKIP)
    reflections: sky_properties.reflections(SKIP)
    previews: bpy.props.BoolProperty(
        name="Previews",
        description="Make preview.mp4 and compare.mp4 too, which takes longer than the rest",
        default=False,
        options={"SKIP_SAVE"},
    )
    output: sky_properties.output()
    wandb: wandb_properties.wandb()
    wandb_project: wandb_properties.wandb_project()
    wandb_entity: wandb_properties.wandb_entity()
    wandb_dir: wandb_properties.wandb_dir()
    ask: sky_properties.ask()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        found = chosen_results(compat.sequencer_scene(context))
        return needs(cls, bool(found), NO_RESULT) and super().poll(context)

    def prefill(self, context: bpy.types.Context) -> None:
        job = job_of_result(chosen_results(compat.sequencer_scene(context))[0])
        sky, settings = job.sky, job.settings
        name = next((each.name for each in sky_choice.choices() if each.source == sky.source), "")
        known = {
            "sky": name,
            "sky_file": "" if name else sky.source,
            "sky_rotation": math.radians(sky.rotation),
            "sky_raised": math.radians(sky.raised),
            "sky_mirror": sky.mirror,
            "sky_fov": math.radians(sky.field_of_view),
            "keep_ground": sky.keep_ground,
            "aim_sun": sky.aim_sun,
            "find_light": sky.light_from is None,
            "light_from": math.radians(sky.light_from or 0.0),
            "sky_start": sky.start,
            "sky_speed": sky.speed,
            "sky_brightness": sky.exposure,
            "find_horizon": settings.horizon is None,
            "horizon": 0.5 if settings.horizon is None else settings.horizon,
            "wind": settings.wind,
            "light": settings.look.light,
            "rain": settings.look.rain,
            "reflections": settings.look.reflections,
        }
        for key, value in known.items():
            if not self.properties.is_property_set(key):
                setattr(self, key, value)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        for name in ("sky", "sky_file", "sky_world"):
            layout.prop(self, name)
        layout.separator()
        for name in (
            "sky_rotation",
            "sky_raised",
            "sky_mirror",
            "sky_fov",
            "keep_ground",
            "sky_start",
            "sky_speed",
            "sky_brightness",
            "light",
            "rain",
            "reflections",
        ):
            layout.prop(self, name)
        layout.separator()
        sky_properties.draw_light(layout, self)
        layout.separator()
        sky_properties.draw_horizon(layout, self)
        layout.separator()
        layout.prop(self, "output")
        layout.prop(self, "previews")
        layout.prop(self, "wandb")
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first to keep the result beside it.", icon="INFO")

    def start(self, context: bpy.types.Context) -> job_runner.Run:
        scene = compat.sequencer_scene(context)
        changes = Changes(
            name=self._said("sky") or "",
            file=self._said("sky_file") or "",
            world=self._said("sky_world") or "",
            rotation=_degrees(self._said("sky_rotation")),
            raised=_degrees(self._said("sky_raised")),
            mirror=self._said("sky_mirror"),
            field_of_view=_degrees(self._said("sky_fov")),
            keep_ground=self._said("keep_ground"),
            aim_sun=self._said("aim_sun"),
            new_light=self.properties.is_property_set("find_light") or self.properties.is_property_set("light_from"),
            light_from=sky_properties.chosen_light(self),
            start=self._said("sky_start"),
            speed=self._said("sky_speed"),
            exposure=self._said("sky_brightness"),
            new_horizon=self.properties.is_property_set("find_horizon") or self.properties.is_property_set("horizon"),
            horizon=self._horizon(),
            wind=self._said("wind"),
            light=self._said("light"),
            rain=self._said("rain"),
            reflections=self._said("reflections"),
            previews=self.previews,
            output=self.output,
        )
        planned = plan_changes(scene, chosen_results(scene), changes)
        planned = all_logged(planned, chosen_logging(self, context))
        return job_runner.Run(engine_python(context), planned, self.bl_label)

    def _said(self, name: str) -> object:
        """The value of a property that was set, or None."""
        return getattr(self, name) if self.properties.is_property_set(name) else None

    def _horizon(self) -> float | None:
        """A height that is given needs no other word; one that is to be found is none."""
        if self.properties.is_property_set("find_horizon") and self.find_horizon:
            return None
        return self.horizon


def _degrees(angle: float | None) -> float | None:
    return None if angle is None else math.degrees(angle)


CLASSES = (SEQUENCER_OT_skyar_change_sky,)
