# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sky glows: its brightest part, and how it changes from left to right."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from .view import LevelledView

_FEW = 80
_FEW_IN_PART = 10
_COLUMNS = 6
# The brightest part, as a fraction of the peak; a window of the picture's width, and how full of sky it must be.
_TOP = 0.97
_LIMIT = 0.98
_WINDOW = 7
_FULL = 0.3


def describe_glow(view: LevelledView) -> list[float]:
    """22 numbers."""
    sky = view.sky
    if sky.sum() <= _FEW:
        return [0.0] * (8 + 2 * _COLUMNS + 2)
    weight = cv2.blur(sky.astype(np.float64), (_WINDOW, _WINDOW))
    mean = cv2.blur(np.where(sky, view.strongest, 0.0), (_WINDOW, _WINDOW)) / np.maximum(weight, 1e-3)
    mean = mean * (weight > _FULL)
    place = np.unravel_index(int(mean.argmax()), mean.shape)
    peak = float(mean[place])
    top = sky & (view.strongest >= min(_LIMIT, _TOP * peak))
    where = view.azimuth[top] if top.any() else view.azimuth[place].reshape(1)
    numbers = [
        float(np.sin(view.azimuth[place])),
        float(np.cos(view.azimuth[place])),
        float(view.elevation[place]),
        float(np.log(max(peak, 1e-3)) - np.median(view.level[sky])),
        float(np.sin(where).mean()),
        float(where.std()),
        float(top.sum() / sky.sum()),
        1.0,
    ]
    left, right = np.percentile(view.azimuth[sky], [1, 99])
    edges = left + (right - left) * np.arange(_COLUMNS + 1) / _COLUMNS
    for first, last in pairwise(edges):
        part = sky & (view.azimuth >= first) & (view.azimuth < last)
        for channel in (view.level, view.warmth):
            seen = part.sum() > _FEW_IN_PART
            numbers.append(float(channel[part].mean() - channel[sky].mean()) if seen else 0.0)
    return [*numbers, float(left), float(right)]
