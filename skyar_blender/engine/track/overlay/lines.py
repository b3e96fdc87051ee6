# SPDX-License-Identifier: GPL-3.0-or-later
"""Meridians and parallels of the sky as short pieces, and where a camera sees them.

World directions are x right, y down, z forward at longitude 0; longitude grows to the right, latitude upwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...lens import Lens
from ...sphere import directions as sphere
from ...types import Float64Array, Matrix3

#: Degrees between lines, the widest first; a narrower one is for long lenses that would see no line.
STEPS = (10.0, 5.0, 2.0, 1.0)
#: Lines that the short side of the image holds at least, where a step does that.
_FEWEST = 2.5
#: Pieces between two crossings: short enough that a parallel looks round.
_PIECES = 5
#: What lies nearer to the plane of the camera than this (a cosine) is cut off: it is far outside any image.
_NEAR = 0.02

#: Ends of pieces of a line, (n, 2, 2), in pixels (x right, y down, pixel centres at whole numbers).
Pieces = NDArray[np.float64]


def direction(latitude: Float64Array | float, longitude: Float64Array | float) -> Float64Array:
    """Unit world directions (..., 3) of latitudes and longitudes in degrees."""
    up, right = np.radians(latitude), np.radians(longitude)
    up, right = np.broadcast_arrays(up, right)
    return np.stack([np.cos(up) * np.sin(right), -np.sin(up), np.cos(up) * np.cos(right)], axis=-1)


def step_for(focal: float, width: int, height: int) -> float:
    """Degrees between lines for a lens of ``focal`` pixels and an image of ``width`` x ``height``."""
    seen = 2 * math.degrees(math.atan(min(width, height) / 2 / focal))
    return next((step for step in STEPS if seen >= _FEWEST * step), STEPS[-1])


@dataclass(frozen=True)
class Grid:
    """Ends of all pieces, as unit world directions (n, 2, 3), those of the horizon apart from the others."""

    step: float
    lines: Float64Array
    horizon: Float64Array

    @classmethod
    def of(cls, step: float) -> Grid:
        """A grid with a line every ``step`` degrees (a divisor of 90); meridians end at the last parallel but one."""
        fine = step / _PIECES
        parallels = np.arange(step, 90, step)
        parallels = np.concatenate([-parallels[::-1], parallels])
        around = np.arange(0, 360 + fine / 2, fine)
        upright = np.arange(-90 + step, 90 - step + fine / 2, fine)
        lines = [
            *(_pieces(direction(latitude, around)) for latitude in parallels),
            *(_pieces(direction(upright, longitude)) for longitude in np.arange(0, 360, step)),
        ]
        return cls(step, np.concatenate(lines), _pieces(direction(0.0, around)))


def seen(pieces: Float64Array, rotation: Matrix3, lens: Lens, width: int, height: int) -> Pieces:
    """The pieces (n, 2, 3) that a camera may see, in its image; those behind it are cut off.

    ``rotation`` maps world to camera directions.
    """
    corner = float(lens.ideal(np.array([lens.half_diagonal, 0.0]))[0])
    # A piece is shorter than the widest step, so none crosses the image with both ends outside this cone.
    cone = min(math.atan(corner / lens.focal) + math.radians(STEPS[0] / _PIECES), math.pi)
    near = pieces @ rotation[2] > math.cos(cone)
    ends = pieces[near.any(axis=1)] @ rotation.T
    found = pixels(_in_front(ends), lens, width, height)
    return np.asarray(found[np.isfinite(found).all(axis=(1, 2))])


def seen_around(pieces: Float64Array, rotation: Matrix3, width: int, height: int) -> Pieces:
    """The pieces (n, 2, 3) in an equirectangular image; those across its seam are at both ends.

    What passes by straight up or down, where a row is one point, is left out.
    """
    found = np.stack(sphere.pixels(pieces @ rotation.T, width, height), axis=-1)
    step = np.abs(np.diff(found[..., 0])[:, 0])
    by_a_pole = np.minimum(step, width - step) > width / 8
    found, step = found[~by_a_pole], step[~by_a_pole]
    across = step > width / 2
    right = found[across]
    right[..., 0] += np.where(right[..., 0] < width / 2, width, 0)
    return np.concatenate([found[~across], right, right - [width, 0]])


def pixels(directions: Float64Array, lens: Lens, width: int, height: int) -> Float64Array:
    """Camera directions (..., 3) in front of the camera, in pixels (..., 2); NaN where the lens shows none."""
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.asarray(lens.seen(directions[..., :2] / directions[..., 2:] * lens.focal) + centre)


def _pieces(line: Float64Array) -> Float64Array:
    return np.stack([line[:-1], line[1:]], axis=1)


def _in_front(ends: Float64Array) -> Float64Array:
    """Pieces (n, 2, 3) in camera directions, cut at the plane z = :data:`_NEAR`."""
    ends = ends[(ends[..., 2] >= _NEAR).any(axis=1)]
    depth = ends[..., 2]
    for end, other in ((0, 1), (1, 0)):
        behind = depth[:, end] < _NEAR
        fraction = (_NEAR - depth[behind, other]) / (depth[behind, end] - depth[behind, other])
        ends[behind, end] = ends[behind, other] + fraction[:, None] * (ends[behind, end] - ends[behind, other])
    return ends
