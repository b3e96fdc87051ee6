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
_SHARE_OF_CHANGE = (_MOST * np.exp(-((np.arange(256) / _CHANGE) ** 2))).astype(np.float32)


def steadied(frame: FrameRGB, matte: Matte, previous: PreviousFrame | None) -> Matte:
    """Mix in the matte of the frame before where the picture has hardly changed; elsewhere nothing is carried over.

    Without a motion estimate nothing can smear: a pixel that a moving edge has crossed looks different.
    """
    if previous is None or previous.frame.shape != frame.shape:
        return matte
    red, green, blue = cv2.split(cv2.absdiff(frame, previous.frame))
    change = cv2.blur(cv2.max(cv2.max(red, green), blue), (3, 3))
    share = cv2.LUT(change, _SHARE_OF_CHANGE)
    if previous.stale is not None:
        share[previous.stale] = 0.0
    past = previous.matte.astype(np.float32)
    past *= np.float32(1 / 65535)
    past -= matte
    past *= share
    past += matte
    return past
