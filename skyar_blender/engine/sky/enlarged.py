# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a picture that a shot sees, enlarged once, so that a magnified view is quick to take from it.

Cubic interpolation of every view costs three times as much as linear interpolation. Where a view magnifies the
picture anyway, its part is enlarged by cubic interpolation, and the views are taken linearly from that: about as fine
as the view itself, so that nothing is lost. A camera that turns needs another part now and then.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import cv2
import numpy as np

from ..types import LinearRGB
from .view_map import FloatMap

#: Pixels of the view for each of the picture's from which this pays; from the second on it is enlarged twice as far.
_LEAST, _MUCH = 1.5, 3.0
# Every so manieth pixel of a view is looked at to find what it sees, and so many pixels more are taken on each side:
# as far as cubic interpolation reaches, and what is seen between those that were looked at.
_STRIDE, _REACH = 8, 10
# Of the width and height seen, how much more is enlarged on each side, for the views to come.
_MARGIN = 0.2
# Largest part, in pixels when enlarged, for each pixel of the view: one that sees all around is no gain.
_MOST = 6.0


@dataclass(frozen=True)
class _Part:
    """Columns from ``left`` to ``right`` and rows from ``top`` to ``bottom`` of the picture, ``times`` as large."""

    left: int
    right: int
    top: int
    bottom: int
    times: int
    picture: LinearRGB

    def holds(self, box: tuple[int, int, int, int], times: int) -> bool:
        left, right, top, bottom = box
        inside = self.left <= left and right <= self.right and self.top <= top and bottom <= self.bottom
        return inside and self.times == times


class Enlarged:
    """Views of a (height, width, 3) picture, of which all that was cut from it is in ``calm``."""

    def __init__(self, calm: LinearRGB) -> None:
        self._calm = calm
        self._part: _Part | None = None
        self._making = threading.Lock()

    def sample(self, x: FloatMap, y: FloatMap, border: int, magnified: float) -> LinearRGB:
        """The picture at these of its pixels, nowhere below 0.

        ``border`` is OpenCV's rule for those outside; ``magnified`` is how many pixels of the view show one of the
        picture's.
        """
        part = self._part_for(x, y, border, magnified) if magnified >= _LEAST else None
        if part is None:
            return _not_negative(cv2.remap(self._calm, x, y, cv2.INTER_CUBIC, borderMode=border))
        # The middle of a pixel is at a whole number in both.
        half = (part.times - 1) / 2
        columns = x * np.float32(part.times)
        columns += np.float32(half - part.left * part.times)
        rows = y * np.float32(part.times)
        rows += np.float32(half - part.top * part.times)
        view = cv2.remap(part.picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(view, np.float32)

    def _part_for(self, x: FloatMap, y: FloatMap, border: int, magnified: float) -> _Part | None:
        """The part that the view is in; None where it would be too large."""
        times = 4 if magnified >= _MUCH else 2
        spans = [_span(axis) for axis in (x, y)]
        height, width = self._calm.shape[:2]
        box = (*_within(spans[0], width, border == cv2.BORDER_WRAP), *_within(spans[1], height, False))
        with self._making:  # views are made by several threads
            if self._part is not None and self._part.holds(box, times):
                return self._part
            left, right, top, bottom = box
            across, down = (round(_MARGIN * (end - start)) for start, end in (box[:2], box[2:]))
            left, right = _within((left - across, right + across), width, border == cv2.BORDER_WRAP, 0)
            top, bottom = _within((top - down, bottom + down), height, False, 0)
            if (right - left) * (bottom - top) * times**2 > _MOST * x.size:
                return None
            columns = np.arange(left, right) % width
            inside = np.ascontiguousarray(self._calm[top:bottom][:, columns])
            size = ((right - left) * times, (bottom - top) * times)
            picture = _not_negative(cv2.resize(inside, size, interpolation=cv2.INTER_CUBIC))
            self._part = _Part(left, right, top, bottom, times, picture)
            return self._part


def _not_negative(picture: object) -> LinearRGB:
    """Cubic interpolation falls below beside what is bright."""
    found = np.asarray(picture, np.float32)
    return np.maximum(found, 0.0, out=found)


def _span(axis: FloatMap) -> tuple[float, float]:
    looked_at = [axis[::_STRIDE, ::_STRIDE], axis[-1:, ::_STRIDE], axis[::_STRIDE, -1:]]
    return min(float(each.min()) for each in looked_at), max(float(each.max()) for each in looked_at)


def _within(span: tuple[float, float], size: int, goes_round: bool, reach: int = _REACH) -> tuple[int, int]:
    """Whole pixels around ``span`` and ``reach`` more, within the picture unless it ``goes_round``."""
    first, last = int(np.floor(span[0])) - reach, int(np.ceil(span[1])) + reach + 1
    return (first, last) if goes_round else (max(0, first), min(size, last))
