# SPDX-License-Identifier: GPL-3.0-or-later
"""What a confidence means to who looks at it: one threshold and one colour, in the grid, the graph and the panel."""

from __future__ import annotations

#: Confidence below which a frame is weak.
WEAK = 0.3
#: Display-referred RGB at confidence 0, 0.5 and 1.
_RED, _YELLOW, _GREEN = (235, 60, 45), (240, 200, 50), (80, 215, 95)


def confidence_colour(confidence: float) -> tuple[int, int, int]:
    """Red at 0, yellow halfway, green at 1 (sRGB, 0..255); values outside 0..1 are held at the ends."""
    place = 2 * min(max(confidence, 0.0), 1.0)
    below, above = (_RED, _YELLOW) if place < 1 else (_YELLOW, _GREEN)
    share = place if place < 1 else place - 1
    red, green, blue = (round(start + (end - start) * share) for start, end in zip(below, above, strict=True))
    return red, green, blue
