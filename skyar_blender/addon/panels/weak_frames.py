# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure each frame is, and the frames in doubt with what helps there: of the track, and of the matte."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import bpy

from ...contract.report import WeakFrames
from ..bases import there
from ..operators.go_to_frames import SEQUENCER_OT_skyar_go_to_frames
from . import bars

#: Weak ranges that are listed.
_LISTED = 12
#: Units of the interface that a letter takes, and what a panel takes away from its region.
_LETTER = 5.8
_MARGINS = 80


def draw_confidence(
    layout: bpy.types.UILayout, context: bpy.types.Context, confidence: Sequence[float], graph: Path | None = None
) -> None:
    """Bars of each frame's confidence (0..1), and a button that opens their ``graph`` where there is one."""
    bars.draw(layout, confidence, _width(context), there(context.preferences).system.ui_scale)
    row = layout.row()
    row.label(text="Frame 1")
    if graph is not None and graph.is_file():
        row.operator("wm.path_open", text="Open Graph", icon="IMAGE_DATA").filepath = str(graph)
    end = row.row()
    end.alignment = "RIGHT"
    end.label(text=str(len(confidence)))


def draw_weak_ranges(layout: bpy.types.UILayout, context: bpy.types.Context, ranges: Sequence[WeakFrames]) -> None:
    """The first of the ranges, each with a button that goes there."""
    letters = max(20, int((_width(context) / there(context.preferences).system.ui_scale - _MARGINS) / _LETTER))
    for weak in ranges[:_LISTED]:
        _draw_weak(layout, weak, letters)
    more = len(ranges) - _LISTED
    if more > 0:
        layout.label(text=f"And {more} more, in report.json")


def _width(context: bpy.types.Context) -> int:
    return context.region.width if context.region is not None else 300


def _draw_weak(layout: bpy.types.UILayout, weak: WeakFrames, letters: int) -> None:
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
