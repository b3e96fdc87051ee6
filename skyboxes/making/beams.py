# SPDX-License-Identifier: GPL-3.0-or-later
"""Wet haze below broken cloud, lit where the sun comes through a gap, dark in a cloud's shadow: its beams are seen.

Light that haze scatters once towards the eye is added up along each ray, from the eye to the clouds' base; whether
the sun shines on a place is read where the line from there to the sun meets the base.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from .air import EARTH
from .march import Clouds
from .sky_light import SkyLight
from .widened import widened

Image = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Beams:
    """Haze below the nearest layer of cloud.

    Attributes:
        haze: scattering at the ground, 1/km; `height` is its scale height, km.
        base: altitude up to which it reaches, that of the clouds, km.
        reach: distance beyond which there is none, km.
        around: what scatters besides the sun's light, as a part of the mean light of the sky.
        soft: how far the edges of shadows run out, metres.
    """

    haze: float = 0.03
    height: float = 1.5
    base: float = 1.2
    reach: float = 60.0
    around: float = 0.5
    soft: float = 90.0

    def open(self, clouds: Clouds) -> Image:
        """Part of the sun's light that comes through the clouds to each place of their base, (x, y)."""
        shape = clouds.shape
        level = min(max(round((1000 * self.base - shape.low) / shape.rise), 0), shape.depth.shape[2] - 1)
        through = np.exp(-0.6 * clouds.shade[:, :, level])
        return np.asarray(ndimage.gaussian_filter(through, self.soft / shape.cell, mode="wrap"), np.float32)

    def put_before(
        self, image: Image, first: int, width: int, clouds: Clouds, through: Image, light: SkyLight
    ) -> None:
        """Puts the haze before whole rows of a panorama, (rows, width, 3), in place."""
        fewer = 4 if width >= 4096 else 1
        colour = np.array([np.interp(500.0, light.sunlight[:, 0], light.sunlight[:, 1 + c]) for c in range(3)])
        seen = _rows(
            first, first + len(image), width, width // fewer, through, clouds.shape.cell,
            np.array(clouds.look.numbers[15:17]), clouds.sun, self.haze, self.height, self.base, self.reach,
            colour, self.around * light.mean,
        )  # fmt: skip
        seen = widened(seen, fewer)
        image *= seen[..., 3:]
        image += seen[..., :3]


@njit(cache=True, fastmath=True)
def _rows(
    first: int, last: int, width: int, columns: int, through: Image, cell: float, shift: Floats, sun: Floats,
    haze: float, height: float, base: float, reach: float, colour: Floats, around: Floats,
) -> Image:  # fmt: skip
    """Rows of light that the haze sends, and of what it lets through, (rows, columns, 4)."""
    out = np.zeros((last - first, columns, 4), np.float32)
    n = through.shape[0]
    for row in range(first, last):
        elevation = math.pi / 2 - (row + 0.5) * 2 * math.pi / width
        se, ce = math.sin(elevation), math.cos(elevation)
        if se <= 0:
            continue
        bend = ce * ce / (2 * EARTH)
        end = min(2 * base / (se + math.sqrt(se * se + 4 * bend * base)), reach)
        steps = 32 + int(96 * min(1.0, end / 12))
        for column in range(columns):
            azimuth = ((column + 0.5) / columns - 0.5) * 2 * math.pi
            dx, dy = math.sin(azimuth) * ce, math.cos(azimuth) * ce
            cosine = dx * sun[0] + dy * sun[1] + se * sun[2]
            phase = 0.0
            for weight, g in ((0.55, 0.8), (0.45, 0.35)):
                phase += weight * (1 - g * g) / (4 * math.pi * (1 + g * g - 2 * g * cosine) ** 1.5)
            left, lit, unlit, before = 1.0, 0.0, 0.0, 0.0
            for s in range(steps):
                after = end * ((s + 1) / steps) ** 1.5
                t = 0.5 * (before + after)
                z = se * t + bend * t * t
                up = max(base - z, 0.0) / max(sun[2], 0.02)
                x = (1000 * (dx * t + sun[0] * up) + shift[0]) / cell
                y = (1000 * (dy * t + sun[1] * up) + shift[1]) / cell
                fx, fy = math.floor(x), math.floor(y)
                u, v = x - fx, y - fy
                i, j = int(fx) % n, int(fy) % n
                i1, j1 = (i + 1) % n, (j + 1) % n
                open_ = (1 - u) * ((1 - v) * through[i, j] + v * through[i, j1])
                open_ += u * ((1 - v) * through[i1, j] + v * through[i1, j1])
                # Shadows of clouds far off blur into one another.
                far = min(t / 60, 1.0)
                open_ = open_ * (1 - 0.4 * far) + 0.16 * far
                passed = math.exp(-haze * math.exp(-z / height) * (after - before))
                part = left * (1 - passed)
                lit += part * open_
                unlit += part
                left *= passed
                before = after
            here = out[row - first, column]
            for c in range(3):
                here[c] = lit * phase * colour[c] + unlit * around[c]
            here[3] = left
    return out
