# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the frames of ``counter_clip.py`` tell their numbers."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 1920, 1080
#: The squares: how many, how large, and where the first one begins, in pixels from the upper left.
BITS, SIDE, LEFT, TOP = 8, 100, 200, 900


def number_in(pixels: Sequence[float], width: int, height: int) -> int:
    """The number that an image tells: RGBA, 0..1, the lowest row first, as Blender gives them."""
    scale = width / WIDTH
    row = height - 1 - round((TOP + SIDE / 2) * scale)
    number = 0
    for bit in range(BITS):
        column = round((LEFT + (bit + 0.5) * SIDE) * scale)
        place = 4 * (row * width + column)
        level = sum(pixels[place : place + 3]) / 3
        assert not 0.35 < level < 0.6, f"square {bit} is neither black nor white: {level:.2f}"
        number = 2 * number + (level > 0.5)
    return number
