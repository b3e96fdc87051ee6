# SPDX-License-Identifier: GPL-3.0-or-later
"""Growing, shrinking and softening a matte, as Blender's Dilate/Erode (distance) and Blur (Gaussian) nodes do."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Matte


def gaussian_blur(image: NDArray[np.float32], radius: float) -> NDArray[np.float32]:
    """Gaussian of ``radius`` pixels: cut off at ``radius``, standard deviation a third of it (as in Blender).

    Beyond the image its border pixels go on. 0 changes nothing.

    ``image``: (H, W) or (H, W, C), float32, as is the result.
    """
    if radius <= 0:
        return image
    size = 2 * math.ceil(radius) + 1
    blurred = cv2.GaussianBlur(image, (size, size), radius / 3.0, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float32)


def shifted(matte: Matte, pixels: float) -> Matte:
    """The sky grown (``pixels`` > 0) or shrunk (< 0) by a disc of that radius, rounded to whole pixels."""
    radius = round(abs(pixels))
    if radius == 0:
        return matte
    if pixels < 0:
        return 1 - shifted(1 - matte, -pixels)
    grown = matte.copy()
    # A disc is a pile of rows; a row is a box, which OpenCV slides in about constant time per pixel.
    for offset in range(min(radius, len(matte) - 1) + 1):
        half = math.isqrt(radius * radius - offset * offset)
        row = np.asarray(cv2.dilate(matte, np.ones((1, 2 * half + 1), np.uint8)), np.float32)
        rest = len(row) - offset
        np.maximum(grown[offset:], row[:rest], out=grown[offset:])
        np.maximum(grown[:rest], row[offset:], out=grown[:rest])
    return grown


def edged(matte: Matte, shift: float, feather: float) -> Matte:
    """``matte`` shifted by ``shift`` pixels, then blurred by ``feather`` pixels, within 0 .. 1."""
    return np.clip(gaussian_blur(shifted(matte, shift), feather), 0.0, 1.0)
