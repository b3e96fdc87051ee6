# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the matte of things that stand still from chattering."""

from __future__ import annotations

import cv2
import numpy as np

from ..types import FrameRGB, Matte
from .interface import PreviousFrame

_MOST = 0.6
#: Change of a pixel, in 8-bit grey levels, at which the past counts for little.
_CHANGE = 5.0


def steadied(frame: FrameRGB, matte: Matte, previous: PreviousFrame | None) -> Matte:
    """Mix in the matte of the frame before where the picture has hardly changed; elsewhere nothing is carried over.

    Without a motion estimate nothing can smear: a pixel that a moving edge has crossed looks different.
    """
    if previous is None or previous.frame.shape != frame.shape:
        return matte
    change = cv2.absdiff(frame, previous.frame).max(axis=2)
    change = cv2.blur(change.astype(np.float32), (3, 3))
    share = _MOST * np.exp(-((change / _CHANGE) ** 2))
    past = previous.matte.astype(np.float32) / np.float32(65535)
    return np.asarray(matte + (past - matte) * share, np.float32)
