# SPDX-License-Identifier: GPL-3.0-or-later
"""Burnt-in graphics that stand still over a moving image: a logo, a timecode, a title.

The edges of what stands still are the same in all frames, to the grey level, whatever moves behind it. Boxes around
such edges hold a graphic; what of it a frame shows is told by the graphic's own colours, so that digits that change
are found too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB, Matte
from .bars import SHARP, Bars

Levels = NDArray[np.float32]
Box = tuple[int, int, int, int]
Colour = tuple[float, float, float]
#: Long side at which edges are looked for, and frames that tell: at least, and at most.
_SIZE = 1920
_LEAST = 8
FRAMES = 32
#: Rows that are added up at a time: what stays in the processor's cache is done in a third of the time.
_BAND = 32
#: Mean slope of an edge, in codes per pixel, and the fraction of it by which the edge of a graphic changes at most.
_SLOPE = 8.0
_CHANGE = 0.15
#: Pixels by which the edges of a graphic move, at most, from one half of the frames to the other. On real and made
#: clips logos, subtitles and clocks move by .07 at most; far shores and facades, which creep, by .18 and more.
_MOVED = 0.12
#: The image counts as moving where at most this fraction of its edges stands still; slope of any edge.
_STILL = 0.3
_ANY = 6.0
#: Gap that is closed within a graphic, as a fraction of the height; how far beyond its still edges it may go on with
#: digits that change, in its own heights.
_GAP = 0.04
_BESIDE = 1.5
#: Share of a box that is edges, at least, and of the image that one box, and all of them, take at most.
_DENSE = 0.03
_LARGE = 0.1
_ALL = 0.2
#: Codes by which a pixel may change over time and still be a graphic's; by which its colour differs from another.
_STEADY = 4.0
_OTHER = 14.0
#: Codes by which a pixel differs from the graphic's colour, at most, to be one of it; share of the way to what is
#: around, where that is less: of a watermark that is hardly to be seen.
_SAME = 12.0
_NEAR = 0.4
#: Share of the way from what is around to another colour at which a colour is but a mixture of both.
_MIXED = (0.05, 0.9)
#: Colours of one graphic.
_COLOURS = 3


@dataclass(frozen=True)
class Graphic:
    """``box``: top, bottom, left, right in pixels of the clip; ``colours``: R, G, B as displayed, 0..255."""

    box: Box
    colours: tuple[Colour, ...]


class StillEdges:
    """Gathers, frame by frame, how still the edges of a clip stand."""

    def __init__(self) -> None:
        self._count = 0
        self._sums: list[Levels] = []
        self._shape = (0, 0)

    def add(self, frame: FrameRGB) -> None:
        """Look at one frame."""
        scale = min(1.0, _SIZE / max(frame.shape[:2]))
        self._shape = frame.shape[:2]
        if scale < 1:
            frame = np.asarray(cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        if not self._sums:
            self._sums = [np.zeros((*grey.shape, *more), np.float32) for more in [()] * 7 + [(3,)]]
        for first in range(0, len(grey), _BAND):
            rows = slice(first, min(first + _BAND, len(grey)))
            for total, each in zip(self._sums, self._planes(frame, np.asarray(grey, np.uint8), rows), strict=True):
                total[rows] += each
        self._count += 1

    def _planes(self, frame: FrameRGB, grey: NDArray[np.uint8], rows: slice) -> tuple[Levels, ...]:
        """What is added up of some rows of a frame."""
        above = min(1, rows.start)  # an edge is seen with the rows beside it
        around = grey[rows.start - above : rows.stop + 1].astype(np.float32)
        inner = slice(above, above + rows.stop - rows.start)
        level = around[inner]
        across, down = (
            np.asarray(cv2.Sobel(around, cv2.CV_32F, *way, scale=1 / 8), np.float32)[inner]
            for way in ((1, 0), (0, 1))
        )
        squared = across * across + down * down
        then = level * np.float32(self._count)
        return across, down, squared, np.sqrt(squared), level, level * level, then, frame[rows].astype(np.float32)

    def graphics(self, bars: Bars | None = None) -> list[Graphic]:
        """The graphics of the frames looked at; none where these are few, or the image itself stands still.

        What lies right at one of the clip's ``bars`` is its rim, as compression smears it.
        """
        if self._count < _LEAST:
            return []
        across, down, squared, slope, grey, grey_squared, then, colour = (each / self._count for each in self._sums)
        change = np.sqrt(np.maximum(squared - across * across - down * down, 0))
        edges = slope > _ANY
        if not edges.any() or (change[edges] < _CHANGE * slope[edges]).mean() > _STILL:
            return []
        still = (np.hypot(across, down) > _SLOPE) & (change < _CHANGE * slope)
        if bars is not None:
            still &= self._off_rim(bars, still.shape)
        steady = np.sqrt(np.maximum(grey_squared - grey * grey, 0)) < _STEADY
        # The line through the grey of all frames, from the middle of one half of them to that of the other.
        middle = (self._count - 1) / 2
        later = (then - middle * grey) * np.float32(6 * self._count / (self._count**2 - 1))
        found = []
        for box in _boxes(still):
            if _moved(box, still, (across, down), later) > _MOVED:
                continue
            colours = _colours(box, still, steady, np.asarray(colour, np.float32))
            if colours:
                found.append(Graphic(self._of_clip(box, still.shape), colours))
        covered = sum((bottom - top) * (right - left) for top, bottom, left, right in (each.box for each in found))
        return found if covered <= _ALL * self._shape[0] * self._shape[1] else []

    def _off_rim(self, bars: Bars, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """What is not on ``bars``, nor right at them."""
        wider = Bars(*(side + SHARP if side else 0 for side in bars.sides))
        inner = wider.framed(np.ones(wider.cut(np.empty(self._shape, np.uint8)).shape, np.uint8))
        return np.asarray(cv2.resize(inner, shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8) > 0

    def _of_clip(self, box: Box, shape: tuple[int, ...]) -> Box:
        """``box``, wider by what may be digits that change, in pixels of the clip."""
        top, bottom, left, right = box
        beside = _BESIDE * (bottom - top)
        rows, columns = self._shape[0] / shape[0], self._shape[1] / shape[1]
        return (
            max(0, int(top * rows) - 3),
            min(self._shape[0], int(bottom * rows) + 4),
            max(0, int((left - beside) * columns)),
            min(self._shape[1], int((right + beside) * columns) + 1),
        )


def coverage(frame: FrameRGB, graphics: Sequence[Graphic]) -> Matte:
    """How far each pixel of ``frame`` is a graphic's, 0..1."""
    found = np.zeros(frame.shape[:2], np.float32)
    for graphic in graphics:
        place = slice(*graphic.box[:2]), slice(*graphic.box[2:])
        np.maximum(found[place], _covered(frame[place], graphic.colours), out=found[place])
    return found


def wiped(frame: FrameRGB, graphics: Sequence[Graphic]) -> FrameRGB:
    """``frame`` with its graphics filled from around them, for what looks at the image alone."""
    if not graphics:
        return frame
    clean = frame.copy()
    for graphic in graphics:
        place = slice(*graphic.box[:2]), slice(*graphic.box[2:])
        cover = (_covered(frame[place], graphic.colours) > 0).astype(np.uint8)
        cover = np.asarray(cv2.dilate(cover, np.ones((5, 5), np.uint8)), np.uint8)
        clean[place] = cv2.inpaint(np.ascontiguousarray(frame[place]), cover, 3, cv2.INPAINT_TELEA)
    return clean


def _boxes(still: NDArray[np.bool_]) -> list[Box]:
    gap = max(3, round(_GAP * len(still)) | 1)
    closed = cv2.morphologyEx(still.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    found = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in stats[number][:4])
        edges = int(still[labels == number].sum())
        if min(width, height) < 4 or edges < max(12, _DENSE * width * height) or width * height > _LARGE * still.size:
            continue
        found.append((top, top + height, left, left + width))
    return found


def _moved(box: Box, still: NDArray[np.bool_], slopes: Sequence[NDArray[Any]], later: NDArray[Any]) -> float:
    """Pixels by which the still edges in a box move while their grey changes by ``later``, by least squares."""
    top, bottom, left, right = box
    place = slice(top, bottom), slice(left, right)
    at = still[place]
    gradients = np.stack([each[place][at] for each in slopes], axis=1).astype(np.float64)
    motion, *_ = np.linalg.lstsq(gradients, later[place][at].astype(np.float64), rcond=None)
    return float(np.hypot(*motion))


def _colours(box: Box, still: NDArray[np.bool_], steady: NDArray[np.bool_], colour: Levels) -> tuple[Colour, ...]:
    """Colours of what is steady at still edges, without that of the image around the box."""
    top, bottom, left, right = box
    height, width = still.shape
    outer = slice(max(0, top - 6), min(height, bottom + 6)), slice(max(0, left - 6), min(width, right + 6))
    ring = np.ones(still[outer].shape, np.bool_)
    ring[top - outer[0].start : bottom - outer[0].start, left - outer[1].start : right - outer[1].start] = False
    around = np.median(colour[outer][ring], axis=0) if ring.any() else np.full(3, -1e3)
    place = slice(top, bottom), slice(left, right)
    near = cv2.dilate(still[place].astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    pixels = np.ascontiguousarray(colour[place][near & steady[place]], np.float32)
    pixels = pixels[np.abs(pixels - around).max(axis=1) > _OTHER]
    if len(pixels) < 4 * _COLOURS:
        return ()
    rule = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    start = np.asarray(np.argsort(np.argsort(pixels.sum(axis=1))) * _COLOURS // len(pixels), np.int32)[:, None]
    _, labels, centres = cv2.kmeans(pixels, _COLOURS, start, rule, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    fractions = np.bincount(labels.ravel(), minlength=_COLOURS) / len(pixels)
    found = [centre for centre, fraction in zip(centres, fractions, strict=True) if fraction > 0.1]
    pure = [each for each in found if not any(_is_mixture(each, around, other) for other in found)]
    return tuple((float(red), float(green), float(blue)) for red, green, blue in pure)


def _is_mixture(colour: Levels, around: Levels, other: Levels) -> bool:
    """Whether ``colour`` is what lies around with some of ``other``, as at the rim of a stroke."""
    towards = other - around
    fraction = float((colour - around) @ towards / max(float(towards @ towards), 1e-6))
    aside = float(np.linalg.norm(colour - around - fraction * towards))
    return _MIXED[0] < fraction < _MIXED[1] and aside < _SAME


def _covered(part: FrameRGB, colours: tuple[Colour, ...]) -> Matte:
    """Coverage of a box: 1 where a pixel has a colour of the graphic, less at the rim of such places."""
    pixels = part.astype(np.float32)
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    around = np.median(rim, axis=0)
    found = np.zeros(part.shape[:2], np.float32)
    for colour in colours:
        towards = np.array(colour, np.float32) - around
        length = float(np.linalg.norm(towards))
        if np.abs(towards).max() < _OTHER:
            continue
        fraction = (pixels - around) @ towards / np.float32(length * length)
        aside = np.linalg.norm(pixels - around - fraction[..., None] * towards, axis=2)
        fraction[(aside > 0.35 * length) | (aside > 40)] = 0
        same = min(_SAME, _NEAR * float(np.abs(towards).max()))
        core = (np.abs(pixels - np.array(colour, np.float32)).max(axis=2) < same).astype(np.uint8)
        near = cv2.dilate(core, np.ones((5, 5), np.uint8))
        # The brightest of a thin stroke is not quite its colour.
        np.maximum(found, np.clip((fraction - 0.1) / 0.7, 0, 1) * near, out=found)
    if len(colours) == 1:
        return found
    # Where two colours meet there is neither.
    return np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.float32)
