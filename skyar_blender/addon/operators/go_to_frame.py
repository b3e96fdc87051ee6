# SPDX-License-Identifier: GPL-3.0-or-later
"""Go to a frame of a result: ``bpy.ops.sequencer.skyar_go_to_frame``."""

from __future__ import annotations

import bpy

from .. import compat
from ..result.link import active_result


class SEQUENCER_OT_skyar_go_to_frame(bpy.types.Operator):
    """Go to this frame of the result in the timeline"""

    bl_idname = "sequencer.skyar_go_to_frame"
    bl_label = "Go to Frame of Result"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    index: bpy.props.IntProperty(  # type: ignore[valid-type]
        name="Frame", description="Frame of the result, counted from 0", default=0, min=0
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_result(compat.sequencer_scene(context)) is not None

    def execute(self, context: bpy.types.Context) -> set[str]:
        scene = compat.sequencer_scene(context)
        strip = active_result(scene)
        frame = round(compat.content_start(strip)) + self.index
        left, right = compat.handles(strip)
        scene.frame_set(frame)
        if not left <= frame < right:
            self.report({"INFO"}, f"Frame {frame} is trimmed away from the strip “{strip.name}”.")
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_go_to_frame,)
