# SPDX-License-Identifier: GPL-3.0-or-later
"""Points worth following: evenly spread, well above the noise, and labelled by the matte."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, GreyImage

#: Side in pixels of the cells of which each gives at most one point.
CELL = 14
#: Points that lie within this share of the picture's height from the sky count as far.
FAR_BAND = 0.15
#: Upright bands of the image between which trust is evened out.
BANDS = 12
#: Points kept of each label.
LIMIT = {0: 90, 1: 170, 2: 100}
#: White noise reaches at most this many times its own mean response (4.4 was measured), with a margin.
NOISE_PEAK = 5.5
#: Noise above this mean response is not believed where the image also has calm parts.
NOISE_CAP = 4.0
#: Least response in grey levels squared per pixel squared, about what rounding to 8 bits gives.
RESPONSE_FLOOR = 0.35


class Label(IntEnum):
    """What a point lies on."""

    SKY = 0
    FAR = 1
    NEAR = 2


@dataclass(frozen=True)
class Points:
    """Points of one image.

    Attributes:
        pixels: (n, 2) float64, x and y in analysis pixels.
        label: (n,) uint8, values of :class:`Label`.
        prior: (n,) float64, trust that the point is at infinity and stands still, 0..1.
    """

    pixels: Float64Array
    label: NDArray[np.uint8]
    prior: Float64Array

    def __len__(self) -> int:
        return len(self.pixels)


def noise_response(strength: NDArray[np.float32], region: NDArray[np.bool_], percentile: float) -> float:
    """Mean of :func:`response` that noise alone gives, read from the calmest blocks (16 x 16) of ``region``.

    Reading it from the response itself holds for any spectrum: sensor, scaling and codec colour the noise.

    ``strength``: (H, W), float32; ``region``: (H, W), bool; ``percentile``: 0..100.
    """
    rows, columns = strength.shape[0] // 16, strength.shape[1] // 16
    if rows == 0 or columns == 0:
        return float(strength.mean())
    blocks = strength[: rows * 16, : columns * 16].reshape(rows, 16, columns, 16).mean(axis=(1, 3))
    inside = region[: rows * 16, : columns * 16].reshape(rows, 16, columns, 16).mean(axis=(1, 3)) > 0.9
    values = blocks[inside] if inside.any() else blocks.ravel()
    low, middle = (float(value) for value in np.percentile(values, (percentile, 60)))
    # Texture has calm parts, pure noise has none; a meadow must not pass for noise.
    return low if low > 0.5 * middle else min(low, NOISE_CAP)


def response(grey: GreyImage) -> NDArray[np.float32]:
    """Smaller eigenvalue of the structure tensor: (height, width), float32, grey levels squared per pixel."""
    return np.asarray(cv2.cornerMinEigenVal(grey.astype(np.float32), 7, ksize=3), np.float32)


def select_points(grey: GreyImage, sky: NDArray[np.uint8]) -> Points:
    """Choose points of ``grey``; ``sky`` is the matte at the same size, 0 = foreground, 255 = sky.

    Both are (H, W), uint8.
    """
    height = grey.shape[0]
    is_sky = sky > 127
    away = cv2.distanceTransform((~is_sky).astype(np.uint8), cv2.DIST_L2, 3)
    inside = cv2.distanceTransform(is_sky.astype(np.uint8), cv2.DIST_L2, 3)
    deep_sky = inside > 8
    strength = response(grey)
    threshold = np.full(grey.shape, _threshold(strength, ~is_sky, 10), np.float32)
    if deep_sky.any():
        # What little a sky shows is slow to move and easily mistaken for noise, so it must stand out more.
        threshold[deep_sky] = 1.5 * _threshold(strength, deep_sky, 10)
    strength = np.where(strength > threshold, strength, 0)
    border = 8
    strength[:border], strength[-border:], strength[:, :border], strength[:, -border:] = 0, 0, 0, 0

    x, y, value = _best_of_cells(strength)
    label = np.where(deep_sky[y, x], Label.SKY, Label.NEAR).astype(np.uint8)
    distance = np.minimum(away[y, x] / height, 10)  # without any sky it is beyond all numbers
    label[(label == Label.NEAR) & (distance < FAR_BAND) & is_sky.any()] = Label.FAR
    prior = 0.12 + 0.88 * np.exp(-np.square(distance / FAR_BAND))
    prior[label == Label.SKY] = 0.5
    keep = np.concatenate([_spread(x, y, value, label == kind, LIMIT[int(kind)]) for kind in Label])
    keep.sort()
    trust = prior[keep] * _evened(x[keep], label[keep], grey.shape[1])
    return Points(np.column_stack([x[keep], y[keep]]).astype(np.float64), label[keep], trust)


def _evened(x: NDArray[np.intp], label: NDArray[np.uint8], width: int) -> Float64Array:
    """Factor (n,) that gives every upright band of the image a like say, whatever the number of its points.

    Something with rich texture that moves through the image must not outvote a landscape that is wider.
    """
    band = np.minimum(x * BANDS // max(width, 1), BANDS - 1) + BANDS * label.astype(np.intp)
    count = np.bincount(band, minlength=3 * BANDS)
    typical = np.array([np.mean(part[part > 0]) if part.any() else 1.0 for part in count.reshape(3, BANDS)])
    return np.asarray(np.clip(np.repeat(typical, BANDS)[band] / count[band], 0.25, 1.5))


def _threshold(strength: NDArray[np.float32], region: NDArray[np.bool_], percentile: float) -> float:
    return max(RESPONSE_FLOOR, NOISE_PEAK * noise_response(strength, region, percentile))


def _best_of_cells(
    strength: NDArray[np.float32],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Strongest pixel of each cell that has any: columns, rows, values."""
    rows, columns = strength.shape[0] // CELL, strength.shape[1] // CELL
    cells = strength[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL).transpose(0, 2, 1, 3)
    flat = cells.reshape(rows * columns, CELL * CELL)
    if flat.size == 0:
        empty = np.empty(0, np.intp)
        return empty, empty, np.empty(0, np.float32)
    best = flat.argmax(axis=1)
    value = flat[np.arange(len(flat)), best]
    index = np.flatnonzero(value > 0)
    row, column = np.divmod(index, columns)
    inner_row, inner_column = np.divmod(best[index], CELL)
    return column * CELL + inner_column, row * CELL + inner_row, value[index]


def _spread(
    x: NDArray[np.intp], y: NDArray[np.intp], value: NDArray[np.float32], mask: NDArray[np.bool_], limit: int
) -> NDArray[np.intp]:
    """Indices of at most ``limit`` of the masked points: the best of each wide cell, then the second best..."""
    index = np.flatnonzero(mask)
    if len(index) <= limit:
        return index
    cell = (y[index] // (4 * CELL)) * 10000 + x[index] // (4 * CELL)
    order = np.lexsort((index, -value[index], cell))
    ordered = cell[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.r_[starts, len(ordered)]))
    chosen = order[np.lexsort((index[order], -value[index][order], rank))][:limit]
    return np.asarray(index[chosen])
