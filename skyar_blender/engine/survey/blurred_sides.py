# SPDX-License-Identifier: GPL-3.0-or-later
"""Blurred sides: an image of another shape put into the middle of a blurred copy of itself.

On both sides fine detail is missing all the time, up to one straight line. Either nearly all of it is missing, and
both are as wide as one another; or the line is sharp, and they show what the image in between shows, enlarged until
it fills all.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Float64Array, FrameRGB
from .bars import Bars

#: Detail (mean absolute Laplacian) of a side as a fraction of the middle's, at most; the middle's, at least.
_SOFT = 0.2
_DETAIL = 1.5
#: Detail from which, right behind its edge, the middle begins, as a fraction of its own.
_BEGINS = 0.3
#: The same along an edge as a multiple of the most before it; of what is before it, as a fraction of what is behind.
_EDGE = 4.0
_SOFTER = 0.5
#: A side as a fraction of the whole; by how much both may differ.
_LEAST = 0.05
_MOST = 0.42
_UNLIKE = 0.02
#: By how much more the copy behind the image may be enlarged than it must, and how like it the sides are.
_ENLARGED = (1.0, 1.1, 1.2, 1.35, 1.5)
_ALIKE = 0.8
#: What is plain without any blur varies less along a side than this (codes).
_PLAIN = 6.0


class Detail:
    """Gathers, frame by frame, how much detail each row and each column has."""

    def __init__(self) -> None:
        self._rows: list[Float64Array] = []
        self._columns: list[Float64Array] = []
        self._frame: NDArray[np.uint8] | None = None

    def add(self, frame: FrameRGB) -> None:
        """Look at one frame; all of a clip are of one size."""
        self._frame = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)
        detail = np.abs(cv2.Laplacian(self._frame, cv2.CV_32F))
        self._rows.append(detail.mean(axis=1).astype(np.float64))
        self._columns.append(detail.mean(axis=0).astype(np.float64))

    @property
    def sides(self) -> Bars:
        """The blurred sides, as bars; none of a clip that has none."""
        if self._frame is None:
            return Bars()
        left, right = _sides(np.mean(self._columns, axis=0), self._frame.T)
        top, bottom = _sides(np.mean(self._rows, axis=0), self._frame)
        return Bars(left=left, right=right) if left else Bars(top, bottom)


def _sides(detail: Float64Array, image: NDArray[np.uint8]) -> tuple[int, int]:
    """How many lines at the start and the end of ``image`` are blurred, or 0 and 0; ``detail`` is per line."""
    count = len(detail)
    first, last = _soft(detail), _soft(detail[::-1])
    if not first or not last or abs(first - last) > _UNLIKE * count + 2:
        first, last = _before_edge(detail), _before_edge(detail[::-1])
        if not first or not last or not _are_copies(image, first, last):
            return 0, 0
    if min(float(image[:first].std()), float(image[count - last :].std())) < _PLAIN:
        return 0, 0
    return first, last


def _are_copies(image: NDArray[np.uint8], first: int, last: int) -> bool:
    """Whether the sides show, blurred, the lines in between, enlarged to the size of the whole around its middle."""
    count, across = image.shape
    inner = cv2.GaussianBlur(np.ascontiguousarray(image[first : count - last]), (0, 0), count / 60)
    sides = np.concatenate([image[:first], image[count - last :]]).ravel()
    for more in _ENLARGED:
        scale = more * max(count / len(inner), 1.0)
        behind = np.asarray(cv2.resize(inner, None, fx=scale, fy=scale))
        down, right = (behind.shape[0] - count) // 2, (behind.shape[1] - across) // 2
        copy = behind[down : down + count, right : right + across]
        seen = np.concatenate([copy[:first], copy[count - last :]]).ravel()
        if len(seen) == len(sides) and np.corrcoef(seen, sides)[0, 1] > _ALIKE:
            return True
    return False


def _soft(detail: Float64Array) -> int:
    """How many of the first lines are soft, or 0, where the middle of the whole is rich in detail."""
    count = len(detail)
    middle = float(np.median(detail[2 * count // 5 : 3 * count // 5]))
    if middle < _DETAIL:
        return 0
    clear = detail > _SOFT * middle
    first = int(np.argmax(clear))
    begins = float(np.median(detail[first : first + 6]))
    return first if _LEAST * count <= first <= _MOST * count and begins > _BEGINS * middle else 0


def _before_edge(detail: Float64Array) -> int:
    """How many of the first lines come before an edge that is sharper by far than anything in them, or 0."""
    count = len(detail)
    before = np.maximum.accumulate(detail)
    for line in range(round(_LEAST * count), round(_MOST * count)):
        if line > 3 and min(detail[line - 1], detail[line]) > _EDGE * before[line - 3]:
            inner = float(np.median(detail[line + 2 : line + 2 + count // 8]))
            return line if float(np.median(detail[:line])) < _SOFTER * inner else 0
    return 0
