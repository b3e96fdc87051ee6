# SPDX-License-Identifier: GPL-3.0-or-later
"""The Sky Brush: the stroke that is being painted, and strokes as they are seen over the draft."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from ...common.strokes import Stroke
from ...contract.correction import Truth
from ...contract.errors import SkyarError
from ..drawn_lines import draw_area, draw_lines
from ..strips.strokes import read
from .geometry import PicturePlace, Point, lengthened, outline, reach_of
from .subject import Subject

#: Red, green, blue of what is painted.
_COLOURS: dict[str, tuple[float, float, float]] = {"sky": (0.15, 0.5, 1.0), "not_sky": (1.0, 0.3, 0.1)}
_SEEN, _RIM, _RIM_WIDTH = 0.4, 0.9, 1.5
#: Part of the radius that the mouse must have moved for another point.
_STEP = 0.2
_SIZES = (0.002, 0.5)

#: Where the mouse is over the picture, as the picture has it; None elsewhere.
pointer: Point | None = None
#: The stroke under way.
current: Painting | None = None


class Painting:
    """A stroke from where the button was pressed."""

    def __init__(self, place: PicturePlace, frame: int, truth: Truth, size: float, start: Point) -> None:
        self._place = place
        self._frame = frame
        self._truth = truth
        self._reach = reach_of(place, size)
        self._points: list[Point] = []
        self.go(start)

    def go(self, point: Point) -> None:
        """On to a pixel of the region, which may lie beyond the picture."""
        found = self._place.uv(*point)
        if found is None:
            return
        if self._points:
            across, down = (
                (now - before) / reach
                for now, before, reach in zip(found, self._points[-1], self._reach, strict=True)
            )
            if math.hypot(across, down) < _STEP:
                return
        self._points.append(found)

    @property
    def stroke(self) -> Stroke:
        """What was painted so far."""
        return Stroke(self._frame, self._truth, self._reach, tuple(self._points))


def resized(size: float, larger: bool) -> float:
    """Another size of the brush, a step larger or smaller."""
    low, high = _SIZES
    return min(max(size * (1.15 if larger else 1 / 1.15), low), high)


def draw(place: PicturePlace, subject: Subject, view: Any) -> None:
    """The strokes of the frame, the one under way, and the brush at the mouse."""
    try:
        strokes = read(subject.as_now().strokes, subject.strip)
    except SkyarError:
        strokes = []  # the draft tells
    strokes = [stroke for stroke in strokes if stroke.frame == subject.source]
    for stroke in [*strokes, *([] if current is None else [current.stroke])]:
        _draw_stroke(place, stroke)
    if pointer is not None:
        rim = outline(place, pointer, reach_of(place, view.brush_size))
        ends = [point for corner, point in enumerate(rim) for point in (rim[corner - 1], point)]
        draw_lines(ends, _RIM_WIDTH, (*_COLOURS[view.hand.lower()], _RIM))


def _draw_stroke(place: PicturePlace, stroke: Stroke) -> None:
    colour = (*_COLOURS[stroke.truth], _SEEN)
    if len(stroke.points) == 1:
        draw_area(outline(place, stroke.points[0], stroke.reach), colour)
        return
    # A line ends at its last point, the brush a radius beyond it.
    radius = stroke.reach[0] * place.width
    points = lengthened([place.at(*point) for point in stroke.points], radius)
    ends = [point for pair in pairwise(points) for point in pair]
    draw_lines(ends, 2 * radius, colour)
