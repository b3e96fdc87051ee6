# SPDX-License-Identifier: GPL-3.0-or-later
"""Footage that is see-through: where nothing is, there is sky for certain."""

from __future__ import annotations

import cv2
import numpy as np

from ..media.alpha import Alpha
from ..types import FrameRGB, Matte

#: The sky that a method of matting sees there, as displayed.
_PLAIN_SKY = (176, 190, 206)
#: Reach in pixels, of the rim of what is there, within which the alpha alone tells, unless the sky goes on there.
_RIM = 2
_GOES_ON = np.float32(0.9)


def over_plain_sky(frame: FrameRGB, alpha: Alpha) -> FrameRGB:
    """``frame``, whose colours are those over black, over a plain sky."""
    if alpha.min() == 255:
        return frame
    rest = np.float32(1) - alpha.astype(np.float32) / np.float32(255)
    sky = cv2.merge([rest * np.float32(channel) for channel in _PLAIN_SKY])
    return np.asarray(cv2.add(frame, np.rint(sky).astype(np.uint8)), np.uint8)


def with_alpha(matte: Matte, alpha: Alpha | None) -> Matte:
    """``matte`` (0..1) with sky where nothing is, to the share of ``alpha``, whose edge is the exact one."""
    if alpha is None or alpha.min() == 255:
        return matte
    through = np.float32(1) - alpha.astype(np.float32) / np.float32(255)
    square = np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)
    rim = (cv2.dilate(through, square) > 0) & (matte < _GOES_ON)
    return np.asarray(np.where(rim, through, np.maximum(matte, through)), np.float32)
