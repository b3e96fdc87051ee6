# SPDX-License-Identifier: GPL-3.0-or-later
"""Lenses and image formats (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Width over height and how often it is drawn.
FORMATS = ((16 / 9, 0.42), (4 / 3, 0.2), (3 / 2, 0.15), (9 / 16, 0.13), (3 / 4, 0.06), (1.0, 0.04))
#: Focal lengths are given for a sensor whose long side is that of 35 mm film.
SENSOR_MM = 36.0


@dataclass(frozen=True)
class Lens:
    """Image size in pixels and focal length in millimetres, for a long side of 36 mm."""

    width: int
    height: int
    focal_mm: float

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.focal_mm / SENSOR_MM * max(self.width, self.height)

    def half_extent(self) -> tuple[float, float]:
        """Tangents of half the angle of view across and upright."""
        return self.width / 2 / self.focal_px, self.height / 2 / self.focal_px


def draw_lens(rng: np.random.Generator, long_side: int) -> Lens:
    """18 to 85 mm, wide ones more often; sizes are even, as movies need them."""
    shapes, fractions = zip(*FORMATS, strict=True)
    aspect = float(rng.choice(shapes, p=fractions))
    short = 2 * round(long_side / max(aspect, 1 / aspect) / 2)
    width, height = (long_side, short) if aspect >= 1 else (short, long_side)
    return Lens(width, height, float(np.exp(rng.uniform(np.log(18), np.log(85)) * 0.6 + 0.4 * np.log(26))))
