# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture at several sizes, so that a wide view of a dense picture does not flicker, and its resampling."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import LinearRGB
from .enlarged import Enlarged
from .view_map import FloatMap

# Sizes shrink by the square root of two from level to level.
_RATIO = math.sqrt(2.0)
# A picture may be this much denser than the view before a smaller level is taken.
_SLACK = 1.25
# Cubic interpolation rings beside what is brighter than this (the sun), so it is linear as far as cubic reaches.
_KNEE = 1.5
_CUBIC_REACH = 3
# Spacing of the pixels that are looked at to find bright spots in a view.
_STRIDE = 8


@dataclass(frozen=True)
class Level:
    """One size of the picture, padded; ``width`` and ``height`` are without the padding, ``pad`` rows of it above.

    ``enlarged`` gives views of it cut off at the knee. Where it was cut off at all: ``picture`` is not, ``beside`` (0
    or 1) marks the bright spots and the pixels beside them, and ``near`` (uint8) a wider neighbourhood.
    """

    width: int
    height: int
    pad: int
    enlarged: Enlarged
    picture: LinearRGB | None = None
    beside: NDArray[np.float32] | None = None
    near: NDArray[np.uint8] | None = None

    def sample(self, x: FloatMap, y: FloatMap, border: int, magnified: float) -> LinearRGB:
        """The padded picture at these pixels of it.

        ``border`` is OpenCV's rule for those outside, ``magnified`` how many pixels of the view show one of these.
        """
        view = self.enlarged.sample(x, y, border, magnified)
        if self.picture is not None and self.beside is not None and self.near is not None:
            part = _part_with_bright_spots(self.near, x, y, border)
            if part is not None:
                x, y = np.ascontiguousarray(x[part]), np.ascontiguousarray(y[part])
                linear = np.asarray(cv2.remap(self.picture, x, y, cv2.INTER_LINEAR, borderMode=border))
                beside = np.asarray(cv2.remap(self.beside, x, y, cv2.INTER_LINEAR, borderMode=border))
                view[part] += (linear - view[part]) * beside[..., None]
        return view


class Levels:
    """A (height, width, 3) linear picture and, made when first asked for, its smaller versions.

    ``pad`` may add ``pad_rows`` rows at the top and the bottom of each version; coordinates do not change by that.
    """

    def __init__(
        self, picture: LinearRGB, pad: Callable[[LinearRGB], LinearRGB] = lambda rows: rows, pad_rows: int = 0
    ) -> None:
        if picture.ndim != 3 or picture.shape[2] != 3 or 0 in picture.shape:
            raise ValueError(f"a sky's picture must be (height, width, 3), not {picture.shape}")
        self._picture = np.ascontiguousarray(picture, np.float32)
        self._pad = pad
        self._pad_rows = pad_rows
        self._levels: dict[int, Level] = {}
        self._making = threading.Lock()

    @property
    def width(self) -> int:
        return int(self._picture.shape[1])

    @property
    def height(self) -> int:
        return int(self._picture.shape[0])

    def sample(self, u: FloatMap, v: FloatMap, excess: float, border: int) -> LinearRGB:
        """The picture at ``u`` (0 = left edge, 1 = right edge) and ``v`` (0 = top edge, 1 = bottom edge).

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
        most = max(0, int(math.log(min(self.width, self.height), _RATIO)) - 4)
        number = min(max(0, math.ceil(math.log(max(excess, 1e-6) / _SLACK, _RATIO) - 1e-9)), most)
        with self._making:  # views are made by several threads
            if number not in self._levels:
                self._levels[number] = self._make(number)
            return self._levels[number]

    def _make(self, number: int) -> Level:
        picture = self._picture
        if number:
            size = (max(1, round(self.width / _RATIO**number)), max(1, round(self.height / _RATIO**number)))
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
        height, width = picture.shape[:2]
        picture = self._pad(picture)
        red, green, blue = cv2.split(picture)
        bright = (cv2.max(cv2.max(red, green), blue) > _KNEE).astype(np.uint8)
        if not bright.any():
            return Level(width, height, self._pad_rows, Enlarged(picture))
        calm = np.minimum(picture, np.float32(_KNEE))
        beside, near = (_grown(bright, reach) for reach in (_CUBIC_REACH, 2 * _STRIDE))
        return Level(width, height, self._pad_rows, Enlarged(calm), picture, beside.astype(np.float32), near)


def _grown(mask: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    size = 2 * reach + 1
    return np.asarray(cv2.dilate(mask, np.ones((size, size), np.uint8)), np.uint8)


def _part_with_bright_spots(
    near: NDArray[np.uint8], x: FloatMap, y: FloatMap, border: int
) -> tuple[slice, slice] | None:
    """The rectangle of the view that holds all bright spots, or None."""
    coarse = [np.ascontiguousarray(axis[::_STRIDE, ::_STRIDE]) for axis in (x, y)]
    seen = np.asarray(cv2.remap(near, coarse[0], coarse[1], cv2.INTER_NEAREST, borderMode=border))
    if not seen.any():
        return None
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return (
        slice(max(0, (int(rows[0]) - 1) * _STRIDE), (int(rows[-1]) + 1) * _STRIDE),
        slice(max(0, (int(columns[0]) - 1) * _STRIDE), (int(columns[-1]) + 1) * _STRIDE),
    )
