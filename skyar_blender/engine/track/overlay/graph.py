# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure the track is, frame by frame, as a small image beside the result."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ....common.confidence import WEAK, confidence_colour
from ....contract.track_file import Track
from ...types import FrameRGB
from ..weak_ranges import weak_ranges

WIDTH = 960
HEIGHT = 240
#: Margins of the plot in pixels: left, top, right, bottom.
_LEFT = 46
_TOP = 14
_RIGHT = 18
_BOTTOM = 30
#: Drawn so many times larger and made smaller, for smooth edges.
_LARGER = 3
_GROUND = (29, 29, 29)
_PLOT = (38, 38, 38)
_LINES = (66, 66, 66)
_WORDS = (190, 190, 190)
_SHADE = (92, 40, 36)
_CUT = (120, 170, 235)
_LIMIT = (150, 150, 150)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
#: Most frames' numbers that are written below.
_NUMBERS = 10


def confidence_graph(track: Track) -> FrameRGB:
    """Confidence of each frame of ``track`` as a curve (:data:`HEIGHT`, :data:`WIDTH`, 3), frames counted from 1.

    Ranges that are weak are shaded, bridged frames are not filled in, cuts are blue lines. Of frames that share a
    column, the least sure one counts.
    """
    size = (HEIGHT * _LARGER, WIDTH * _LARGER, 3)
    image = np.full(size, _GROUND, np.uint8)
    left, right = _LEFT * _LARGER, (WIDTH - _RIGHT) * _LARGER
    top, bottom = _TOP * _LARGER, (HEIGHT - _BOTTOM) * _LARGER
    image[top:bottom, left:right] = _PLOT
    count = len(track.frames)
    sure = np.clip([frame.confidence for frame in track.frames], 0, 1)
    # Frame k fills the columns from edge k to edge k + 1.
    edges = left + np.rint(np.arange(count + 1) * (right - left) / max(1, count)).astype(int)
    for weak in weak_ranges(track):
        image[top:bottom, edges[weak.first] : max(edges[weak.last + 1], edges[weak.first] + 2 * _LARGER)] = _SHADE
    for value in (0.0, 0.5, 1.0):
        row = _row(value, top, bottom)
        image[row : row + _LARGER, left:right] = _LINES
    _curve(image, sure, np.array([frame.source == "interpolated" for frame in track.frames]), edges, top, bottom)
    limit = _row(WEAK, top, bottom)
    for start in range(left, right, 12 * _LARGER):
        image[limit : limit + _LARGER, start : start + 6 * _LARGER] = _LIMIT
    for index, frame in enumerate(track.frames):
        if frame.source == "cut":
            image[top:bottom, edges[index] : edges[index] + 2 * _LARGER] = _CUT
    small = np.asarray(cv2.resize(image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    _write(small, count, edges / _LARGER)
    return small


def _row(value: float, top: int, bottom: int) -> int:
    return round(bottom - _LARGER - value * (bottom - top - 2 * _LARGER))


def _curve(
    image: FrameRGB,
    sure: NDArray[np.float64],
    bridged: NDArray[np.bool_],
    edges: NDArray[np.int_],
    top: int,
    bottom: int,
) -> None:
    """The area below the curve, dim, and the curve itself, in the colours of the confidence."""
    columns = np.full(image.shape[1], np.nan)
    hollow = np.zeros(image.shape[1], np.bool_)
    for index, value in enumerate(sure):
        part = slice(edges[index], max(edges[index + 1], edges[index] + 1))
        columns[part] = np.fmin(columns[part], value)
        hollow[part] |= bridged[index]
    if len(sure) * _LARGER > columns.size:
        # A single bad frame among thousands must still be seen once the image has been made smaller.
        columns = np.repeat(np.fmin.reduce(columns.reshape(-1, _LARGER), axis=1), _LARGER)
    before: int | None = None
    for column in np.flatnonzero(~np.isnan(columns)):
        colour = np.array(confidence_colour(float(columns[column])))
        row = _row(float(columns[column]), top, bottom)
        if not hollow[column]:
            below = image[row:bottom, column]
            image[row:bottom, column] = np.rint(0.65 * below + 0.35 * colour).astype(np.uint8)
        # Steps are drawn through, so that the curve has no holes.
        first, last = (row, row) if before is None else (min(row, before), max(row, before))
        image[max(top, first - _LARGER) : min(bottom, last + _LARGER), column] = colour
        before = row


def _write(image: FrameRGB, count: int, edges: NDArray[np.float64]) -> None:
    top, bottom = _TOP, HEIGHT - _BOTTOM
    for text, value in (("1", 1.0), (".5", 0.5), (f"{WEAK:g}".lstrip("0"), WEAK), ("0", 0.0)):
        (width, height), _ = cv2.getTextSize(text, _FONT, 0.42, 1)
        row = round(bottom - value * (bottom - top))
        cv2.putText(image, text, (_LEFT - 8 - width, row + height // 2), _FONT, 0.42, _WORDS, 1, cv2.LINE_AA)
    for index in _numbered(count):
        text = str(index + 1)
        (width, _), _ = cv2.getTextSize(text, _FONT, 0.42, 1)
        middle = (edges[index] + edges[index + 1]) / 2
        at = (round(min(max(middle - width / 2, _LEFT), WIDTH - 2 - width)), HEIGHT - 10)
        cv2.putText(image, text, at, _FONT, 0.42, _WORDS, 1, cv2.LINE_AA)


def _numbered(count: int) -> list[int]:
    """Frames (from 0) whose numbers are written: the first, and then round ones."""
    if count <= _NUMBERS:
        return list(range(count))
    step = next(
        round_one
        for power in range(9)
        for round_one in (10**power, 2 * 10**power, 5 * 10**power)
        if count / round_one <= _NUMBERS
    )
    return [0, *range(step - 1, count, step)]
