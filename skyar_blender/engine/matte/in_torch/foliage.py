# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a small image is rough as leaves are; see :mod:`..foliage`."""

from __future__ import annotations

import cv2
from torch import Tensor

from ...tensors.colours import as_grey
from ...tensors.filters import mean_within, opened
from .. import foliage as limits
from .colours import rising


def rough(small: Tensor) -> Tensor:
    """(h, w): 1 where (3, h, w), 0..255, has as much contrast as leaves have, 0 where it is smooth."""
    grey = as_grey(small) + limits.DARK / 3
    reach = max(1, round(limits.AROUND * max(small.shape) / 2))
    around = mean_within(grey, reach, cv2.BORDER_REFLECT_101)
    contrast = mean_within((grey - around).abs(), reach, cv2.BORDER_REFLECT_101) / around
    return rising(contrast, limits.ROUGH)


def crowns(small: Tensor, reach: float) -> Tensor:
    """1 where a small image is rough over more than ``reach`` pixels to each side."""
    return opened((2 * rough(small)).clamp(max=1), round(reach))
