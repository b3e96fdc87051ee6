# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw a Shadow: ``own_ops.sequencer.skyar_draw_shadow``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import math

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..bases import Returned, own_ops, there
from ..result.in_image import in_image
from ..result.link import active_result
from ..result.shadow import light_along
from ..result.timing import frame_of
from ..result.track import track_of
from ..strips.source_frames import retimed_by
from ..translations.told import told_error
from .arrow import Arrow
from .polls import NO_RESULT, needs
from .preview_regions import at, previews, within

_POINT = {"size": 2, "options": {"SKIP_SAVE"}}


class SEQUENCER_OT_skyar_draw_shadow(bpy.types.Operator):
    """Say where the shot's light comes from: draw along a shadow on the ground, from the foot of what casts it to
    its tip. The new sky turns so that its sun stands there"""

    bl_idname = "sequencer.skyar_draw_shadow"
    bl_label = "Draw a Shadow"

    foot: bpy.props.FloatVectorProperty(
        name="Foot",
        description="Of what casts the shadow: pixels right and up from the middle of the frame",
        **_POINT,
    )
    tip: bpy.props.FloatVectorProperty(name="Tip", description="Of the shadow, likewise", **_POINT)

    _region = None
    _arrow = None

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, active_result(compat.sequencer_scene(context)) is not None, NO_RESULT)

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        """Wait for a press in a Preview."""
        if not any(previews(context)):
            self.report({"ERROR"}, "There is no Preview to draw in. Set a Video Sequencer's view to Preview.")
            return {"CANCELLED"}
        there(context.window).cursor_modal_set("CROSSHAIR")
        there(context.workspace).status_text_set(
            "Drag along a shadow on the ground, from the foot of what casts it to its tip  |  Esc: Cancel"
        )
        there(context.window_manager).modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        """From press to release."""
        if event.type in {"ESC", "RIGHTMOUSE"}:
            self.cancel(context)
            return {"CANCELLED"}
        if event.type == "LEFTMOUSE" and event.value == "PRESS":
            self._region = next((each for each in previews(context) if within(each, event)), None)
            if self._region is not None:
                self.foot = self.tip = self._view(event)
                self._arrow = Arrow(at(self._region, event))
        elif self._region is not None and self._arrow is not None and event.type == "MOUSEMOVE":
            self._arrow.to = at(self._region, event)
            self._region.tag_redraw()
        elif self._region is not None and event.type == "LEFTMOUSE":
            self.tip = self._view(event)
            self.cancel(context)
            return self.execute(context)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Returned:
        """From ``foot`` and ``tip`` on the current frame."""
        scene = compat.sequencer_scene(context)
        strip = active_result(scene)
        retimed = retimed_by(strip, scene)
        frame = frame_of(strip, scene.frame_current)
        if retimed is not None or frame is None:
            self.report({"ERROR"}, retimed or f"“{strip.name}” does not show its result at this frame. Go to one.")
            return {"CANCELLED"}
        try:
            track, _world = track_of(strip)
            size = track.width, track.height
            foot, tip = (in_image(scene, strip, size, tuple(end)) for end in (self.foot, self.tip))
            light = light_along(track, frame, foot, tip)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        how = "EXEC_DEFAULT" if bpy.app.background else "INVOKE_DEFAULT"
        own_ops.sequencer.skyar_change_sky(
            how, aim_sun=True, light_from=math.radians(light), sky_rotation=0.0, ask=False
        )
        return {"FINISHED"}

    def cancel(self, context: bpy.types.Context) -> None:
        """Leave no traces in the window."""
        if self._arrow is not None:
            self._arrow.remove()
        there(context.window).cursor_modal_restore()
        there(context.workspace).status_text_set(None)

    def _view(self, event: bpy.types.Event) -> tuple[float, float]:
        assert self._region is not None  # it was pressed in one
        x, y = self._region.view2d.region_to_view(*at(self._region, event))
        return x, y


CLASSES = (SEQUENCER_OT_skyar_draw_shadow,)
