# SPDX-License-Identifier: GPL-3.0-or-later
"""How a shot moves on while it dissolves into another one.

Points are followed as long as the shot is the stronger half of the mixture; then it moves on as it did last.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ..round_trip import round_trip
from ..types import FrameRGB, GreyImage, Matrix3

#: Long side at which points are followed, how many, and how many must agree.
_SIZE = 640
_POINTS = 400
_LEAST = 12
#: Share of the other shot up to which points are followed; pixels by which a point must come back.
_FOLLOWED = 0.55
_BACK = 0.7
#: Steps whose mean is how the shot moves on.
_STEPS = 4


def carried(frames: Sequence[FrameRGB], fractions: Sequence[float]) -> list[Matrix3]:
    """Homographies from pixels of the last whole frame of a shot to pixels of each frame of the dissolve.

    ``frames`` are in the order in which the shot goes away: some whole ones, at least one, and those of the dissolve,
    which show ``fractions`` of the other shot. Of the shot that comes, they are to be given backwards. Where nothing
    can be followed, the identity.
    """
    whole = len(frames) - len(fractions)
    height, width = frames[0].shape[:2]
    scale = min(1.0, _SIZE / max(height, width))
    small = [_small(frame, scale) for frame in frames]
    steps: list[Matrix3] = []
    for index in range(1, len(frames)):
        seen = index < whole or fractions[index - whole] <= _FOLLOWED
        step = _step(small[index - 1], small[index]) if seen else None
        steps.append(_mean(steps[-_STEPS:]) if step is None else step)
    found, since = [], np.eye(3)
    to = np.diag([scale, scale, 1.0])
    for step in steps[whole - 1 :]:
        since = np.asarray(step @ since)
        found.append(np.asarray(np.linalg.inv(to) @ since @ to))
    return found


def _small(frame: FrameRGB, scale: float) -> GreyImage:
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.uint8)


def _step(before: GreyImage, after: GreyImage) -> Matrix3 | None:
    """A turn, a shift and a zoom that most points agree on."""
    points = cv2.goodFeaturesToTrack(before, _POINTS, 0.01, 6)
    if points is None:
        return None
    moved, good = round_trip(before, after, points, _BACK)
    if good.sum() < _LEAST:
        return None
    step, agreed = cv2.estimateAffinePartial2D(points[good], moved[good], ransacReprojThreshold=1.0)
    if step is None or int(agreed.sum()) < _LEAST:
        return None
    return np.vstack([step, [0.0, 0.0, 1.0]])


def _mean(steps: Sequence[Matrix3]) -> Matrix3:
    """Steps are near to the identity, so that their mean is a step too."""
    return np.asarray(np.mean(steps, axis=0)) if steps else np.eye(3)
