# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of an image that a shot sees, made ready once, so that views are quick to take from it.

Cubic interpolation of every view costs several times as much as linear interpolation. Where a view magnifies the
image anyway, its part is enlarged by cubic interpolation, and the views are taken linearly from that: about as fine
as the view itself, so that nothing is lost. Elsewhere the part spares looking for bright spots in all the rest. A
camera that turns needs another part now and then.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FloatMap, LinearRGB
from .interpolated import Interpolated
from .padded import Padded

#: Pixels of the view for each of the picture's from which this pays.
_LEAST = 1.5
#: How much larger a part becomes. An odd number keeps the picture's own pixels: a star is as bright as it was.
_TIMES = 3
# Every so manieth pixel of a view is looked at to find what it sees, and so many pixels more are taken on each side:
# as far as cubic interpolation reaches, and what is seen between those that were looked at.
_STRIDE = 8
_REACH = 10
# Of the width and height seen, how much more is enlarged on each side, for the views to come.
_MARGIN = 0.2
# Largest part, in pixels when enlarged, for each pixel of the view: one that sees all around is no gain.
_MOST = 6.0
# Rows of a view that are taken at a time: what stays in the processor's cache is done sooner.
_BAND = 32
# The same where bright spots are looked for in each: more, since that takes in some rows around.
_BRIGHT_BAND = 128


@dataclass(frozen=True)
class _Part:
    """Columns from ``left`` to ``right`` and rows from ``top`` to ``bottom`` of the image, as they are or, with a
    fourth channel, enlarged."""

    left: int
    right: int
    top: int
    bottom: int
    image: Interpolated | NDArray[np.float32]

    def holds(self, box: tuple[int, int, int, int]) -> bool:
        left, right, top, bottom = box
        return self.left <= left and right <= self.right and self.top <= top and bottom <= self.bottom

    def view(self, x: FloatMap, y: FloatMap, border: int) -> LinearRGB:
        if isinstance(self.image, Interpolated):
            return self._by_bands(self.image, x, y, border)
        # The middle of a pixel is at a whole number in both.
        left, top = (np.float32((_TIMES - 1) / 2 - first * _TIMES) for first in (self.left, self.top))
        view = np.empty((*x.shape, 3), np.float32)
        for start in range(0, len(view), _BAND):
            rows = slice(start, start + _BAND)
            across, down = x[rows] * np.float32(_TIMES), y[rows] * np.float32(_TIMES)
            across += left
            down += top
            padded = cv2.remap(self.image, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            cv2.cvtColor(padded, cv2.COLOR_RGBA2RGB, dst=view[rows])
        return view

    def _by_bands(self, image: Interpolated, x: FloatMap, y: FloatMap, border: int) -> LinearRGB:
        view = np.empty((*x.shape, 3), np.float32)
        for start in range(0, len(view), _BRIGHT_BAND):
            rows = slice(start, start + _BRIGHT_BAND)
            view[rows] = image.view(x[rows] - np.float32(self.left), y[rows] - np.float32(self.top), border)
        return view


class Enlarged:
    """Views of ``image``."""

    def __init__(self, image: Padded) -> None:
        self._image = image
        self._whole: Interpolated | None = None
        self._parts: dict[int, _Part] = {}
        self._making = threading.Lock()

    def sample(self, x: FloatMap, y: FloatMap, border: int, magnified: float) -> LinearRGB:
        """The image at these of its pixels, nowhere below 0.

        ``border`` is OpenCV's rule for those outside; ``magnified`` is how many pixels of the view show one of the
        picture's.
        """
        part = self._part_for(x, y, border, _TIMES if magnified >= _LEAST else 1)
        if part is None:
            return self._all().view(x, y, border)
        return part.view(x, y, cv2.BORDER_REPLICATE if border == cv2.BORDER_WRAP else border)

    def _part_for(self, x: FloatMap, y: FloatMap, border: int, times: int) -> _Part | None:
        """The part that the view is in; None where it would be too large."""
        spans = [_span(axis) for axis in (x, y)]
        height, width = self._image.height, self._image.width
        box = (*_within(spans[0], width, border == cv2.BORDER_WRAP), *_within(spans[1], height, False))
        with self._making:  # views are made by several threads
            known = self._parts.get(times)
            if known is not None and known.holds(box):
                return known
            left, right, top, bottom = box
            across, down = (round(_MARGIN * (end - start)) for start, end in (box[:2], box[2:]))
            left, right = _within((left - across, right + across), width, border == cv2.BORDER_WRAP, 0)
            top, bottom = _within((top - down, bottom + down), height, False, 0)
            pixels = (right - left) * (bottom - top)
            if pixels * times**2 > _MOST * x.size or (times == 1 and 2 * pixels > width * height):
                return None
            part = Interpolated(self._image.part(slice(top, bottom), np.arange(left, right) % width))
            self._parts[times] = _Part(left, right, top, bottom, part if times == 1 else part.enlarged(times))
            return self._parts[times]

    def _all(self) -> Interpolated:
        """The whole image, for views that see much of it."""
        with self._making:
            if self._whole is None:
                self._whole = Interpolated(self._image.whole())
            return self._whole


def _span(axis: FloatMap) -> tuple[float, float]:
    looked_at = [axis[::_STRIDE, ::_STRIDE], axis[-1:, ::_STRIDE], axis[::_STRIDE, -1:]]
    return min(float(each.min()) for each in looked_at), max(float(each.max()) for each in looked_at)


def _within(span: tuple[float, float], size: int, goes_round: bool, reach: int = _REACH) -> tuple[int, int]:
    """Whole pixels around ``span`` and ``reach`` more, within the image unless it ``goes_round``."""
    first, last = int(np.floor(span[0])) - reach, int(np.ceil(span[1])) + reach + 1
    return (first, last) if goes_round else (max(0, first), min(size, last))
