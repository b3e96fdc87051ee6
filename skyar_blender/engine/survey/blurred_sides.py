# SPDX-License-Identifier: GPL-3.0-or-later
"""Blurred sides: an image of another shape put into the middle of a blurred copy of itself.

On both sides fine detail is missing all the time, up to one straight line, as far in on the one as on the other.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Float64Array, FrameRGB
from .bars import Bars

#: Detail (mean absolute Laplacian) of a side as a share of that of the middle, at most; that of the middle, at least.
_SOFT = 0.2
_DETAIL = 1.5
#: Detail from which, right behind its edge, the middle begins, as a share of its own.
_BEGINS = 0.3
#: A side as a share of the whole; by how much both may differ.
_LEAST = 0.05
_MOST = 0.42
_UNLIKE = 0.02
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
    middle = float(np.median(detail[2 * count // 5 : 3 * count // 5]))
    if middle < _DETAIL:
        return 0, 0
    first, last = _soft(detail, middle), _soft(detail[::-1], middle)
    if not first or not last or abs(first - last) > _UNLIKE * count + 2:
        return 0, 0
    if min(float(image[:first].std()), float(image[count - last :].std())) < _PLAIN:
        return 0, 0
    return first, last


def _soft(detail: Float64Array, middle: float) -> int:
    clear = detail > _SOFT * middle
    first = int(np.argmax(clear))
    begins = float(np.median(detail[first : first + 6]))
    return first if _LEAST * len(detail) <= first <= _MOST * len(detail) and begins > _BEGINS * middle else 0
