# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks of sky and not sky, in the sidebar's tab "SkyAR"."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..operators.clear_mark import SEQUENCER_OT_skyar_clear_mark
from ..operators.mark_not_sky import SEQUENCER_OT_skyar_mark_not_sky
from ..operators.mark_sky import SEQUENCER_OT_skyar_mark_sky
from ..preferences.preferences import engine_is_there
from ..strips.marks import MARKABLE, WORDS, mark_of, marked_over
from ..strips.strokes import text_of
from .sidebar import Tab


class SEQUENCER_PT_skyar_marks(Tab, bpy.types.Panel):
    """Mark the active strip, or see which marks hold for it."""

    bl_label = "Corrections"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        strip = _active(context)
        return strip is not None and strip.type in MARKABLE and engine_is_there(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        strip = _active(context)
        truth = mark_of(strip)
        if truth is not None:
            row = layout.row()
            row.label(text=f"Marked as {WORDS[truth]}", icon="MOD_MASK")
            row.operator(SEQUENCER_OT_skyar_clear_mark.bl_idname, text="", icon="X")
            return
        if text_of(strip):
            layout.label(text="Painted on with the Sky Brush", icon="BRUSH_DATA")
        for other in marked_over(compat.sequencer_scene(context), strip):
            given = mark_of(other)
            layout.label(text=f"{other.name}: {WORDS[given] if given else ''}", icon="MOD_MASK")
        column = layout.column(align=True)
        column.operator(SEQUENCER_OT_skyar_mark_sky.bl_idname)
        column.operator(SEQUENCER_OT_skyar_mark_not_sky.bl_idname)


def _active(context: bpy.types.Context) -> Any:
    scene = compat.sequencer_scene(context)
    editor = scene.sequence_editor if scene else None
    return editor.active_strip if editor else None


CLASSES = (SEQUENCER_PT_skyar_marks,)
