# SPDX-License-Identifier: GPL-3.0-or-later
"""What a finished panorama says about itself: sun, horizon and brightness, measured in its pixels.

Panoramas are (height, width, 3), scene-linear Rec.709, first row straight up, middle column forward.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Panorama = NDArray[np.float32]

REC709_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
SUN_LEVEL = 8.0  # luminance above which a pixel belongs to the sun's disc: clouds in these skies stay below 3


@dataclass(frozen=True)
class SkyMetadata:
    """Measured properties of a panorama.

    Attributes:
        sun_direction: azimuth and elevation in degrees of the disc's centre of brightness; None without a disc.
        sun_colour: linear colour of the disc, largest channel 1; None without a disc.
        horizon_colour: linear mean colour from 0 to 5 degrees above the horizon.
        mean_luminance: of the upper hemisphere, weighted by solid angle; the disc counts as if clipped at 1.
    """

    sun_direction: tuple[float, float] | None
    sun_colour: tuple[float, float, float] | None
    horizon_colour: tuple[float, float, float]
    mean_luminance: float


def elevations(height: int) -> NDArray[np.float64]:
    """Elevation in radians of the middle of each row."""
    return np.pi / 2 - (np.arange(height) + 0.5) * np.pi / height


def measure_sky(panorama: Panorama) -> SkyMetadata:
    """Measures a panorama of any size."""
    height, width = panorama.shape[:2]
    luminance = panorama @ REC709_LUMINANCE
    elevation = elevations(height)
    weight = np.cos(elevation)

    above = elevation > 0
    rows = np.minimum(luminance[above], 1).mean(axis=1, dtype=np.float64)
    mean = float(np.average(rows, weights=weight[above]))

    low = above & (elevation < np.radians(5))
    horizon = np.average(np.minimum(panorama[low], 1).mean(axis=1, dtype=np.float64), axis=0, weights=weight[low])

    direction = colour = None
    ys, xs = np.nonzero(luminance > SUN_LEVEL)
    if len(ys):
        # Mean of unit vectors, so that a sun on the seam is not torn in two.
        strength = luminance[ys, xs].astype(np.float64) * weight[ys]
        azimuth = ((xs + 0.5) / width - 0.5) * 2 * np.pi
        e = elevation[ys]
        vectors = np.stack([np.sin(azimuth) * np.cos(e), np.cos(azimuth) * np.cos(e), np.sin(e)], axis=1)
        x, y, z = strength @ vectors
        direction = (float(np.degrees(np.arctan2(x, y))), float(np.degrees(np.arctan2(z, np.hypot(x, y)))))
        total = strength @ panorama[ys, xs]
        colour = _three(total / total.max())
    return SkyMetadata(direction, colour, _three(horizon), mean)


def _three(values: NDArray[np.floating]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
