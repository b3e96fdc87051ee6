# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a draft lies in the preview, and what the hand means there. Plain numbers: no Blender."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
_WHOLE = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True)
class PicturePlace:
    """An affine map from the picture, (u, v) = 0..1 from its upper left, to pixels of a region, from its lower left.

    Attributes:
        origin: the picture's upper left corner.
        across: from there to the upper right one.
        down: from there to the lower left one.
    """

    origin: Point
    across: Point
    down: Point

    def at(self, u: float, v: float) -> Point:
        """The pixel of the region at a point of the picture."""
        (x, y), (right, up), (leaning, sinking) = self.origin, self.across, self.down
        return x + u * right + v * leaning, y + u * up + v * sinking

    def uv(self, x: float, y: float) -> Point | None:
        """The point of the picture at a pixel of the region; None where the picture is too small to tell."""
        (right, up), (leaning, sinking) = self.across, self.down
        area = right * sinking - leaning * up
        if abs(area) < 1e-6:
            return None
        x, y = x - self.origin[0], y - self.origin[1]
        return (x * sinking - y * leaning) / area, (right * y - up * x) / area

    def holds(self, x: float, y: float) -> bool:
        """Whether the pixel of the region shows the picture."""
        found = self.uv(x, y)
        return found is not None and all(0 <= part <= 1 for part in found)

    def quad(self, left: float = 0.0, right: float = 1.0) -> Corners:
        """The corners of a part of the picture: lower left, lower right, upper right, upper left."""
        return self.at(left, 1), self.at(right, 1), self.at(right, 0), self.at(left, 0)

    @property
    def width(self) -> float:
        """Pixels from its left edge to its right one."""
        return math.hypot(*self.across)

    @property
    def height(self) -> float:
        """Pixels from its upper edge to its lower one."""
        return math.hypot(*self.down)


def picture_place(
    placement: Sequence[float] | None, frame: tuple[float, float], to_region: Callable[[float, float], Point]
) -> PicturePlace:
    """Where the picture of a strip lies in the region that shows the preview.

    Args:
        placement: from the picture to the frame, both 0..1 from the upper left, as
            :class:`...contract.correction.Correction` has it: x = a u + b v + c, y = d u + e v + f; None fills it.
        frame: width and height of the frame in units of the view, whose (0, 0) is the frame's middle.
        to_region: from a point of the view to the pixel of the region.
    """
    a, b, c, d, e, f = placement or _WHOLE
    width, height = frame

    def seen(u: float, v: float) -> Point:
        return to_region((a * u + b * v + c - 0.5) * width, (0.5 - (d * u + e * v + f)) * height)

    origin, right, below = seen(0, 0), seen(1, 0), seen(0, 1)
    return PicturePlace(
        origin, (right[0] - origin[0], right[1] - origin[1]), (below[0] - origin[0], below[1] - origin[1])
    )


def dragged(place: PicturePlace, start: Point, now: Point, degrees: float) -> tuple[float, float]:
    """By how much a drag turns the sky to the right and raises it, in degrees.

    ``degrees``: what the picture sees across its width. The sky goes along with the pointer in the picture's middle.
    """
    before, after = place.uv(*start), place.uv(*now)
    if before is None or after is None or place.width == 0:
        return 0.0, 0.0
    return (after[0] - before[0]) * degrees, (before[1] - after[1]) * degrees * place.height / place.width


def horizon_ends(place: PicturePlace, heights: Sequence[float]) -> tuple[Point, Point]:
    """The ends of a horizon that lies at ``heights`` (0 = lower edge of the picture, 1 = upper) left and right."""
    left, right = heights
    return place.at(0, 1 - left), place.at(1, 1 - right)


def moved_horizon(heights: Sequence[float], middle: float) -> list[float]:
    """The same horizon with another height in the picture's middle."""
    by = middle - sum(heights) / 2
    return [height + by for height in heights]


def is_at_horizon(place: PicturePlace, heights: Sequence[float], point: Point, reach: float) -> bool:
    """Whether a pixel of the region lies within ``reach`` pixels of the horizon, above or below."""
    found = place.uv(*point)
    if found is None:
        return False
    left, right = heights
    return abs(1 - found[1] - (left + (right - left) * found[0])) * place.height <= reach


def reach_of(place: PicturePlace, size: float) -> tuple[float, float]:
    """Radius of a brush, as shares of the picture's width and height, that is round as the region shows it.

    ``size``: its diameter as a share of the picture's width.
    """
    radius = size * place.width / 2
    return size / 2, radius / place.height if place.height else size / 2


def outline(place: PicturePlace, middle: Point, reach: tuple[float, float], sides: int = 48) -> list[Point]:
    """Corners, in pixels of the region, of an ellipse around a point of the picture; ``reach``: its radii there."""
    (u, v), (across, down) = middle, reach
    turns = [2 * math.pi * corner / sides for corner in range(sides)]
    return [place.at(u + across * math.cos(turn), v + down * math.sin(turn)) for turn in turns]


def lengthened(points: Sequence[Point], by: float) -> list[Point]:
    """A line of two or more points, pixels of the region, that goes ``by`` pixels further at both ends."""

    def beyond(end: Point, before: Point) -> Point:
        across, up = end[0] - before[0], end[1] - before[1]
        length = math.hypot(across, up)
        return end if length == 0 else (end[0] + by * across / length, end[1] + by * up / length)

    return [beyond(points[0], points[1]), *points[1:-1], beyond(points[-1], points[-2])]


def display_size(place: PicturePlace) -> int:
    """Long side in pixels at which a draft is as fine as the region shows it."""
    return math.ceil(max(place.width, place.height))
