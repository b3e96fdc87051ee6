# SPDX-License-Identifier: GPL-3.0-or-later
"""Black bars around the image, on any of the four sides, the same in the whole clip or changing within it.

A row is told by the fraction of it that is brighter than black. A bar is black up to a straight edge, behind which
the image fills the row. What is written into a bar, such as subtitles, does not end it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB

Image = TypeVar("Image", bound=NDArray[Any])
Fractions = NDArray[np.uint8]
Sides = tuple[int, int, int, int]
#: The brightest black (codes of 255), and by how much more a pixel is no black, as compression smears it.
_BLACK = 24
_MORE = 10
#: Share of a row (of those that the image fills) from which it is one of the image, and up to which it is black.
_FULL = 0.5
_DARK = 0.02
#: Rows within which an edge turns from black to full: compression works in blocks of eight.
SHARP = 8
#: Rows that compression may lighten, how dark they are beside the row behind them at most, and in which fraction of
#: their pixels; how bright that row is at least (codes of 255, its median).
_THIN = 3
_DARKER = 0.5
_MOSTLY = 0.75
_BRIGHT = 60
#: A bar is at most this fraction of the side.
_MOST = 0.42
#: Frames in a row that must agree on other bars than the rest of the clip, and by how many rows they may differ.
_RUN = 8
_SAME = 2
#: Frames from which bars that open or close at an end of the clip are believed, the one that they come to included.
_MOVES = 4
#: Frames that are looked at together, at most, and the fraction of them that may be dark without hiding a row.
_TOGETHER = 1000
_LIT = 95
#: Rows and columns of a frame that are looked at, about.
_LINES = 270


@dataclass(frozen=True)
class Bars:
    """How many rows and columns of each side are no image."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    @property
    def sides(self) -> Sides:
        return self.top, self.bottom, self.left, self.right

    @property
    def any(self) -> bool:
        return any(self.sides)

    def and_those(self, other: Bars) -> Bars:
        """What is no image by either."""
        return Bars(*(max(one, more) for one, more in zip(self.sides, other.sides, strict=True)))

    def cut(self, image: Image) -> Image:
        """The part of a (height, width, ...) image within the bars."""
        height, width = image.shape[:2]
        inner = image[self.top : height - self.bottom, self.left : width - self.right]
        return np.ascontiguousarray(inner)  # type: ignore[return-value]

    def filled(self, image: Image) -> Image:
        """``image`` with what lies at the edge of its bars drawn out over them."""
        if not self.any:
            return image
        return cv2.copyMakeBorder(self.cut(image), *self.sides, cv2.BORDER_REPLICATE)  # type: ignore[return-value]

    def framed(self, inner: Image) -> Image:
        """What :meth:`cut` gave, in its place again: 0 on the bars."""
        if not self.any:
            return inner
        rest = [(0, 0)] * (inner.ndim - 2)
        return np.pad(inner, [(self.top, self.bottom), (self.left, self.right), *rest])  # type: ignore[return-value]


@dataclass(frozen=True)
class LitLines:
    """Which fraction of each row (height,) and of each column (width,) is not black, in 255ths."""

    rows: Fractions
    columns: Fractions


def lit_lines(frame: FrameRGB) -> LitLines:
    """Look at one frame."""
    height, width = frame.shape[:2]
    by_row, by_column = (
        _brightest(frame[:, :: max(1, width // _LINES)]),
        _brightest(frame[:: max(1, height // _LINES)]),
    )
    black = min(float(np.median(line)) for line in (by_row[0], by_row[-1], by_column[:, 0], by_column[:, -1]))
    # A frame whose rims are all brighter has no bars.
    limit = black + _MORE if black <= _BLACK else -1.0
    rows, columns = _fraction_above(by_row, limit, 1), _fraction_above(by_column, limit, 0)
    for lines, fractions in ((by_row, rows), (by_column.T, columns)):
        fractions[: _thin_bar(lines)] = 0
        fractions[len(fractions) - _thin_bar(lines[::-1]) :] = 0
    return LitLines(rows, columns)


def find_bars(frames: Sequence[LitLines]) -> list[Bars]:
    """The bars of each frame of a clip, in order.

    Those of the whole clip; where a run of frames agrees on wider ones, those. Between two runs a frame has its own
    where they lie between those of the runs: then the bars are moving. So they are before the first run and after the
    last where both sides grow or shrink steadily, as much as one another.
    """
    whole = _together(frames)
    own = [_sides(each.rows, each.columns) for each in frames]
    found: list[Sides | None] = [None] * len(frames)
    for first, last in _runs(own):
        common = _together(frames[first:last]) or whole or (0, 0, 0, 0)
        found[first:last] = [common] * (last - first)
    known = [index for index, each in enumerate(found) if each is not None]
    if known:
        for part in (range(known[0], -1, -1), range(known[-1], len(frames))):
            if _moving([found[part[0]], *(own[index] for index in part[1:])]):
                for index in part[1:]:
                    found[index] = own[index]
    before, after = _nearest(found), _nearest(found[::-1])[::-1]
    return [
        Bars(*(here or _between(each, one, other) or whole or (0, 0, 0, 0)))
        for here, each, one, other in zip(found, own, before, after, strict=True)
    ]


def _brightest(pixels: FrameRGB) -> NDArray[np.uint8]:
    red, green, blue = cv2.split(np.ascontiguousarray(pixels))
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _fraction_above(levels: NDArray[np.uint8], limit: float, axis: int) -> Fractions:
    _, above = cv2.threshold(levels, limit, 255, cv2.THRESH_BINARY)
    mean = cv2.reduce(above, axis, cv2.REDUCE_AVG, dtype=cv2.CV_32F)
    return np.rint(mean.ravel()).astype(np.uint8)


def _together(frames: Sequence[LitLines]) -> Sides | None:
    some = frames[:: 1 + len(frames) // _TOGETHER]
    rows, columns = (
        np.percentile(np.stack([getattr(each, name) for each in some]), _LIT, axis=0) for name in ("rows", "columns")
    )
    return _sides(rows, columns)


def _thin_bar(lines: NDArray[np.uint8]) -> int:
    """How many of the first ``lines`` are a bar that compression has lightened, so that it is no longer black."""
    inner = lines[_THIN].astype(np.float32)
    if np.median(inner) < _BRIGHT:
        return 0
    image = [bool((line < _DARKER * inner).mean() < _MOSTLY) for line in lines[:_THIN]]
    return image.index(True) if any(image) else _THIN


def _sides(rows: NDArray[Any], columns: NDArray[Any]) -> Sides | None:
    """The bars that the fractions (0..255) tell; None of a frame that is all but black, which tells nothing."""
    if max(rows.max(), columns.max()) < 255 * _FULL:
        return None
    return (*_both_ends(rows), *_both_ends(columns))


def _both_ends(fractions: NDArray[Any]) -> tuple[int, int]:
    return _end(fractions), _end(fractions[::-1])


def _end(fractions: NDArray[Any]) -> int:
    """How many lines from the start of ``fractions`` are a bar."""
    full = float(np.percentile(fractions, 90))
    first = int(np.argmax(fractions >= _FULL * full))
    dark = fractions[:first] <= 255 * _DARK
    if not first or first > _MOST * len(fractions) or not dark[0] or not dark[-SHARP:].any():
        return 0
    return first


def _runs(own: Sequence[Sides | None]) -> list[tuple[int, int]]:
    """Where at least so many frames in a row agree; frames that tell nothing go along."""
    runs: list[tuple[int, int]] = []
    start, known, first = 0, 0, None
    for index, each in enumerate([*own, (-_SAME - 1,) * 4]):
        if each is None or (first is not None and _alike(each, first)):
            known += each is not None
            continue
        if first is not None and known >= _RUN:
            runs.append((start, index))
        start, known, first = index, 1, each
    return runs


def _moving(sides: Sequence[Sides | None]) -> bool:
    """Whether bars that are opposite to one another move alike, and always one way."""
    known = [each for each in sides if each is not None]
    if len(known) < max(_MOVES, len(sides)):
        return False
    top, bottom, left, right = np.diff(np.array(known), axis=0).T
    for one, other in ((top, bottom), (left, right)):
        if np.abs(np.cumsum(one - other)).max() > _SAME or ((one < -1).any() and (one > 1).any()):
            return False
    return max(int(np.abs(each.sum())) for each in (top, left)) > _SAME


def _alike(one: Sides, other: Sides) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _SAME


def _nearest(found: Sequence[Sides | None]) -> list[Sides | None]:
    """For each frame what was found last before it."""
    last: Sides | None = None
    nearest = []
    for each in found:
        last = each or last
        nearest.append(last)
    return nearest


def _between(own: Sides | None, before: Sides | None, after: Sides | None) -> Sides | None:
    if before is None or after is None:
        return before or after
    ends = [sorted(pair) for pair in zip(before, after, strict=True)]
    low = (ends[0][0], ends[1][0], ends[2][0], ends[3][0])
    if own is not None and all(least <= side <= most for side, (least, most) in zip(own, ends, strict=True)):
        return own
    return low
