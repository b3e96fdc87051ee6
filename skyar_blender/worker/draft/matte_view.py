# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found in a frame, to look at: sky blue, ground grey, what is unsure orange."""

from __future__ import annotations

import numpy as np

from ...engine.types import FrameRGB
from .clip_frame import ClipFrame

#: Display-referred RGB.
SKY = np.array([70, 150, 235], np.float32)
UNSURE = np.array([255, 140, 30], np.float32)
#: How much of the frame is left under the colours.
_FRAME = np.float32(0.45)


def matte_view(shown: ClipFrame) -> FrameRGB:
    """(height, width, 3), 8-bit display-referred, of the frame's size."""
    grey = shown.frame.mean(axis=2, dtype=np.float32)[..., None] * _FRAME
    cover = shown.matte[..., None]
    view = grey + cover * (1 - _FRAME) * SKY
    if shown.unsure is not None:
        view = np.where(shown.unsure[..., None], grey + (1 - _FRAME) * UNSURE, view)
    return np.asarray(np.clip(np.rint(view), 0, 255), np.uint8)
