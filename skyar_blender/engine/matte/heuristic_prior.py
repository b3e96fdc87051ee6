# SPDX-License-Identifier: GPL-3.0-or-later
"""What is likely to be sky before the clip was looked at: bright or blue, smooth, high up, hanging from the top."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import LogOdds
from .features import BLUE_YELLOW, COARSE, FINE, GREEN_RED, HEIGHT, LIGHTNESS, Features

#: Share of the height within which a patch counts as a gap in what stands before the sky.
_NEAR = 0.06
#: Spread of lightness and colour, in Lab units, below which an image shows one thing only.
_PLAIN = 8.0
_PENALTY_NEAR = 0.4
_PENALTY_BESIDE = 1.6
_PENALTY_FAR = 4.0


def heuristic_log_odds(features: Features) -> LogOdds:
    """Log odds of sky per pixel (height, width), positive for sky.

    Rules of thumb, set by hand and not fitted to data. Colour, texture and height vote first; then what is cut off
    from the sky at the top of the image loses (see :func:`hanging_from_top`).
    """
    light, green, yellow = (features[..., i] for i in (LIGHTNESS, GREEN_RED, BLUE_YELLOW))
    fine, coarse, height = (features[..., i] for i in (FINE, COARSE, HEIGHT))
    typical = np.median(light)
    votes = 2.0 * np.tanh((light - max(45.0, min(float(typical) + 8.0, 72.0))) / 14.0)
    blue = np.tanh((-yellow - 5.0) / 9.0)
    votes += np.where(blue > 0, 2.2, 1.0) * blue  # a sunset may be yellow, a wall is hardly ever blue
    # Black is a fade or a covered lens; nights are lighter.
    votes -= 5.0 / (1 + np.exp(np.minimum((light - 3.0) / 0.6, 30.0)))
    votes -= 2.5 / (1 + np.exp((green + 9.0) / 2.5))  # green is grass and leaves
    votes -= 1.5 / (1 + np.exp(-(yellow - 20.0) / 4.0)) / (1 + np.exp((light - 66.0) / 5.0))  # brown
    votes -= 2.2 * np.tanh((fine - 0.7) / 0.7)
    votes -= 1.2 * np.tanh((coarse - 1.4) / 0.8)
    spread = float(sum(features[..., i].std() for i in (LIGHTNESS, GREEN_RED, BLUE_YELLOW)))
    votes -= 3.5 * (height - 0.42) * min(spread / _PLAIN, 1.0)  # a plain image has no skyline
    return hanging_from_top(votes.astype(np.float32))


def hanging_from_top(odds: LogOdds, surely: NDArray[np.bool_] | None = None) -> LogOdds:
    """Lower the odds of what does not hang together with likely sky at the top edge, or with what is ``surely`` sky.

    ``surely`` (height, width), or None where nothing is; the result has the size of ``odds``.

    Gaps between leaves lie close to the open sky and lose little, sky that a tree cuts off at the side hardly more; a
    white roof below the open sky loses much.
    """
    likely = cv2.morphologyEx((odds > 0).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(likely, connectivity=8)
    if count <= 1:
        return odds
    touching = np.bincount(labels[: max(1, len(labels) // 40)].ravel(), minlength=count) > 0
    if surely is not None:
        touching |= np.bincount(labels[surely], minlength=count) > 0
    touching[0] = False
    away = cv2.distanceTransform((~touching[labels]).astype(np.uint8), cv2.DIST_L2, 3)
    nearest = np.full(count, np.inf, np.float32)
    np.minimum.at(nearest, labels.ravel().astype(np.intp), away.ravel())
    rows = np.arange(len(labels), dtype=np.float32)[:, None]
    depth = np.zeros(count, np.float32)
    np.maximum.at(depth, labels.ravel().astype(np.intp), np.broadcast_to(rows, labels.shape).ravel())
    open_sky = touching[labels]
    floor = np.percentile(np.nonzero(open_sky)[0], 98) if open_sky.any() else 0.0
    penalty = np.where(depth <= floor + _NEAR * len(labels), _PENALTY_BESIDE, _PENALTY_FAR).astype(np.float32)
    penalty[nearest < _NEAR * len(labels)] = _PENALTY_NEAR
    penalty[touching] = 0.0
    penalty[0] = 0.0  # what is no sky anyway
    return np.asarray(odds - penalty[labels], np.float32)
