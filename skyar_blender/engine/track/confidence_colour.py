# SPDX-License-Identifier: GPL-3.0-or-later
"""One colour for each confidence, in the grid, the graph and wherever else it is shown."""

from __future__ import annotations

import numpy as np

#: Display-referred RGB at confidence 0, 0.5 and 1.
_RED, _YELLOW, _GREEN = (235, 60, 45), (240, 200, 50), (80, 215, 95)


def confidence_colour(confidence: float) -> tuple[int, int, int]:
    """Red at 0, yellow halfway, green at 1 (sRGB, 0..255); values outside 0..1 are held at the ends."""
    red, green, blue = (
        round(float(np.interp(confidence, (0.0, 0.5, 1.0), ends))) for ends in zip(_RED, _YELLOW, _GREEN, strict=True)
    )
    return red, green, blue
