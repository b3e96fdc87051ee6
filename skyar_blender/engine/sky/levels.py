# SPDX-License-Identifier: GPL-3.0-or-later
"""An image at several sizes, so that a wide view of a dense image does not flicker, and its resampling."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from ..media.exr import as_half
from ..types import FloatMap, LinearRGB, StoredRGB
from .enlarged import Enlarged
from .padded import Padded

# Sizes shrink by the square root of two from level to level.
_RATIO = math.sqrt(2.0)
# An image may be this much denser than the view before a smaller level is taken.
_SLACK = 1.25


def halvings(excess: float, roughly: bool = False) -> int:
    """How often an image may be halved before it comes here, if so many of its pixels fall on one pixel of the view.

    Its views are taken from the same size all the same. That is as sharp as before, as it is not made of an image
    1.4 times as large, which softens it a little; ``roughly``: it may be.
    """
    number = _number(excess)
    return number // 2 if roughly or number % 2 == 0 else max(0, number // 2 - 1)


def _number(excess: float) -> int:
    return max(0, math.ceil(math.log(max(excess, 1e-6) / _SLACK, _RATIO) - 1e-9))


@dataclass(frozen=True)
class Level:
    """One size of the image, padded; ``width`` and ``height`` are without the padding, ``pad`` rows of it above."""

    width: int
    height: int
    pad: int
    image: Enlarged

    def sample(self, x: FloatMap, y: FloatMap, border: int, magnified: float) -> LinearRGB:
        """The padded image at these pixels of it.

        ``border`` is OpenCV's rule for those outside, ``magnified`` how many pixels of the view show one of these.
        """
        return self.image.sample(x, y, border, magnified)


class Levels:
    """A (height, width, 3) linear image and, made when first asked for, its smaller versions.

    One in half floats is held so. ``beyond`` may give ``pad_rows`` rows above and as many below each version;
    coordinates do not change by that.
    """

    def __init__(
        self,
        image: StoredRGB,
        beyond: Callable[[StoredRGB], tuple[StoredRGB, StoredRGB]] | None = None,
        pad_rows: int = 0,
    ) -> None:
        if image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
            raise ValueError(f"a sky's picture must be (height, width, 3), not {image.shape}")
        self.width, self.height = int(image.shape[1]), int(image.shape[0])
        self._beyond = beyond
        self._image = self._padded(np.ascontiguousarray(image))
        self._pad_rows = pad_rows
        self._levels: dict[int, Level] = {}
        self._making = threading.Lock()

    def sample(self, u: FloatMap, v: FloatMap, excess: float, border: int) -> LinearRGB:
        """The image at ``u`` (0 = left edge, 1 = right edge) and ``v`` (0 = top edge, 1 = bottom edge).

        ``excess`` is how many of the picture's pixels fall on one pixel of the view; ``border`` is OpenCV's rule for
        coordinates outside. ``u`` and ``v`` are overwritten.
        """
        level = self.level(excess)
        x, y = u, v
        x *= level.width
        x -= 0.5
        y *= level.height
        y += level.pad - 0.5
        return level.sample(x, y, border, self.width / level.width / excess)

    def level(self, excess: float) -> Level:
        """The size that is right where so many of the picture's pixels fall on one pixel of the view."""
        number = self.number(excess)
        with self._making:  # views are made by several threads
            if number not in self._levels:
                self._levels[number] = self._make(number)
            return self._levels[number]

    def number(self, excess: float) -> int:
        """Which size that is, counted from the image's own, 0."""
        most = max(0, int(math.log(min(self.width, self.height), _RATIO)) - 4)
        return min(_number(excess), most)

    def image(self, number: int) -> LinearRGB:
        """The image at that size, without padding."""
        if number == 0:
            return self._image.inner
        size = (max(1, round(self.width / _RATIO**number)), max(1, round(self.height / _RATIO**number)))
        return np.asarray(cv2.resize(self._image.inner, size, interpolation=cv2.INTER_AREA), np.float32)

    def _make(self, number: int) -> Level:
        if number == 0:  # once is enough of what is largest
            return Level(self.width, self.height, self._pad_rows, Enlarged(self._image))
        image: StoredRGB = self.image(number)
        height, width = image.shape[:2]
        padded = self._padded(as_half(image) if self._image.in_halves else image)
        return Level(width, height, self._pad_rows, Enlarged(padded))

    def _padded(self, image: StoredRGB) -> Padded:
        return Padded(image) if self._beyond is None else Padded(image, *self._beyond(image))
