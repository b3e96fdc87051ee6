# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sky alone tells of where its sun is: its look in cells of azimuth and elevation."""

from __future__ import annotations

import numpy as np

from ..types import Float64Array
from .glow import describe_glow
from .view import LevelledView

#: Edges of the cells, radians: azimuth from the middle of the view, and elevation.
_AZIMUTHS = np.radians(np.linspace(-60.0, 60.0, 11))
_ELEVATIONS = np.radians([-4.0, 5.0, 13.0, 24.0, 40.0, 91.0])
# Fewer pixels than this in a cell tell nothing.
_FEW = 5
_PERCENTILES = (5, 25, 50, 75, 95)
# Levels and warmths further than this from the sky's own middle tell no more.
_FAR = 2.5


def describe_sky(view: LevelledView) -> Float64Array:
    """Figures (283,) of the sky that is seen, all 0 where none is."""
    cells = (len(_AZIMUTHS) - 1) * (len(_ELEVATIONS) - 1)
    sky = view.sky
    if sky.sum() <= _FEW:
        return np.zeros(5 * cells + len(_PERCENTILES) + 6 + 22)
    level, warmth = view.level[sky], view.warmth[sky]
    purity, clipped = view.purity[sky], view.clipped[sky]
    middle, usual = np.median(level), np.median(warmth)
    column = np.digitize(view.azimuth[sky], _AZIMUTHS) - 1
    row = np.digitize(view.elevation[sky], _ELEVATIONS) - 1
    inside = (column >= 0) & (column < len(_AZIMUTHS) - 1) & (row >= 0) & (row < len(_ELEVATIONS) - 1)
    place = np.where(inside, row * (len(_AZIMUTHS) - 1) + column, cells)
    count = np.bincount(place, minlength=cells + 1)[:cells].astype(np.float64)
    seen = count >= _FEW
    parts = [np.sqrt(count / len(view.level.ravel())) * seen]
    for values in (
        np.clip(level - middle, -_FAR, _FAR),
        np.clip(warmth - usual, -_FAR, _FAR),
        purity,
        clipped,
    ):
        total = np.bincount(place, weights=values, minlength=cells + 1)[:cells]
        parts.append(np.where(seen, total / np.maximum(count, 1), 0.0))
    whole = np.percentile(level, _PERCENTILES) - middle
    height, width = view.level.shape
    metadata = [
        float(middle),
        float(usual),
        float(np.median(purity)),
        float(clipped.mean()),
        float(view.elevation[height // 2, width // 2]),
        float(sky.mean()),
    ]
    return np.concatenate([*parts, whole, metadata, describe_glow(view)])
