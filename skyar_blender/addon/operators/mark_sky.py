# SPDX-License-Identifier: GPL-3.0-or-later
"""Mark as Sky: ``bpy.ops.sequencer.skyar_mark_sky``."""

from __future__ import annotations

import bpy

from .. import compat
from ..strips import marks


class SEQUENCER_OT_skyar_mark_sky(bpy.types.Operator):
    """Let Replace Sky take what is white in the selected strips for sky; mutes them"""

    bl_idname = "sequencer.skyar_mark_sky"
    bl_label = "Mark as Sky"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not marks.to_mark(compat.sequencer_scene(context)):
            cls.poll_message_set("Select a Mask strip, or an image or movie strip with a painted matte")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        for strip in marks.to_mark(compat.sequencer_scene(context)):
            marks.mark(strip, "sky")
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_mark_sky,)
