# SPDX-License-Identifier: GPL-3.0-or-later
"""Still water: a photograph stands on its own mirror image, whose sky is no sky."""

from __future__ import annotations

import cv2
import numpy as np

Random = np.random.Generator
#: A label above this has some sky.
_SOME_SKY = 20
#: Land between sky and its mirror image, as shares of the height.
_SHORE = (0.02, 0.18)
#: At most so much of the rows may be sky: without a shore there is nothing to mirror at.
_MOST_SKY = 0.85


def mirrored(
    random: Random, picture: np.ndarray, matte: np.ndarray, known: np.ndarray
) -> tuple[np.ndarray, ...] | None:
    """Picture, matte and known (each 8 bits, known 0 or 1) with water below; None where no shore can be.

    Water returns less of what meets it steeply (Fresnel), so that it darkens towards the lower edge; it has a colour
    of its own, and ripples that grow towards the camera.
    """
    rows = np.flatnonzero((matte > _SOME_SKY).any(axis=1))
    height = len(matte)
    if not rows.size or rows[-1] > _MOST_SKY * height:
        return None
    shore = min(height, int(rows[-1] + 2 + random.uniform(*_SHORE) * height))
    depth = max(8, int(shore * random.uniform(0.35, 1.0)))
    water = picture[:shore][::-1][:depth].astype(np.float32)
    down = np.linspace(0, 1, depth, dtype=np.float32)[:, None]
    if random.random() < 0.8:
        water = _rippled(random, water, down)
    returned = random.uniform(0.7, 1.0) - random.uniform(0, 0.35) * down
    own = random.uniform(0, 1, 3).astype(np.float32) * np.float32(random.uniform(20, 120))
    water = water * returned[..., None] + own * (1 - returned[..., None])
    stacked = np.vstack([picture[:shore], np.clip(np.rint(water), 0, 255).astype(np.uint8)])
    below = np.zeros((depth, matte.shape[1]), np.uint8)
    return stacked, np.vstack([matte[:shore], below]), np.vstack([known[:shore], np.ones_like(below)])


def _rippled(random: Random, water: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Rows slide up and down by waves that are short at the shore and long below; then all is a little soft."""
    depth, width = water.shape[:2]
    y, x = np.mgrid[:depth, :width].astype(np.float32)
    strength = np.float32(random.uniform(0.001, 0.02) * depth)
    length = (0.01 + 0.08 * down) * depth * np.float32(random.uniform(0.5, 2))
    wave = np.sin(2 * np.pi * y / length + np.float32(random.uniform(0.5, 3)) * np.sin(x / width * np.float32(20)))
    shifted = cv2.remap(water, x, y + strength * wave * (0.1 + down), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(
        cv2.GaussianBlur(
            shifted, (0, 0), 0.4 + random.uniform(0, 0.006) * depth, sigmaY=0.4 + random.uniform(0, 0.02) * depth
        )
    )
