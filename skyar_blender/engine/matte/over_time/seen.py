# SPDX-License-Identifier: GPL-3.0-or-later
"""What was seen in each direction over a shot: what is at infinity stays where it is as the camera turns."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float32Array
from .prediction import StoredPrediction
from .view import ViewDirections

#: Cells of the map in one degree.
_CELLS = 2
#: Log odds of being right from which a pixel counts fully; the least that it counts.
_FULL = 3.0
_LEAST = 0.05
#: Log odds, and log odds of being right, from which a pixel is surely sky; less them, surely ground.
_SKY = 2.0
_GROUND = -1.5
_SURE = 1.5
#: A piece of the sky is at least this share of the largest one, and at least this share of its log odds.
_PIECE = 0.25
_TYPICAL = 0.5


@dataclass(frozen=True)
class Fractions:
    """How often the direction of each pixel was open sky and was ground (0..1), and in how many frames it was seen.

    Frames that were sure count more. All (height, width) of a prediction. ``of``: how many frames there are.
    """

    sky: Float32Array
    ground: Float32Array
    frames: Float32Array
    of: int


def open_sky(found: StoredPrediction, typical: float = 0.0) -> NDArray[np.bool_]:
    """The large pieces of sure sky, (height, width); ``typical``: log odds of the shot's sky."""
    sure = ((found.logits > max(_SKY, _TYPICAL * typical)) & (found.sureness > _SURE)).astype(np.uint8)
    opened = cv2.morphologyEx(sure, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels, metadata, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    sizes = metadata[:, cv2.CC_STAT_AREA].astype(np.float64)
    sizes[0] = 0
    large = (sizes >= _PIECE * max(float(sizes.max()), 1.0)) & (sizes > 0)
    return np.asarray(large[labels], np.bool_)


class SeenDirections:
    """A map of all directions, to which the predictions of a shot are added."""

    def __init__(self) -> None:
        shape = (180 * _CELLS, 360 * _CELLS)
        azimuth = np.radians((np.arange(shape[1]) + 0.5) / _CELLS - 180)[None]
        elevation = np.radians((np.arange(shape[0]) + 0.5) / _CELLS - 90)[:, None]
        parts = (np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation))
        self._directions = np.stack(np.broadcast_arrays(*parts), axis=-1)
        #: Weight, weight of open sky, weight of ground, frames.
        self._sums = np.zeros((*shape, 4), np.float32)
        self._count = 0

    def add(self, found: StoredPrediction, view: ViewDirections, typical: float) -> None:
        """Take in a prediction; ``typical``: log odds of the shot's sky."""
        self._count += 1
        weight = np.clip(found.sureness / np.float32(_FULL), _LEAST, 1)
        ground = (found.logits < _GROUND) & (found.sureness > _SURE)
        layers = np.dstack([weight, weight * open_sky(found, typical), weight * ground, np.ones_like(weight)])
        rows, columns = self._extent(view)
        x, y = view.pixels(self._directions[rows, columns])
        height, width = found.logits.shape
        with np.errstate(invalid="ignore"):
            inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
        across, down = (np.where(inside, each, 0).astype(np.float32) for each in (x, y))
        spread = cv2.remap(layers.astype(np.float32), across, down, cv2.INTER_LINEAR)
        self._sums[rows, columns] += spread * inside[..., None]

    def fractions(self, view: ViewDirections) -> Fractions:
        """What all predictions together say of the directions that ``view`` shows."""
        x, y = _places(view)
        weight, sky, ground, frames = cv2.split(
            cv2.remap(self._sums, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        )
        total = np.maximum(weight, 0.5)
        return Fractions(
            np.asarray(sky / total, np.float32),
            np.asarray(ground / total, np.float32),
            np.asarray(frames, np.float32),
            self._count,
        )

    def _extent(self, view: ViewDirections) -> tuple[slice, slice]:
        """Rows and columns of the map that ``view`` shows some of."""
        x, y = _places(view)
        height, width = self._sums.shape[:2]
        return (
            slice(max(0, int(y.min()) - 1), min(height, int(y.max()) + 3)),
            slice(max(0, int(x.min()) - 1), min(width, int(x.max()) + 3)),
        )


def _places(view: ViewDirections) -> tuple[Float32Array, Float32Array]:
    """Column and row in the map of each pixel of ``view``."""
    towards = view.directions()
    azimuth = np.degrees(np.arctan2(towards[..., 0], towards[..., 2]))
    elevation = np.degrees(np.arcsin(np.clip(towards[..., 1], -1, 1)))
    x, y = ((each * _CELLS - 0.5).astype(np.float32) for each in (azimuth + 180, elevation + 90))
    return x, y
