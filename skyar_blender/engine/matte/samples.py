# SPDX-License-Identifier: GPL-3.0-or-later
"""The small images that a method looks at before it makes mattes."""

from __future__ import annotations

import cv2
import numpy as np

from ..types import FrameRGB

#: A method looks at so many frames of a clip at most.
SAMPLES = 24


def sample_of(frame: FrameRGB, long_side: int) -> FrameRGB:
    """``frame`` with a long side of at most ``long_side`` pixels; a smaller one as it is."""
    scale = long_side / max(frame.shape[:2])
    if scale >= 1:
        return frame
    size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
