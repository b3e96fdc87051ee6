# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky and ground as wholes: their trends over the view, their levels, their sides."""

from __future__ import annotations

import cv2
import numpy as np

from ..types import BoolMask, Float64Array
from .view import LevelledView

# Fewer pixels than this tell nothing.
_FEW = 40
_FEW_IN_PART = 20
_PERCENTILES = (2, 10, 25, 50, 75, 90, 98)
_PERCENTILES_OF_PART = (10, 50, 90)
# Radians from the middle of the view to its left and its right part.
_MIDDLE = 0.12
# How firmly each term of a trend is held at 0: constant, azimuth, elevation, and their squares.
_HELD = np.array([0.01, 0.5, 0.5, 1.0, 1.0])


def describe_full_frame(view: LevelledView) -> list[float]:
    """101 numbers."""
    numbers: list[float] = []
    for channel in (view.level, view.warmth, view.purity, view.clipped):
        numbers += _trend(channel, view.sky, view)
    for channel in (view.level, view.warmth, view.purity):
        numbers += _trend(channel, view.ground, view)
    for mask in (view.sky, view.ground):
        numbers += list(np.percentile(view.level[mask] if mask.sum() > _FEW else np.zeros(1), _PERCENTILES))
    for part in (view.azimuth < -_MIDDLE, np.abs(view.azimuth) <= _MIDDLE, view.azimuth > _MIDDLE):
        for half in (view.elevation < 0, view.elevation >= 0):
            numbers += _levels(view.level, view.ground & part & half)
        numbers += _means((view.level, view.purity, view.warmth), view.sky & part)
    return numbers + _sides(view.level, view.ground)


def _trend(channel: Float64Array, mask: BoolMask, view: LevelledView) -> list[float]:
    """A channel over azimuth and elevation: five terms of a quadratic fit, what it leaves, and that there was one."""
    if mask.sum() < _FEW:
        return [0.0] * 7
    across, up = np.sin(view.azimuth[mask]), np.sin(view.elevation[mask]) - 0.3
    terms = np.stack([np.ones(len(across)), across, up, across**2, up**2], axis=1)
    values = channel[mask]
    fit = np.linalg.solve(terms.T @ terms + np.diag(_HELD), terms.T @ values)
    return [*fit, float((values - terms @ fit).std()), 1.0]


def _levels(level: Float64Array, mask: BoolMask) -> list[float]:
    if mask.sum() <= _FEW_IN_PART:
        return [0.0] * (len(_PERCENTILES_OF_PART) + 1)
    return [*np.percentile(level[mask], _PERCENTILES_OF_PART), 1.0]


def _means(channels: tuple[Float64Array, ...], mask: BoolMask) -> list[float]:
    if mask.sum() <= _FEW_IN_PART:
        return [0.0] * (len(channels) + 1)
    return [*(float(channel[mask].mean()) for channel in channels), 1.0]


def _sides(level: Float64Array, ground: BoolMask) -> list[float]:
    """Whether edges of what stands on the ground are brighter to the right or to the left."""
    slope = cv2.Sobel(cv2.GaussianBlur(level, (0, 0), 1.2), cv2.CV_64F, 1, 0)
    inside = cv2.erode(ground.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if inside.sum() <= _FEW:
        return [0.0, 0.0]
    return [float(slope[inside].mean()), float((slope[inside] ** 3).mean())]
