# SPDX-License-Identifier: GPL-3.0-or-later
"""Mist on the ground: towards the horizon it takes the place of the sky, lit by the light around it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .noise import flat_noise

Image = NDArray[np.float32]


def misty(upper: Image, depth: float, seed: int, bright: float = 1.2) -> Image:
    """The upper half of a panorama, (rows, width, 3), with mist up to about `depth` degrees, in flat banks."""
    rows, width = upper.shape[:2]
    elevation = 90 * (1 - (np.arange(rows, dtype=np.float32) + 0.5) / rows)
    # Banks are long across and thin upwards: few rows of a noise that goes on around the seam.
    noise = flat_noise(512, seed, 1.7, 180, 6)
    noise = cv2.resize(np.concatenate([noise, noise[:, :8]], axis=1), (width + width // 64, 512))[:, :width]
    x = np.broadcast_to(np.arange(width, dtype=np.float32), (rows, width))
    y = np.broadcast_to(np.minimum(511, 28 * elevation)[:, None], (rows, width))
    banks = cv2.remap(noise, np.ascontiguousarray(x), np.ascontiguousarray(y, np.float32), cv2.INTER_LINEAR)
    amount = 0.93 * np.exp(-((np.maximum(elevation[:, None] * (1 - 0.16 * banks), 0) / depth) ** 1.3))
    small = cv2.resize(np.minimum(upper, 2), (width // 16, rows // 16), interpolation=cv2.INTER_AREA)
    first = len(small) * 82 // 90
    low = small[first : max(first + 1, len(small) * 88 // 90)].mean(axis=0)
    low = cv2.GaussianBlur(np.concatenate([low] * 3)[None], (0, 0), width / 384)[0, width // 16 : width // 8]
    around = cv2.resize(
        np.concatenate([low[-2:], low, low[:2]])[None], (width + 64, 1), interpolation=cv2.INTER_CUBIC
    )
    light = bright * (0.85 * around[0, 32:-32] + 0.15 * low.mean(axis=0))
    return np.asarray(upper * (1 - amount[..., None]) + amount[..., None] * light[None], np.float32)
