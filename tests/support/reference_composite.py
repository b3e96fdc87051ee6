# SPDX-License-Identifier: GPL-3.0-or-later
"""A composite after the description of "Castle in the Sky" (Zou 2020), to compare with: never used for a result.

All in display values. The frame's mean colour is pulled to the sky's, both over the whole image; then a gain, plain
alpha-over, and a halo: the blurred sky, screened over everything. Of the values that were shipped for pull and gain,
these come out best on rendered pairs. How wide the halo is blurred is not known, and matters little: this makes the
image 0.13 lighter on the whole, as was measured of it.
"""

from __future__ import annotations

import cv2
import numpy as np

PULL, GAIN = 0.5, 0.5
#: Of the width, and the share of the blurred sky.
HALO_SIZE, HALO = 0.2, 1.0


def composite(frame: np.ndarray, matte: np.ndarray, sky: np.ndarray) -> np.ndarray:
    """Frame (height, width, 3) 8-bit RGB, matte (height, width) 0..1, new sky scene-linear: an 8-bit image."""
    image = frame.astype(np.float32) / 255
    clipped = np.clip(sky, 0, 1)
    shown = np.where(clipped <= 0.0031308, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055).astype(np.float32)
    image = image + PULL * (shown.mean(axis=(0, 1)) - image.mean(axis=(0, 1)))
    image = np.clip(GAIN * image, 0, 1)
    fraction = matte[..., None].astype(np.float32)
    mixed = image * (1 - fraction) + shown * fraction
    size = max(1, round(HALO_SIZE * frame.shape[1]))
    halo = HALO * cv2.blur(shown * fraction, (size, size))
    return np.rint(255 * (1 - (1 - mixed) * (1 - halo))).astype(np.uint8)
