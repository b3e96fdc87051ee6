# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies over an image and is never sky: black bars and burnt-in writing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

Random = np.random.Generator
_BARS, _WRITING = 0.05, 0.03
_SIGNS = "0123456789:;.ABCDEFGHIKLMNOPRSTUVWXYZ "


@dataclass(frozen=True)
class Overlay:
    """``cover`` (H, W) 0..1, ``colour`` RGB 0..1; None where nothing lies over the image."""

    cover: np.ndarray | None
    colour: np.ndarray

    def over(self, image: np.ndarray) -> np.ndarray:
        """``image`` (H, W, 3) with the overlay."""
        if self.cover is None:
            return image
        laid: np.ndarray = image + (self.colour - image) * self.cover[..., None]
        return laid

    def beside(self, matte: np.ndarray) -> np.ndarray:
        """``matte`` (H, W) where the overlay leaves the image to be seen."""
        return matte if self.cover is None else matte * (1 - self.cover)


def overlay(random: Random, height: int, width: int) -> Overlay:
    """Mostly nothing, sometimes bars or writing."""
    chance = random.random()
    if chance < _BARS:
        return Overlay(bars(random, height, width), np.full(3, random.uniform(0, 0.06), np.float32))
    if chance < _BARS + _WRITING:
        return Overlay(_writing(random, height, width), np.full(3, random.choice([1.0, 0.9, 0.0]), np.float32))
    return Overlay(None, np.zeros(3, np.float32))


def bars(random: Random, height: int, width: int) -> np.ndarray:
    """Where bars lie (height, width), 1 or 0: above and below, or at both sides."""
    cover = np.zeros((height, width), np.float32)
    thick = random.uniform(0.01, 0.2)
    if random.random() < 0.75:
        rows = max(1, int(height * thick))
        cover[:rows] = 1
        if random.random() < 0.9:
            cover[height - rows :] = 1
    else:
        columns = max(1, int(width * thick * 1.5))
        cover[:, :columns] = cover[:, width - columns :] = 1
    return cover


def _writing(random: Random, height: int, width: int) -> np.ndarray:
    cover = np.zeros((height, width), np.uint8)
    for _ in range(int(random.integers(1, 4))):
        text = "".join(random.choice(list(_SIGNS), int(random.integers(3, 14))))
        where = (int(random.uniform(0, 0.8) * width), int(random.uniform(0.05, 1) * height))
        scale = height / 300 * random.uniform(0.4, 1.8)
        font = int(random.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX]))
        cv2.putText(cover, text, where, font, scale, 255, int(random.integers(1, 3)), cv2.LINE_AA)
    return cover.astype(np.float32) / 255
