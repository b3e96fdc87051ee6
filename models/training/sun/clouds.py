# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds painted on a dome of clear sky, as `scenes/weather/clouds.py` paints them on a world, without Blender."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
#: Rows and columns of a painted dome.
SIZE = (128, 512)
#: Side of the tile of random numbers, and the deviation that the noise is brought to.
_TILE, _DEVIATION = 64, 0.08


def clouded(dome: NDArray[np.floating[Any]], azimuth: float, rng: np.random.Generator) -> Float32Array:
    """A dome (rows, columns, 3) with clouds, of :data:`SIZE`; its sun is at ``azimuth`` radians."""
    sky = np.asarray(cv2.resize(np.asarray(dome, np.float32), SIZE[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    if rng.random() < 0.4:
        return sky
    rows, columns = SIZE
    elevation = (1 - (np.arange(rows) + 0.5) / rows)[:, None] * (math.pi / 2)
    around = ((np.arange(columns) + 0.5) / columns - 0.5)[None] * (2 * math.pi)
    x, y, z = np.cos(elevation) * np.sin(around), np.cos(elevation) * np.cos(around), np.sin(elevation)
    z = np.broadcast_to(z, x.shape)
    side = sky[
        int(rows * (1 - 10 / 90)), int(((azimuth + math.radians(60)) / (2 * math.pi) + 0.5) * columns) % columns
    ]
    grey = float(side @ np.array([0.3, 0.5, 0.2], np.float32))
    lit = (0.4 * side + 0.6 * grey) * rng.uniform(1.0, 2.6)
    dark = np.full(3, grey) * rng.uniform(0.35, 1.0)
    lift = z + rng.uniform(0.06, 0.2)
    place = np.stack([x / lift * rng.uniform(0.5, 1.4), y / lift * rng.uniform(0.5, 1.4)], axis=-1)
    noise = _Noise(rng)
    here = noise.at(place)
    nearer = noise.at(place + 0.12 * np.array([math.sin(azimuth), math.cos(azimuth)]))
    middle = 0.72 - 0.44 * rng.uniform(0.15, 0.85)
    width = rng.uniform(0.03, 0.18)
    fraction = _smooth(here, middle - width * 0.3, middle + width)
    depth = _smooth(nearer + 0.6 * here, middle * 1.6, middle * 1.6 + 0.35)[..., None]
    colour = lit + (dark - lit) * depth
    colour = side + (colour - side) * _smooth(z, 0.0, 0.22)[..., None]
    fraction = (fraction * _smooth(z, -0.01, 0.06))[..., None]
    return np.asarray(sky + (colour - sky) * fraction, np.float32)


def _smooth(values: NDArray[np.floating[Any]], low: float, high: float) -> NDArray[np.float64]:
    fraction = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(fraction * fraction * (3 - 2 * fraction), np.float64)


class _Noise:
    """Fractal noise about .5, of random scale, detail and roughness."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._scale = rng.uniform(0.5, 2.2)
        octaves = int(rng.integers(4, 8))
        roughness = rng.uniform(0.45, 0.65)
        self._tiles = [rng.normal(0, 1, (_TILE, _TILE)).astype(np.float32) for _ in range(octaves)]
        weights = roughness ** np.arange(octaves)
        self._weights = weights / math.sqrt(float((weights**2).sum()))
        self._bent = float(rng.choice([0.0, 0.3, 1.2]))

    def at(self, place: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
        where = place * self._scale
        if self._bent:
            bend = [self._octave(where + shift, 0) for shift in (13.5, 41.2)]
            where = where + self._bent * 0.5 * np.stack(bend, axis=-1)
        total = sum(
            weight * self._octave(where * 2.0**index, index) for index, weight in enumerate(self._weights.tolist())
        )
        # Between the tile's numbers the noise is flatter than at them.
        return np.asarray(0.5 + _DEVIATION * 1.5 * np.asarray(total), np.float64)

    def _octave(self, where: NDArray[np.floating[Any]], index: int) -> Float32Array:
        u, v = (np.mod(where[..., axis], _TILE).astype(np.float32) for axis in (0, 1))
        return np.asarray(
            cv2.remap(self._tiles[index], u, v, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP), np.float32
        )
