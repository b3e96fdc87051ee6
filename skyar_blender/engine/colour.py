# SPDX-License-Identifier: GPL-3.0-or-later
"""Display-referred to scene-linear and back, with the sRGB curve (IEC 61966-2-1), as Blender's "sRGB" space."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .types import FrameRGB, LinearRGB

#: Luminance weights of Rec. 709 primaries.
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


def linear_from_display(shown: NDArray[np.floating]) -> NDArray[np.float32]:
    """Scene-linear values of display values (sRGB curve) of any shape, 0 and up; the curve goes on above 1.

    Reckoned as exactly as ``shown`` is.
    """
    return np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4).astype(np.float32)


#: Scene-linear value of each of the 256 codes.
LINEAR_OF_CODE = linear_from_display(np.arange(256) / 255.0)


def linear_from_frame(frame: FrameRGB) -> LinearRGB:
    """Scene-linear floats (0..1) of an 8-bit image of any shape."""
    if frame.ndim < 2 or not frame.size:
        return np.asarray(LINEAR_OF_CODE[frame])
    # A look-up as this, but many times as fast on images.
    found = cv2.LUT(frame.reshape(frame.shape[0], -1), LINEAR_OF_CODE)
    return np.asarray(found, np.float32).reshape(frame.shape)


def display_from_linear(linear: LinearRGB) -> NDArray[np.float32]:
    """Display values (0..1, sRGB curve) of scene-linear ones of any shape; what lies outside 0..1 is clipped."""
    clipped = np.clip(linear, 0.0, 1.0)
    low = clipped * np.float32(12.92)
    high = np.float32(1.055) * np.power(clipped, np.float32(1 / 2.4)) - np.float32(0.055)
    return np.where(clipped <= 0.0031308, low, high).astype(np.float32)


#: Of scene-linear values in steps of 1/65535: exact for all that came from an 8-bit image, four times as fast.
CODE_OF_LINEAR = np.rint(display_from_linear(np.linspace(0, 1, 65536, dtype=np.float32)) * 255.0).astype(np.uint8)


def frame_from_linear(linear: LinearRGB) -> FrameRGB:
    """8-bit image of scene-linear values, rounded to nearest; NaN becomes 0."""
    flat = linear.reshape(linear.shape[0], -1) if linear.ndim > 1 and linear.size else linear.reshape(1, -1)
    if not flat.size:
        return np.zeros(linear.shape, np.uint8)
    bright = np.minimum(flat, np.float32(1.0))
    # Rounds and saturates in one go.
    steps = cv2.addWeighted(bright, 65535.0, bright, 0.0, 0.0, dtype=cv2.CV_16U)
    return np.asarray(cv2.LUT(steps, CODE_OF_LINEAR), np.uint8).reshape(linear.shape)
