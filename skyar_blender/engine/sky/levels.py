# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture at several sizes, so that a wide view of a dense picture does not flicker, and its resampling."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import LinearRGB
from .view_map import FloatMap

# Sizes shrink by the square root of two from level to level.
_RATIO = math.sqrt(2.0)
# A picture may be this much denser than the view before a smaller level is taken.
_SLACK = 1.25
# Cubic interpolation rings beside the sun; what is brighter than this is interpolated linearly.
_KNEE = 1.5
# Spacing of the pixels that are looked at to find bright spots in a view.
_STRIDE = 8


@dataclass(frozen=True)
class _Level:
    """``base`` + ``bright`` is the picture; ``near_bright`` (uint8) marks the neighbourhood of bright spots."""

    width: int
    height: int
    base: LinearRGB
    bright: LinearRGB | None
    near_bright: NDArray[np.uint8] | None


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
        self._levels: dict[int, _Level] = {}

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
        level = self._level(excess)
        x, y = u, v
        x *= level.width
        x -= 0.5
        y *= level.height
        y += self._pad_rows - 0.5
        view = np.asarray(cv2.remap(level.base, x, y, cv2.INTER_CUBIC, borderMode=border), np.float32)
        if level.bright is not None and level.near_bright is not None:
            seen = cv2.remap(
                level.near_bright,
                np.ascontiguousarray(x[::_STRIDE, ::_STRIDE]),
                np.ascontiguousarray(y[::_STRIDE, ::_STRIDE]),
                cv2.INTER_NEAREST,
                borderMode=border,
            )
            if seen.any():
                rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
                part = np.s_[
                    max(0, (rows[0] - 1) * _STRIDE) : (rows[-1] + 1) * _STRIDE,
                    max(0, (columns[0] - 1) * _STRIDE) : (columns[-1] + 1) * _STRIDE,
                ]
                view[part] += cv2.remap(
                    level.bright,
                    np.ascontiguousarray(x[part]),
                    np.ascontiguousarray(y[part]),
                    cv2.INTER_LINEAR,
                    borderMode=border,
                )
        return np.maximum(view, 0.0, out=view)

    def _level(self, excess: float) -> _Level:
        most = max(0, int(math.log(min(self.width, self.height), _RATIO)) - 4)
        number = min(max(0, math.ceil(math.log(max(excess, 1e-6) / _SLACK, _RATIO) - 1e-9)), most)
        if number not in self._levels:
            self._levels[number] = self._make(number)
        return self._levels[number]

    def _make(self, number: int) -> _Level:
        picture = self._picture
        if number:
            size = (max(1, round(self.width / _RATIO**number)), max(1, round(self.height / _RATIO**number)))
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
        height, width = picture.shape[:2]
        base = self._pad(picture)
        is_bright = base.max(axis=2) > _KNEE
        if not is_bright.any():
            return _Level(width, height, base, None, None)
        reach = 2 * (2 * _STRIDE) + 1
        near = cv2.dilate(is_bright.astype(np.uint8), np.ones((reach, reach), np.uint8))
        dim, bright = np.minimum(base, np.float32(_KNEE)), np.maximum(base - np.float32(_KNEE), 0)
        return _Level(width, height, dim, bright, np.asarray(near, np.uint8))
