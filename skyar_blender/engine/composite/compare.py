# SPDX-License-Identifier: GPL-3.0-or-later
"""Before and after in one image."""

from __future__ import annotations

import numpy as np

from ..types import FrameRGB


def split_screen(before: FrameRGB, after: FrameRGB) -> FrameRGB:
    """ "Before | after": the left half of ``before``, the right half of ``after``, a thin white line between.

    Both (height, width, 3) and of one size. Images less than 16 wide get no line.
    """
    if before.shape != after.shape:
        raise ValueError(f"before {before.shape} and after {after.shape} differ in size")
    width = before.shape[1]
    half = width // 2
    image = np.concatenate([before[:, :half], after[:, half:]], axis=1)
    if width >= 16:
        line = max(1, round(width / 960))
        start = half - line // 2
        image[:, start : start + line] = 255
    return image
