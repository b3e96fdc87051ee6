# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the network only wonders: islands of faint sky on walls, water and vehicles."""

from __future__ import annotations

import cv2
import numpy as np

from ...types import Matte

#: Probability from which pixels belong to an island.
_SHORE = 0.3
#: Highest probability in an island up to which it is none of the sky, and from which it is.
_PEAK = (0.5, 0.7)


def without_islands(matte: Matte) -> Matte:
    """The probability of sky (H, W), 0..1, without connected parts in which it is never high.

    Doubt that touches sure sky is left to the refinement, which has the colours to decide by. It is two thresholds
    as in Canny's edge detector (1986), the upper one soft, so that nothing jumps from frame to frame.
    """
    count, labels = cv2.connectedComponents((matte > _SHORE).astype(np.uint8))
    if count < 2:
        return matte
    peaks = np.zeros(count, np.float32)
    np.maximum.at(peaks, np.asarray(labels, np.intp).ravel(), matte.ravel())
    low, high = _PEAK
    kept = np.clip((peaks - low) / (high - low), 0, 1)
    kept[0] = 1  # what is below the shore everywhere
    return np.asarray(matte * kept[labels], np.float32)
