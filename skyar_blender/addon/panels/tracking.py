# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure the camera's motion is, and where it is in doubt, below the result in the sidebar."""

from __future__ import annotations

from typing import Any

import bpy

from ..operators.go_to_frame import SEQUENCER_OT_skyar_go_to_frame
from ..result.tracking import Tracking, folder_of, tracking_of
from .sidebar import SEQUENCER_PT_skyar_result, Tab, active_result

#: Pieces of the bar, each of which is one icon wide, and weak ranges that are listed.
_PIECES, _LISTED = 14, 8
#: Confidence from which a piece is yellow, and green; the icons of those colours.
_DOUBT, _SURE = 0.3, 0.6
_RED, _YELLOW, _GREEN = "COLLECTION_COLOR_01", "COLLECTION_COLOR_03", "COLLECTION_COLOR_04"
_LENS = {
    "given": "as given",
    "metadata": "from the clip's metadata",
    "solved": "told by the motion",
    "camera": "of the camera",
    "default": "a usual one: the motion does not tell",
}


class SEQUENCER_PT_skyar_tracking(Tab, bpy.types.Panel):
    """Confidence of the camera's motion, and its weak ranges."""

    bl_label = "Tracking"
    bl_parent_id = SEQUENCER_PT_skyar_result.__name__

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene = active_result(context)
        return scene is not None and tracking_of(scene) is not None

    def draw(self, context: bpy.types.Context) -> None:
        scene = active_result(context)
        told = tracking_of(scene)
        if told is None:
            return
        layout = self.layout
        _draw_bar(layout, told)
        layout.label(text=f"Confidence {_mean(told):.2f}, least {min(told.confidence):.2f}")
        if told.focal_mm is not None:
            layout.label(text=f"Lens {told.focal_mm:.0f} mm, {_LENS.get(told.focal_source or '', '')}".rstrip(", "))
        for weak in told.weak[:_LISTED]:
            box = layout.box()
            words = f"{weak.first + 1}" + (f" to {weak.last + 1}" if weak.last > weak.first else "")
            go = box.operator(
                SEQUENCER_OT_skyar_go_to_frame.bl_idname, text=f"{words}: {weak.reason}", icon="ERROR", emboss=False
            )
            go.index = weak.first
            for line in weak.suggestion.split("; "):
                box.label(text=line[0].upper() + line[1:])
        if len(told.weak) > _LISTED:
            layout.label(text=f"and {len(told.weak) - _LISTED} more weak ranges in report.json")
        graph = folder_of(scene).confidence
        if graph.exists():
            layout.operator("wm.path_open", text="Show Graph", icon="GRAPH").filepath = str(graph)


def _draw_bar(layout: Any, told: Tracking) -> None:
    """A row of coloured pieces, from the first frame to the last; each goes to its least sure frame."""
    row = layout.row(align=True)
    for index in told.pieces(_PIECES):
        sure = told.confidence[index]
        colour = _RED if sure < _DOUBT else _YELLOW if sure < _SURE else _GREEN
        piece = row.operator(SEQUENCER_OT_skyar_go_to_frame.bl_idname, text="", icon=colour, emboss=False)
        piece.index = index


def _mean(told: Tracking) -> float:
    return sum(told.confidence) / len(told.confidence)


CLASSES = (SEQUENCER_PT_skyar_tracking,)
