# SPDX-License-Identifier: GPL-3.0-or-later
"""Cubic interpolation of a sky's picture that does not ring beside the sun and the stars: there it is linear."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import LinearRGB
from .view_map import FloatMap

# Cubic interpolation rings beside what is brighter than this, so it is linear as far as cubic reaches.
_KNEE = 1.5
_CUBIC_REACH = 3
# Spacing of the pixels that are looked at to find bright spots in a view.
_STRIDE = 8


class Interpolated:
    """A (height, width, 3) picture, between its pixels nowhere below 0."""

    def __init__(self, picture: LinearRGB) -> None:
        self.height, self.width = picture.shape[:2]
        red, green, blue = cv2.split(picture)
        bright = (cv2.max(cv2.max(red, green), blue) > _KNEE).astype(np.uint8)
        self._picture, self._any_bright = picture, bool(bright.any())
        if self._any_bright:
            self._calm = np.minimum(picture, np.float32(_KNEE))
            # 1 at the bright spots and beside them; a wider neighbourhood.
            self._beside = _grown(bright, _CUBIC_REACH).astype(np.float32)
            self._near = _grown(bright, 2 * _STRIDE)
        else:
            self._calm = picture

    def view(self, x: FloatMap, y: FloatMap, border: int) -> LinearRGB:
        """The picture at these of its pixels; ``border`` is OpenCV's rule for those outside."""
        view = _not_negative(cv2.remap(self._calm, x, y, cv2.INTER_CUBIC, borderMode=border))
        part = _part_with_bright_spots(self._near, x, y, border) if self._any_bright else None
        if part is not None:
            x, y = np.ascontiguousarray(x[part]), np.ascontiguousarray(y[part])
            linear = np.asarray(cv2.remap(self._picture, x, y, cv2.INTER_LINEAR, borderMode=border))
            beside = np.asarray(cv2.remap(self._beside, x, y, cv2.INTER_LINEAR, borderMode=border))
            view[part] += (linear - view[part]) * beside[..., None]
        return view

    def enlarged(self, rows: slice, columns: NDArray[np.intp], times: int) -> LinearRGB:
        """A part of the picture ``times`` as high and wide."""
        size = (len(columns) * times, (rows.stop - rows.start) * times)

        def part(picture: NDArray[np.float32], how: int) -> NDArray[np.float32]:
            inside = np.ascontiguousarray(picture[rows][:, columns])
            return np.asarray(cv2.resize(inside, size, interpolation=how), np.float32)

        large = _not_negative(part(self._calm, cv2.INTER_CUBIC))
        if self._any_bright and self._near[rows][:, columns].any():
            linear = part(self._picture, cv2.INTER_LINEAR)
            linear -= large
            linear *= part(self._beside, cv2.INTER_LINEAR)[..., None]
            large += linear
        return large


def _not_negative(picture: object) -> LinearRGB:
    """Cubic interpolation falls below beside what is bright."""
    found = np.asarray(picture, np.float32)
    return np.maximum(found, 0.0, out=found)


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
