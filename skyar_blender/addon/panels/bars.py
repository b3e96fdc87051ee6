# SPDX-License-Identifier: GPL-3.0-or-later
"""A graph of coloured bars in a panel, put together from icons: a panel has nothing else that is wider than high."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy

from ...common.confidence import WEAK, confidence_colour
from .icons import IconSet

#: Icons on top of one another, and heights that each can show.
ROWS = 4
LEVELS = 8
#: Pixels of an icon, across and up; Blender draws it :data:`ACROSS` units of the interface wide.
_SIZE = 32
ACROSS = 16
#: What a panel takes away from the width of its region, in units: tabs, margins.
_MARGINS = 44
_FEWEST = 4
_MOST = 120
_SHADES = 20
#: Display-referred RGB.
_GROUND = (40, 40, 43)
_LINE = (235, 150, 60)


ICONS = IconSet()
register, unregister = ICONS.register, ICONS.unregister


def draw(layout: bpy.types.UILayout, values: Sequence[float], width: int, scale: float) -> None:
    """Draw ``values`` (0..1) from left to right; a bar shows the least of those that it stands for.

    Args:
        width: of the region, in pixels.
        scale: pixels per unit of the interface.
    """
    across = math.ceil((width / scale - _MARGINS) / ACROSS)
    heights = least(values, min(max(across, _FEWEST), _MOST))
    column = layout.column(align=True)
    column.scale_y = 0.8  # a row is 20 units high, an icon 16: so they touch
    for row in reversed(range(ROWS)):
        line = column.row(align=True)
        for value in heights:
            line.label(text="", icon_value=_icon(value, row))


def least(values: Sequence[float], count: int) -> list[float]:
    """The least of ``values`` in each of ``count`` equal parts; a part that lies within one value shows that."""
    bars = []
    for part in range(count):
        first = part * len(values) // count
        bars.append(min(values[first : max(first + 1, (part + 1) * len(values) // count)]))
    return bars


def _icon(value: float, row: int) -> int:
    """The icon of the ``row``-th piece, from below, of a bar as high as ``value``."""
    level = min(max(math.ceil(value * ROWS * LEVELS) - row * LEVELS, 0), LEVELS)
    shade = round(value * _SHADES) if level else 0
    name = f"{row} {level} {shade}"
    found = ICONS.collection.get(name)
    if found is None:
        found = ICONS.collection.new(name)
        found.icon_size = (_SIZE, _SIZE)
        found.icon_pixels_float = _pixels(row, level, confidence_colour(shade / _SHADES))
    return int(found.icon_id)


def _pixels(row: int, level: int, colour: tuple[int, int, int]) -> list[float]:
    """Red, green, blue and alpha of an icon, from its lower left on; the threshold is a line."""
    threshold = math.floor((WEAK * ROWS - row) * _SIZE)
    pixels: list[float] = []
    for y in range(_SIZE):
        filled = y < level * _SIZE // LEVELS
        line = threshold <= y < threshold + 2
        red, green, blue = (part / 255 for part in (_LINE if line else colour if filled else _GROUND))
        pixels += [red, green, blue, 1.0] * _SIZE
    return pixels
