# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the camera was followed, in the sidebar's tab "SkyAR"."""

from __future__ import annotations

import textwrap
from typing import Any

import bpy

from ...contract.confidence import WEAK
from ..operators.go_to_frames import SEQUENCER_OT_skyar_go_to_frames
from ..result.link import folder_of
from ..result.tracking import Tracking, WeakRange, tracking_of
from . import bars
from .sidebar import SEQUENCER_PT_skyar_result, Tab, active_result

_FOCAL_SOURCES = {
    "given": "as given",
    "metadata": "from the clip's metadata",
    "solved": "found in the motion",
    "camera": "of the camera",
    "default": "a guess, the motion does not tell",
}
#: Weak ranges that are listed.
_LISTED = 12
#: Units of the interface that a letter takes, and what a panel takes away from its region.
_LETTER, _MARGINS = 5.8, 80


class SEQUENCER_PT_skyar_tracking(Tab, bpy.types.Panel):
    """Confidence, lens, and the frames in doubt, or damaged, of the active strip's result."""

    bl_label = "Tracking"
    bl_parent_id = SEQUENCER_PT_skyar_result.__name__

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_result(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        scene = active_result(context)
        tracking = tracking_of(scene)
        if tracking is None:
            layout.label(text="The folder of the result has no report of it.", icon="INFO")
            return
        width = context.region.width if context.region is not None else 300
        scale = context.preferences.system.ui_scale
        if tracking.confidence:
            bars.draw(layout, tracking.confidence, width, scale)
            self._draw_ends(layout, len(tracking.confidence), folder_of(scene).confidence)
        _draw_figures(layout, tracking)
        letters = max(20, int((width / scale - _MARGINS) / _LETTER))
        listed = (*tracking.damaged, *tracking.weak)
        for weak in listed[:_LISTED]:
            _draw_weak(layout, weak, letters)
        more = len(listed) - _LISTED
        if more > 0:
            layout.label(text=f"And {more} more, in report.json")

    def _draw_ends(self, layout: Any, count: int, graph: Any) -> None:
        row = layout.row()
        row.label(text="Frame 1")
        if graph.is_file():
            row.operator("wm.path_open", text="Open Graph", icon="IMAGE_DATA").filepath = str(graph)
        end = row.row()
        end.alignment = "RIGHT"
        end.label(text=str(count))


def _draw_figures(layout: Any, tracking: Tracking) -> None:
    column = layout.column(align=True)
    if tracking.least is not None and tracking.mean is not None:
        column.label(
            text=f"Confidence {tracking.mean:.2f}, at least {tracking.least:.2f}",
            icon="CHECKMARK" if tracking.least >= WEAK else "ERROR",
        )
    if tracking.focal_length is not None:
        source = _FOCAL_SOURCES.get(tracking.focal_source, "")
        words = [f"Lens {tracking.focal_length:.1f} mm", *([source] if source else [])]
        column.label(text=", ".join(words), icon="CAMERA_DATA")
    if tracking.distortion:
        kind = "barrel" if tracking.distortion < 0 else "pincushion"
        column.label(text=f"It bends lines ({kind}, {tracking.distortion:+.3f}); so does the new sky", icon="BLANK1")


def _draw_weak(layout: Any, weak: WeakRange, letters: int) -> None:
    """Frames are numbered from 1 here, as the files are."""
    box = layout.box()
    row = box.row()
    numbers = f"{weak.first + 1}" + ("" if weak.first == weak.last else f" to {weak.last + 1}")
    row.label(text=f"{numbers}: {weak.reason}")
    go_to = row.operator(SEQUENCER_OT_skyar_go_to_frames.bl_idname, text="", icon="FRAME_NEXT")
    go_to.first, go_to.last = weak.first, weak.last
    lines = box.column(align=True)
    lines.scale_y = 0.8
    for line in textwrap.wrap(weak.suggestion, letters):
        lines.label(text=line)


CLASSES = (SEQUENCER_PT_skyar_tracking,)
