# SPDX-License-Identifier: GPL-3.0-or-later
"""Clear Mark: ``bpy.ops.sequencer.skyar_clear_mark``."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..bases import Returned
from ..strips import marks


class SEQUENCER_OT_skyar_clear_mark(bpy.types.Operator):
    """Make the selected marked strips ordinary ones again, muted only if they were before"""

    bl_idname = "sequencer.skyar_clear_mark"
    bl_label = "Clear Mark"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not _marked(context):
            cls.poll_message_set("Select a strip that is marked as sky or not sky")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Returned:
        for strip in _marked(context):
            marks.clear(strip)
        return {"FINISHED"}


def _marked(context: bpy.types.Context) -> list[Any]:
    strips = marks.to_mark(compat.sequencer_scene(context))
    return [strip for strip in strips if marks.mark_of(strip) is not None]


CLASSES = (SEQUENCER_OT_skyar_clear_mark,)
