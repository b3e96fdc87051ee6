# SPDX-License-Identifier: GPL-3.0-or-later
"""Structural similarity (SSIM), after Wang, Bovik, Sheikh and Simoncelli (IEEE T. Image Processing, 2004)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ...engine.colour import LUMINANCE
from ...engine.types import FrameRGB

#: Pixels from the border inwards where the 11 x 11 window would reach beyond the image.
MARGIN = 5
_SIZE = (2 * MARGIN + 1, 2 * MARGIN + 1)
_SIGMA = 1.5
_C1 = (0.01 * 255) ** 2
_C2 = (0.03 * 255) ** 2


def similarity_map(first: FrameRGB, second: FrameRGB) -> NDArray[np.float64]:
    """SSIM of two 8-bit images around each pixel, (height, width), -1..1, on their luma (Rec. 709 weights).

    Within :data:`MARGIN` of the border the images are mirrored; the paper leaves these pixels out.
    """
    x, y = _luma(first), _luma(second)
    mean_x, mean_y = _blurred(x), _blurred(y)
    var_x = _blurred(x * x) - mean_x * mean_x
    var_y = _blurred(y * y) - mean_y * mean_y
    both = _blurred(x * y) - mean_x * mean_y
    above = (2 * mean_x * mean_y + _C1) * (2 * both + _C2)
    return np.asarray(above / ((mean_x**2 + mean_y**2 + _C1) * (var_x + var_y + _C2)))


def _luma(frame: FrameRGB) -> NDArray[np.float64]:
    return frame.astype(np.float64) @ LUMINANCE.astype(np.float64)


def _blurred(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.GaussianBlur(plane, _SIZE, _SIGMA), np.float64)
