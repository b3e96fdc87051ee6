# SPDX-License-Identifier: GPL-3.0-or-later
"""Beams: where clouds keep the sun away, the air below them shines less.

Along each ray, up to the clouds' underside, the light that the air adds is weakened by what the sun's light passed on
its way to there. The rays are eight pixels apart, as beams have no fine edges.
"""

import math

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from .air import DISTANCES
from .march import EARTH, Clouds, _grid
from .sky_light import Image, SkyLight, _between

_APART = 8
_PARTS = 4


@njit(cache=True, fastmath=True)
def _lost(
    elevations: NDArray[np.float64], azimuths: NDArray[np.float64], sun_azimuth: float, sun: NDArray[np.float64],
    light: Image, distances: NDArray[np.float64], shade: Image, cell: float, rise: float, low: float,
    shift: NDArray[np.float64],
) -> Image:  # fmt: skip
    out = np.zeros((len(elevations), len(azimuths), 3), np.float32)
    ne, na = light.shape[1], light.shape[2]
    for r in range(len(elevations)):
        e = max(elevations[r], 0.0)
        se, ce = math.sin(e), math.cos(e)
        bend = ce * ce / (2 * EARTH)
        below = 2 * low / (se + math.sqrt(se * se + 4 * bend * low))
        i = math.sqrt(e / (math.pi / 2)) * (ne - 1)
        for c in range(len(azimuths)):
            a = azimuths[c]
            turned = abs(math.atan2(math.sin(a - sun_azimuth), math.cos(a - sun_azimuth)))
            j = math.sqrt(turned / math.pi) * (na - 1)
            dx, dy = math.sin(a) * ce, math.cos(a) * ce
            for k in range(len(distances) - 2):
                near, past = distances[k] * 1000, distances[k + 1] * 1000
                if near >= below:
                    break
                hidden = 0.0
                for p in range(_PARTS):
                    t = near + (past - near) * (p + 0.5) / _PARTS
                    if t >= below:
                        continue
                    z = se * t + bend * t * t
                    up = (low - z) / sun[2]
                    x, y = dx * t + shift[0] + sun[0] * up, dy * t + shift[1] + sun[1] * up
                    tau = _grid(shade, x / cell, y / cell, 2.0)
                    hidden += (1 - math.exp(-min(tau, 20.0))) / _PARTS
                for n in range(3):
                    added = _between(light, k + 1, i, j, n) - _between(light, k, i, j, n)
                    out[r, c, n] += max(added, 0.0) * hidden
    return out


def lost_light(clouds: Clouds, light: SkyLight, first: int, last: int, width: int, left: int, columns: int) -> Image:
    """What the clouds' shadows take from rows of a panorama, (last - first, columns, 3), linear."""
    rows = np.arange(first - _APART, last + 2 * _APART, _APART)
    across = np.arange(left - _APART, left + columns + 2 * _APART, _APART)
    shape, look = clouds.shape, clouds.look
    coarse = _lost(
        math.pi / 2 - (rows + 0.5) * 2 * math.pi / width, ((across + 0.5) / width - 0.5) * 2 * math.pi,
        light.azimuth, clouds.sun, light.lights, DISTANCES, clouds.shade, shape.cell, shape.rise, shape.low,
        np.array(look.shift),
    )  # fmt: skip
    x, y = np.meshgrid(np.arange(columns) / _APART + 1, np.arange(last - first) / _APART + 1)
    return np.asarray(cv2.remap(coarse, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR), np.float32)
