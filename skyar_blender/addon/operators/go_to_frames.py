# SPDX-License-Identifier: GPL-3.0-or-later
"""Go to Frames: ``bpy.ops.sequencer.skyar_go_to_frames``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from .. import compat
from ..bases import Returned
from ..result.link import active_result
from ..result.timing import timeline_frame
from ..strips.source_frames import retimed_by
from .polls import NO_RESULT, needs


class SEQUENCER_OT_skyar_go_to_frames(bpy.types.Operator):
    """Go to the first of these frames of the result, wherever its strip lies now"""

    bl_idname = "sequencer.skyar_go_to_frames"
    bl_label = "Go to Frames"
    bl_options = {"UNDO_GROUPED", "INTERNAL"}  # noqa: RUF012
    bl_undo_group = "Frame Change"

    first: bpy.props.IntProperty(name="First", description="Of the result's frames, counted from 0", min=0)
    last: bpy.props.IntProperty(name="Last", description="Likewise", min=0)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, active_result(compat.sequencer_scene(context)) is not None, NO_RESULT)

    def execute(self, context: bpy.types.Context) -> Returned:
        scene = compat.sequencer_scene(context)
        strip = active_result(scene)
        retimed = retimed_by(strip, scene)
        if retimed is not None:
            self.report({"WARNING"}, f"It cannot be told where “{strip.name}” shows them. {retimed}")
            return {"CANCELLED"}
        frame = timeline_frame(strip, self.first, max(self.first, self.last))
        if frame is None:
            self.report({"WARNING"}, f"“{strip.name}” shows none of these frames any more: they are trimmed away.")
            return {"CANCELLED"}
        scene.frame_set(frame)
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_go_to_frames,)
