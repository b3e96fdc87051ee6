# SPDX-License-Identifier: GPL-3.0-or-later
"""What is likely to be sky before the clip was looked at: bright or blue, smooth, high up, hanging from the top."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .features import BLUE_YELLOW, COARSE, FINE, GREEN_RED, HEIGHT, LIGHTNESS, Features

Logits = NDArray[np.float32]
_PASSES = 3


def first_guess(features: Features) -> Logits:
    """Log odds of sky per pixel (height, width), positive for sky.

    Rules of thumb, set by hand and not fitted to data. Colour and texture vote first; then what is cut off from the
    top of the picture by something that is surely no sky loses, and what lies below the lowest such cut as well.
    """
    light, green, yellow = (features[..., i] for i in (LIGHTNESS, GREEN_RED, BLUE_YELLOW))
    fine, coarse, height = (features[..., i] for i in (FINE, COARSE, HEIGHT))
    typical = np.median(light)
    votes = 2.0 * np.tanh((light - max(45.0, min(float(typical) + 8.0, 72.0))) / 14.0)
    votes += 2.2 * np.tanh((-yellow - 5.0) / 9.0)  # blue
    votes -= 2.5 / (1 + np.exp((green + 9.0) / 2.5))  # green is grass and leaves
    votes -= 1.5 / (1 + np.exp(-(yellow - 20.0) / 4.0)) / (1 + np.exp((light - 66.0) / 5.0))  # brown
    votes -= 2.2 * np.tanh((fine - 0.7) / 0.7)
    votes -= 1.2 * np.tanh((coarse - 1.4) / 0.8)
    votes -= 3.5 * (height - 0.42)
    return _hanging_from_top(votes.astype(np.float32))


def _hanging_from_top(votes: Logits) -> Logits:
    """Lower the odds of what does not hang together with likely sky at the top edge."""
    likely = cv2.morphologyEx((votes > 0).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    if count <= 1:
        return votes
    top = np.bincount(labels[: max(1, len(labels) // 40)].ravel(), minlength=count)
    touching = top > 0
    touching[0] = True  # the background keeps its votes
    high = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT] < 0.35 * len(labels)
    penalty = np.where(touching, 0.0, np.where(high, 1.0, 3.5)).astype(np.float32)
    return np.asarray(votes - penalty[labels], np.float32)
