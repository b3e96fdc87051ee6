# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of several lines: labels do not wrap by themselves."""

from __future__ import annotations

import textwrap
from typing import Literal

import bpy

from .bases import there

#: Units of the interface that a letter is wide, about, and what a panel takes away from the width of its region.
_LETTER = 6.4
_MARGINS = 60
_FEWEST = 16

Icon = Literal["NONE", "BLANK1", "ERROR", "INFO", "TIME", "CHECKMARK", "WORLD"]


def draw_text(layout: bpy.types.UILayout, letters: int, text: str, icon: Icon = "NONE") -> None:
    """``text`` in labels of so many letters at most; the icon stands at the first."""
    column = layout.column(align=True)
    column.scale_y = 0.8
    for line in text.splitlines():
        for part in textwrap.wrap(line, letters):
            column.label(text=part, icon=icon)
            icon = "BLANK1" if icon != "NONE" else "NONE"


def draw_wrapped(layout: bpy.types.UILayout, context: bpy.types.Context, text: str, icon: Icon = "NONE") -> None:
    """``text`` in as many labels as the width of a panel's region asks for."""
    scale = there(context.preferences).system.ui_scale or 1.0  # 0 without a window
    letters = max(_FEWEST, int((context.region.width / scale - _MARGINS) / _LETTER)) if context.region else 60
    draw_text(layout, letters, text, icon)
