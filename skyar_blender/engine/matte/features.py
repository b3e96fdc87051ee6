# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pixel looks like: colour, texture around it, height in the image."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB

Features = NDArray[np.float32]
#: Columns of the array that :func:`describe` gives.
LIGHTNESS, GREEN_RED, BLUE_YELLOW, BLUENESS, FINE, COARSE, EDGES, DARK, HEIGHT = range(9)


def describe(frame: FrameRGB) -> Features:
    """(height, width, 9) float32 of a small frame.

    Lab (L 0..100, a and b about -100..100), blue minus red (-100..100), logarithms of the deviation of L within 5 and
    21 pixels and of its Laplacian, the dark channel (He et al. 2009; 0..100), and the row (0 top .. 1 bottom).
    """
    height, width = frame.shape[:2]
    scaled = frame.astype(np.float32) / np.float32(255)
    lab = cv2.cvtColor(scaled, cv2.COLOR_RGB2Lab)
    light = np.ascontiguousarray(lab[..., 0], np.float32)
    edges = cv2.blur(np.abs(cv2.Laplacian(light, cv2.CV_32F, ksize=3)), (5, 5))
    red, green, blue = cv2.split(scaled)
    dark = cv2.erode(cv2.min(cv2.min(red, green), blue), np.ones((7, 7), np.uint8))
    features = np.empty((height, width, 9), np.float32)
    features[..., :BLUENESS] = lab
    features[..., BLUENESS] = (blue - red) * 100
    for column, size in ((FINE, 5), (COARSE, 21)):
        features[..., column] = np.log(deviation(light, size) + np.float32(0.4))
    features[..., EDGES] = np.log(edges + np.float32(0.4))
    features[..., DARK] = dark * 100
    features[..., HEIGHT] = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return features


def deviation(light: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Standard deviation of a map (height, width) within ``size`` x ``size`` pixels, (height, width)."""
    mean = cv2.blur(light, (size, size))
    variance = cv2.blur(light * light, (size, size)) - mean * mean
    return np.sqrt(np.maximum(variance, 0)).astype(np.float32, copy=False)
