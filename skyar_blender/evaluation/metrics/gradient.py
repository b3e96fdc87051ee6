# SPDX-License-Identifier: GPL-3.0-or-later
"""The gradient error of the alpha matting benchmark (Rhemann et al. 2009): how far edges differ in sharpness."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ...engine.types import Matte

#: Of the Gaussian, in pixels.
_SIGMA = 1.4
#: The kernel ends where the Gaussian falls below this.
_CUT = 0.01


def gradient_error(matte: Matte, truth: Matte, counted: NDArray[np.bool_]) -> float:
    """Sum over the counted pixels of the squared difference of the gradients' magnitudes, divided by 1000.

    Mattes (height, width), 0..1. The gradients are first derivatives of a Gaussian of 1.4 pixels whose kernels have
    the 2-norm 1, as in the benchmark; being a sum, the error grows with the picture's size. What is not counted has
    no influence on its neighbours.
    """
    known = np.where(counted, matte, truth)
    difference = _magnitude(known) - _magnitude(truth)
    return float(np.square(difference[counted], dtype=np.float64).sum() / 1000)


def _magnitude(matte: Matte) -> NDArray[np.float64]:
    # In double precision: how single precision rounds depends on where in memory an image lies.
    whole = np.asarray(matte, np.float64)
    smooth, slope = _kernels()
    across = cv2.sepFilter2D(whole, cv2.CV_64F, slope, smooth, borderType=cv2.BORDER_REPLICATE)
    down = cv2.sepFilter2D(whole, cv2.CV_64F, smooth, slope, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.magnitude(across, down), np.float64)


def _kernels() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The Gaussian and its derivative; their product, a kernel in two dimensions, has the 2-norm 1."""
    half = math.ceil(_SIGMA * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * _SIGMA * _CUT)))
    place = np.arange(-half, half + 1, dtype=np.float64)
    smooth = np.exp(-(place**2) / (2 * _SIGMA**2))
    slope = -place * smooth
    return smooth / np.linalg.norm(smooth), slope / np.linalg.norm(slope)
