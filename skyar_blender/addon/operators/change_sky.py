# SPDX-License-Identifier: GPL-3.0-or-later
"""Change Sky: ``bpy.ops.sequencer.skyar_change_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import math

import bpy

from ...contract.job import Sky
from .. import compat, job_runner, output_folder, sky_choice
from ..changed_sky import Changes, chosen_results, job_of_result, plan_changes
from ..preferences import engine_python
from .replace_sky import LIGHTS
from .working import Working

_HALF_TURN = math.pi
_CHOICES = (
    *("sky", "sky_file", "sky_rotation", "sky_raised", "sky_mirror", "sky_fov", "sky_brightness"),
    *("find_horizon", "horizon", "wind", "light", "previews", "output"),
)


class SEQUENCER_OT_skyar_change_sky(Working, bpy.types.Operator):
    """Give a result of Replace Sky another sky, or place its sky anew, without finding sky and camera again.
    What is not set stays as it is"""

    bl_idname = "sequencer.skyar_change_sky"
    bl_label = "Change Sky"
    # Not REGISTER: the panel Adjust Last Operation would start the work anew at each change.
    bl_options = {"UNDO"}  # noqa: RUF012

    sky: bpy.props.StringProperty(
        name="Sky", description="Name of a sky", search=sky_choice.search, options={"SKIP_SAVE"}
    )
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
        options={"SKIP_SAVE"},
    )
    sky_raised: bpy.props.FloatProperty(
        name="Raise",
        description="How far the sky's horizon is raised",
        subtype="ANGLE",
        min=-_HALF_TURN / 3,
        max=_HALF_TURN / 3,
        soft_min=-_HALF_TURN / 18,
        soft_max=_HALF_TURN / 18,
        options={"SKIP_SAVE"},
    )
    sky_mirror: bpy.props.BoolProperty(
        name="Mirror", description="Swap left and right of the sky", options={"SKIP_SAVE"}
    )
    sky_fov: bpy.props.FloatProperty(
        name="Field of View",
        description="How much of the way around an ordinary picture fills; a panorama fills all",
        subtype="ANGLE",
        default=math.radians(Sky(source="any").field_of_view),
        min=math.radians(1),
        max=2 * _HALF_TURN,
        options={"SKIP_SAVE"},
    )
    sky_brightness: bpy.props.FloatProperty(
        name="Brightness",
        description="Stops on the sky's picture, before its light is measured; Sky Exposure of the result is live",
        min=-20.0,
        max=20.0,
        soft_min=-4.0,
        soft_max=4.0,
        options={"SKIP_SAVE"},
    )
    find_horizon: bpy.props.BoolProperty(
        name="Find Horizon",
        description="Find the height of the horizon in the first frame",
        default=True,
        options={"SKIP_SAVE"},
    )
    horizon: bpy.props.FloatProperty(
        name="Horizon",
        description="Height of the horizon in the first frame: 0 is the lower edge of the picture, 1 the upper",
        default=0.5,
        min=-3.0,
        max=4.0,
        soft_min=0.0,
        soft_max=1.0,
        options={"SKIP_SAVE"},
    )
    wind: bpy.props.FloatProperty(
        name="Wind",
        description="Degrees per second by which the new sky drifts to the right",
        min=-90.0,
        max=90.0,
        soft_min=-3.0,
        soft_max=3.0,
        options={"SKIP_SAVE"},
    )
    light: bpy.props.EnumProperty(
        name="Light", description="What the foreground takes of the new sky", items=LIGHTS, options={"SKIP_SAVE"}
    )
    previews: bpy.props.BoolProperty(
        name="Previews",
        description="Make preview.mp4 and compare.mp4 too, which takes longer than the rest",
        default=False,
        options={"SKIP_SAVE"},
    )
    output: bpy.props.StringProperty(
        name="Output",
        description="Folder for the files of the result; empty takes a new one as set in the preferences",
        subtype="DIR_PATH",
        options={"SKIP_SAVE"} | compat.RELATIVE_PATH,
    )
    ask: bpy.props.BoolProperty(
        name="Ask", description="Show these choices first", default=True, options={"HIDDEN", "SKIP_SAVE"}
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not chosen_results(compat.sequencer_scene(context)):
            cls.poll_message_set("Select a result of Replace Sky, or the strip that it was made from")
            return False
        return super().poll(context)

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
            "sky_brightness": sky.exposure,
            "find_horizon": settings.horizon is None,
            "horizon": 0.5 if settings.horizon is None else settings.horizon,
            "wind": settings.wind,
            "light": settings.look.light,
        }
        for key, value in known.items():
            if not self.properties.is_property_set(key):
                setattr(self, key, value)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        for name in ("sky", "sky_file"):
            layout.prop(self, name)
        layout.separator()
        for name in ("sky_rotation", "sky_raised", "sky_mirror", "sky_fov", "sky_brightness", "light"):
            layout.prop(self, name)
        layout.separator()
        layout.prop(self, "find_horizon")
        row = layout.row()
        row.enabled = not self.find_horizon
        row.prop(self, "horizon")
        layout.prop(self, "wind")
        layout.separator()
        layout.prop(self, "output")
        layout.prop(self, "previews")
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first to keep the result beside it.", icon="INFO")

    def start(self, context: bpy.types.Context) -> job_runner.Run:
        scene = compat.sequencer_scene(context)
        changes = Changes(
            name=self._said("sky") or "",
            file=self._said("sky_file") or "",
            rotation=_degrees(self._said("sky_rotation")),
            raised=_degrees(self._said("sky_raised")),
            mirror=self._said("sky_mirror"),
            field_of_view=_degrees(self._said("sky_fov")),
            exposure=self._said("sky_brightness"),
            new_horizon=self.properties.is_property_set("find_horizon") or self.properties.is_property_set("horizon"),
            horizon=self._horizon(),
            wind=self._said("wind"),
            light=self._said("light"),
            previews=self.previews,
            output=self.output,
        )
        planned = plan_changes(scene, chosen_results(scene), changes)
        return job_runner.Run(engine_python(context), planned, self.bl_label)

    def choices(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in _CHOICES if self.properties.is_property_set(name)}

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
