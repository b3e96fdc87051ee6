# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sky of one matte ends towards the ground, column by column."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import StoredMatte

# Columns of a matte that are looked at.
_COLUMNS = 96
_HALF = 32768
# Less sky than this fraction of the image says nothing.
_LEAST_SKY = 0.01


@dataclass(frozen=True)
class Skyline:
    """The end of the sky in evenly spaced columns, in pixels of the clip (centres at whole numbers).

    Attributes:
        columns: (n,) where across the image.
        rows: (n,) where the sky ends; the upper edge of the image where there is none.
        has_sky: (n,) whether the column has sky at all.
        out_of_sight: (n,) whether the sky goes on to the lowest row, so that it ends below the image.
    """

    columns: NDArray[np.float64]
    rows: NDArray[np.float64]
    has_sky: NDArray[np.bool_]
    out_of_sight: NDArray[np.bool_]


def skyline(matte: StoredMatte, width: float, height: float) -> Skyline | None:
    """The skyline of ``matte`` (any size) for an image of ``width`` x ``height``; None without enough sky.

    Patches of sky that touch the upper edge count, or the largest one where none does: reflections in water do not.
    """
    is_sky = (matte >= _HALF).astype(np.uint8)
    if is_sky.mean() < _LEAST_SKY:
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(is_sky, connectivity=4)
    areas, on_top = stats[1:, cv2.CC_STAT_AREA], stats[1:, cv2.CC_STAT_TOP] == 0
    kept = np.flatnonzero(on_top) if on_top.any() else np.array([np.argmax(areas)])
    rows, columns = is_sky.shape
    chosen = np.unique(np.linspace(0, columns - 1, min(_COLUMNS, columns)).astype(int))
    counts = np.zeros(len(stats), bool)
    counts[kept + 1] = True
    sky = counts[labels[:, chosen]]
    has_sky = np.asarray(sky.any(axis=0))
    if not has_sky.any():
        return None
    # Number of rows down to the end of the lowest sky.
    ends = np.where(has_sky, rows - np.argmax(sky[::-1], axis=0), 0)
    return Skyline(
        columns=(chosen + 0.5) * width / columns - 0.5,
        rows=ends * height / rows - 0.5,
        has_sky=has_sky,
        out_of_sight=ends == rows,
    )
