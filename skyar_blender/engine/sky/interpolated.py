# SPDX-License-Identifier: GPL-3.0-or-later
"""Cubic interpolation of a sky's image that does not ring beside the sun and the stars: there it is linear."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FloatMap, LinearRGB

# Cubic interpolation rings beside what is brighter than this, so it is linear as far as cubic reaches.
KNEE = 1.5
CUBIC_REACH = 3
# Rows that are mended at a time: what stays in the processor's cache is done in half the time.
_BAND = 16
# Spacing of the pixels that are looked at to find bright spots in a view.
_STRIDE = 8


class Interpolated:
    """A (height, width, 3) image, between its pixels nowhere below 0."""

    def __init__(self, image: LinearRGB) -> None:
        self.height, self.width = image.shape[:2]
        self._image = image
        self._whole: _Parted | None = None
        self._parting = threading.Lock()

    def view(self, x: FloatMap, y: FloatMap, border: int) -> LinearRGB:
        """The image at these of its pixels; ``border`` is OpenCV's rule for those outside."""
        whole = self._parted()
        view = _not_negative(cv2.remap(whole.calm, x, y, cv2.INTER_CUBIC, borderMode=border))
        part = None if whole.near is None else _part_with_bright_spots(whole.near, x, y, border)
        if part is not None and whole.beside is not None:
            self._mend(view[part], whole.beside, x[part], y[part], border)
        return view

    def _mend(self, view: LinearRGB, beside: NDArray[np.float32], x: FloatMap, y: FloatMap, border: int) -> None:
        """Make a view linear, in place, ``beside`` bright spots."""
        x, y = np.ascontiguousarray(x), np.ascontiguousarray(y)
        weight = np.asarray(cv2.remap(beside, x, y, cv2.INTER_LINEAR, borderMode=border))
        for first in range(0, len(view), _BAND):
            rows = slice(first, first + _BAND)
            touched = np.flatnonzero(weight[rows].any(axis=0))
            if touched.size:
                columns = slice(int(touched[0]), int(touched[-1]) + 1)
                there = x[rows, columns], y[rows, columns]
                linear: LinearRGB = np.asarray(
                    cv2.remap(self._image, *there, cv2.INTER_LINEAR, borderMode=border), np.float32
                )
                calm = view[rows, columns]
                linear -= calm
                linear *= weight[rows, columns, None]
                calm += linear

    def enlarged(self, times: int) -> NDArray[np.float32]:
        """All of it ``times`` as high and wide, (height, width, 4), linear RGB and a channel that nothing uses.

        To take four channels is quicker than three.
        """
        parted = self._parted()
        found = _not_negative(_enlarged(parted.calm, times, cv2.INTER_CUBIC))
        if parted.beside is None:
            return found
        for first in range(0, self.height, _BAND):
            last = min(first + _BAND, self.height)
            above, below = max(0, first - 1), last + 1  # linear interpolation reaches into the next pixel
            touched = np.flatnonzero(parted.beside[above:below].any(axis=0))
            if touched.size:
                columns = slice(max(0, int(touched[0]) - 2), int(touched[-1]) + 3)
                inside = slice((first - above) * times, (last - above) * times)
                linear = _enlarged(self._image[above:below, columns], times, cv2.INTER_LINEAR)[inside]
                beside = _enlarged(parted.beside[above:below, columns], times, cv2.INTER_LINEAR)[inside]
                calm = found[first * times : last * times, columns.start * times : columns.stop * times]
                calm += (linear - calm) * beside[..., None]
        return found

    def _parted(self) -> _Parted:
        with self._parting:  # views are made by several threads; an image may only ever be looked at in parts
            if self._whole is None:
                self._whole = _Parted.of(self._image)
            return self._whole


@dataclass(frozen=True)
class _Parted:
    """An image without what makes it ring, and where that is: ``beside`` is 1 at bright spots and beside them,
    ``near`` in a wider neighbourhood; both None where there are none."""

    calm: LinearRGB
    beside: NDArray[np.float32] | None = None
    near: NDArray[np.uint8] | None = None

    @classmethod
    def of(cls, image: LinearRGB) -> _Parted:
        red, green, blue = cv2.split(image)
        bright = (cv2.max(cv2.max(red, green), blue) > KNEE).astype(np.uint8)
        if not bright.any():
            return cls(image)
        beside = _grown(bright, CUBIC_REACH).astype(np.float32)
        return cls(np.minimum(image, np.float32(KNEE)), beside, _grown(bright, 2 * _STRIDE))


def _enlarged(image: NDArray[np.float32], times: int, how: int) -> NDArray[np.float32]:
    padded = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA) if image.ndim == 3 else image
    size = (image.shape[1] * times, image.shape[0] * times)
    return np.asarray(cv2.resize(padded, size, interpolation=how), np.float32)


def _not_negative(image: object) -> LinearRGB:
    """Cubic interpolation falls below beside what is bright."""
    found = np.asarray(image, np.float32)
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
