# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sky of one matte ends towards the ground, as directions from the camera."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import StoredMatte

#: Columns of a matte that are looked at.
_COLUMNS = 96
_HALF = 32768
# Less sky than this fraction of the picture says nothing; a component this much smaller than the largest is none.
_LEAST_SKY = 0.01


@dataclass(frozen=True)
class Skyline:
    """Lowest sky in some columns of a matte.

    Attributes:
        columns, rows: where, in pixels of the track's picture (centres at whole numbers; the edge between sky and
            ground lies half a pixel of the matte below the lowest sky).
        open: true where the sky goes on to the lowest row, so that its end is out of sight.
        covered: how much of the picture's width has sky at all, 0..1.
    """

    columns: NDArray[np.float64]
    rows: NDArray[np.float64]
    open: NDArray[np.bool_]
    covered: float


def skyline(matte: StoredMatte, width: int, height: int) -> Skyline | None:
    """The skyline of ``matte`` (any size) for a picture of ``width`` x ``height``; None without enough sky.

    Only the largest patch of sky, and others that touch the upper edge, count: reflections in water do not.
    """
    is_sky = (matte >= _HALF).astype(np.uint8)
    if is_sky.mean() < _LEAST_SKY:
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(is_sky, connectivity=4)
    areas = stats[1:, cv2.CC_STAT_AREA]
    touching = stats[1:, cv2.CC_STAT_TOP] == 0
    largest = int(np.argmax(np.where(touching, areas, 0))) if touching.any() else int(np.argmax(areas))
    # Twigs cut the sky into pieces; those on the upper edge belong to it as well.
    kept = [index + 1 for index in range(len(areas)) if index == largest or (touching[index] and areas[index] > 16)]
    sky = np.isin(labels, kept)
    rows, columns = sky.shape
    chosen = np.unique(np.linspace(0, columns - 1, min(_COLUMNS, columns)).astype(int))
    chosen = chosen[sky[:, chosen].any(axis=0)]
    if not len(chosen):
        return None
    lowest = rows - 1 - np.argmax(sky[::-1, chosen], axis=0)
    return Skyline(
        columns=(chosen + 0.5) * width / columns - 0.5,
        rows=(lowest + 1.0) * height / rows - 0.5,
        open=lowest >= rows - 1,
        covered=float(sky.any(axis=0).mean()),
    )
