# SPDX-License-Identifier: GPL-3.0-or-later
"""Growing, shrinking and softening a matte, as Blender's Dilate/Erode (distance) and Blur (Gaussian) nodes do."""

from __future__ import annotations

import math
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Matte

_Picture = TypeVar("_Picture", bound=NDArray[np.float32])


def gaussian_blur(picture: _Picture, radius: float) -> _Picture:
    """Gaussian of ``radius`` pixels: cut off at ``radius``, standard deviation a third of it (as in Blender).

    Beyond the picture its border pixels go on. 0 changes nothing.
    """
    if radius <= 0:
        return picture
    size = 2 * math.ceil(radius) + 1
    blurred = cv2.GaussianBlur(picture, (size, size), radius / 3.0, borderType=cv2.BORDER_REPLICATE)
    return blurred  # type: ignore[return-value]


def shifted(matte: Matte, pixels: float) -> Matte:
    """The sky grown (``pixels`` > 0) or shrunk (< 0) by a disc of that radius, rounded to whole pixels."""
    radius = round(abs(pixels))
    if radius == 0:
        return matte
    morph = cv2.dilate if pixels > 0 else cv2.erode
    neutral = 0.0 if pixels > 0 else 1.0
    result: Matte | None = None
    # A disc is a pile of rows; a row is a box, which OpenCV slides in constant time per pixel.
    for offset in range(-radius, radius + 1):
        half = math.isqrt(radius * radius - offset * offset)
        row = morph(matte, np.ones((1, 2 * half + 1), np.uint8))
        moved = np.full_like(row, neutral)
        if abs(offset) < matte.shape[0]:
            moved[max(0, offset) : matte.shape[0] + min(0, offset)] = row[
                max(0, -offset) : matte.shape[0] - max(0, offset)
            ]
        join = cv2.max if pixels > 0 else cv2.min
        result = moved if result is None else join(result, moved)
    assert result is not None
    return result


def edged(matte: Matte, shift: float, feather: float) -> Matte:
    """``matte`` shifted by ``shift`` pixels, then blurred by ``feather`` pixels, within 0 .. 1."""
    return np.clip(gaussian_blur(shifted(matte, shift), feather), 0.0, 1.0)
