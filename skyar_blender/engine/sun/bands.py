# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands above and below the horizon, the colour of light and shade, and rims that are lit.

Haze and horizon are bright towards the sun, what faces it is warm and what turns away is blue, and leaves before the
sky are bright on its side.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..types import BoolMask, Float64Array
from .view import LevelledView

# Radians above the horizon.
_GROUND_BANDS = ((-0.06, 0.0), (-0.2, -0.06), (-2.0, -0.2), (0.0, 0.1), (0.1, 2.0))
_SKY_BANDS = ((-2.0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 2.0))
_FEW = 15
_FEW_FOR_SLOPE = 40
_FEW_FOR_SHADE = 60
# How firmly a slope is held at 0.
_HELD = 0.3
# Change of the matte across an edge of the sky; how far below the horizon things that stand may reach.
_EDGE = 0.3
_STANDING = -0.1


def describe_bands(view: LevelledView) -> list[float]:
    """90 numbers."""
    numbers: list[float] = []
    for part in (view.elevation > 0, view.elevation <= 0):
        numbers += _shade(view, view.ground & part)
    for low, high in _GROUND_BANDS:
        numbers += _band(view, view.ground & (view.elevation >= low) & (view.elevation < high))
    for low, high in _SKY_BANDS:
        numbers += _band(view, view.sky & (view.elevation >= low) & (view.elevation < high))
    return numbers + _rims(view)


def _shade(view: LevelledView, part: BoolMask) -> list[float]:
    """Whether surfaces grow warmer and purer to the right, and whether bright ones are warm."""
    inside = cv2.erode(part.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if inside.sum() < _FEW_FOR_SHADE:
        return [0.0] * 6
    numbers: list[float] = []
    for channel in (view.warmth, view.purity):
        slope = cv2.Sobel(cv2.GaussianBlur(channel, (0, 0), 1.5), cv2.CV_64F, 1, 0)[inside]
        usual = np.sqrt((slope**2).mean()) + 1e-4
        numbers += [float(np.tanh(slope / usual).mean()), float(slope.mean() / usual)]
    level, warmth = (channel[inside] - channel[inside].mean() for channel in (view.level, view.warmth))
    together = float((level * warmth).sum() / np.sqrt((level**2).sum() * (warmth**2).sum() + 1e-9))
    return [*numbers, together, float(warmth.std())]


def _band(view: LevelledView, part: BoolMask) -> list[float]:
    """That it is seen, the means of its channels, and how they change to the right."""
    count = part.sum()
    numbers = [float(count > _FEW)]
    numbers += [_mean(channel, part) for channel in (view.level, view.warmth, view.purity, view.clipped)]
    if count <= _FEW_FOR_SLOPE:
        return [*numbers, 0.0, 0.0, 0.0]
    across = view.azimuth[part] - view.azimuth[part].mean()
    spread = (across**2).sum() + _HELD
    for channel in (view.level, view.warmth, view.purity):
        numbers.append(float((across * (channel[part] - channel[part].mean())).sum() / spread))
    return numbers


def _rims(view: LevelledView) -> list[float]:
    """What stands before the sky: its rim against the rest of it and the sky, and its right rim against its left."""
    near, far = (cv2.dilate(view.sky.astype(np.uint8), np.ones((size, size), np.uint8)) > 0 for size in (5, 13))
    rim = near & view.ground
    inner = view.ground & ~far & (view.elevation > _STANDING)
    numbers = [
        _mean(view.level, rim) - _mean(view.level, inner),
        _mean(view.level, view.sky) - _mean(view.level, rim),
    ]
    slope = cv2.Sobel(view.fraction, cv2.CV_64F, 1, 0)
    left, right = rim & (slope < -_EDGE), rim & (slope > _EDGE)
    if min(left.sum(), right.sum()) <= _FEW:
        return [*numbers, 0.0, 0.0, 0.0, 0.0]
    channels = (view.level, view.warmth, view.purity)
    return [*numbers, *(_mean(each, right) - _mean(each, left) for each in channels), 1.0]


def _mean(channel: Float64Array, part: BoolMask) -> float:
    return float(channel[part].mean()) if part.sum() > _FEW else 0.0
