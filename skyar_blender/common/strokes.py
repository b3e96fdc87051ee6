# SPDX-License-Identifier: GPL-3.0-or-later
"""Strokes of the Sky Brush: what they say, how they are kept as text, and which pixels they mark."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from ..contract.correction import Truth

Point = tuple[float, float]
_TRUTHS: tuple[Truth, ...] = ("sky", "not_sky")
#: Dabs along a stroke lie so many radii apart: their rim is straight to a hundredth of the radius.
_STEP = 0.25
#: Decimals of places; a tenth of a pixel of an image of 8192.
_DECIMALS = 5


@dataclass(frozen=True)
class Stroke:
    """One movement of the brush over one frame.

    Attributes:
        frame: the source frame of the clip, from 0, so that trimming and moving the strip do not matter.
        truth: what it says of the places that it covers.
        reach: radius of the brush, as shares of the width and of the height of the picture.
        points: its middle, (0..1 across, 0..1 down).
    """

    frame: int
    truth: Truth
    reach: Point
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if self.truth not in _TRUTHS or self.frame < 0 or not self.points:
            raise ValueError("a stroke is of an unknown kind, of no frame, or has no points")
        numbers = [*self.reach, *(part for point in self.points for part in point)]
        if any(len(pair) != 2 for pair in (self.reach, *self.points)) or not all(map(math.isfinite, numbers)):
            raise ValueError("a stroke's places must be pairs of numbers")
        if min(self.reach) <= 0:
            raise ValueError("a stroke has no width")


def strokes_to_text(strokes: Sequence[Stroke]) -> str:
    """The strokes as JSON, in order."""
    plain = []
    for stroke in strokes:
        points = [[round(part, _DECIMALS) for part in point] for point in stroke.points]
        reach = [max(round(part, _DECIMALS), 10**-_DECIMALS) for part in stroke.reach]
        plain.append(asdict(stroke) | {"reach": reach, "points": points})
    return json.dumps(plain, separators=(",", ":"))


def strokes_of_text(text: str) -> list[Stroke]:
    """The strokes of what :func:`strokes_to_text` gave. Raises ValueError for anything else."""
    try:
        return [
            Stroke(
                each["frame"],
                each["truth"],
                tuple(each["reach"]),
                tuple(tuple(point) for point in each["points"]),
            )
            for each in json.loads(text)
        ]
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"these are no strokes: {error}") from error


def marked_by(strokes: Sequence[Stroke], width: int, height: int) -> dict[Truth, bytes]:
    """What ``strokes`` of one frame mark: rows from the uppermost on, a byte per pixel, 255 = marked.

    Where two strokes say different things, the later one is right; a truth that marks nothing is left out.
    """
    marks = {truth: bytearray(width * height) for truth in _TRUTHS}
    white, black = b"\xff" * width, bytes(width)
    for stroke in strokes:
        here, other = marks[stroke.truth], marks["sky" if stroke.truth == "not_sky" else "not_sky"]
        for row, left, right in _spans(stroke, width, height):
            start, end = row * width + left, row * width + right
            here[start:end], other[start:end] = white[left:right], black[left:right]
    return {truth: bytes(found) for truth, found in marks.items() if any(found)}


def _spans(stroke: Stroke, width: int, height: int) -> Iterator[tuple[int, int, int]]:
    """Row, first column, and column after the last, of all parts that the stroke covers; some more than once."""
    across, down = max(stroke.reach[0] * width, 0.5), max(stroke.reach[1] * height, 0.5)
    for u, v in _dabs(stroke, width, height):
        x, y = u * width, v * height
        for row in range(max(0, math.ceil(y - down - 0.5)), min(height, math.floor(y + down - 0.5) + 1)):
            half = across * math.sqrt(max(0.0, 1.0 - ((row + 0.5 - y) / down) ** 2))
            left, right = max(0, math.ceil(x - half - 0.5)), min(width, math.floor(x + half - 0.5) + 1)
            if left < right:
                yield row, left, right


def _dabs(stroke: Stroke, width: int, height: int) -> Iterator[Point]:
    """Points along the stroke, close enough to one another."""
    yield stroke.points[0]
    across, down = (max(reach, 0.5 / size) for reach, size in zip(stroke.reach, (width, height), strict=True))
    for (u, v), (next_u, next_v) in pairwise(stroke.points):
        radii = math.hypot((next_u - u) / across, (next_v - v) / down)
        count = max(1, math.ceil(radii / _STEP))
        for step in range(1, count + 1):
            part = step / count
            yield u + (next_u - u) * part, v + (next_v - v) * part
