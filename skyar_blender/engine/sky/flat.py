# SPDX-License-Identifier: GPL-3.0-or-later
"""A sky from an ordinary image that shows only a part of it."""

from __future__ import annotations

import math
from copy import copy

import cv2
import numpy as np

from ..lens import Lens
from ..types import Float64Array, FloatMap, LinearRGB, Matrix3
from .levels import Levels
from .view_map import elevation_map, view_map

#: How much of the picture's height lies below the horizon.
BELOW_HORIZON = 0.05
# Towards straight up and down all columns meet. From the picture's upper edge, but within these elevations, it gives
# way to the mean colour of that edge, so that nothing is seen to meet and no second row of clouds hangs upside down.
_FADE_EARLIEST = math.radians(42.0)
_FADE_LATEST = math.radians(60.0)
_FADE_OVER = math.radians(24.0)


class FlatSky:
    """A (height, width, 3) scene-linear image hung around the camera like a curtain.

    It fills ``field_of_view`` degrees across its width, its middle forward (+z) and turned ``turn`` degrees to the
    right, its pixels square at the horizon, and its lower edge a little below the horizon (``raised`` lifts it by so
    many degrees). Beyond its edges it goes on mirrored. An odd number of mirrored images fills the rest of the full
    turn; they are a little wider or narrower than the first, so that the last one ends where the first begins.
    """

    def __init__(self, image: LinearRGB, field_of_view: float = 90.0, turn: float = 0.0, raised: float = 0.0) -> None:
        self._levels = Levels(image)
        edge = max(1, image.shape[0] // 10)
        self._zenith, self._nadir = (_mean(rows) for rows in (image[:edge], image[-edge:]))
        self._hang(field_of_view, turn, raised)

    def oriented(self, field_of_view: float, turn: float, raised: float) -> FlatSky:
        """The same image, oriented in another way; shares what was made ready of it."""
        other = copy(self)
        other._hang(field_of_view, turn, raised)
        return other

    def _hang(self, field_of_view: float, turn: float, raised: float) -> None:
        if not 0 < field_of_view <= 360:
            raise ValueError(f"the field of view must lie between 0 and 360 degrees, not {field_of_view}")
        self._span = math.radians(field_of_view)
        self._turn = math.radians(turn % 360.0)
        self._rest = 2 * math.pi - self._span
        # At 360 degrees there is nothing left to fill, and the image meets itself.
        self._mirrored = max(1, _nearest_odd(self._rest / self._span)) if self._rest > 1e-6 else 0
        height = self._levels.height * self._span / self._levels.width
        self._height = height
        self._top = height * (1 - BELOW_HORIZON) + math.radians(raised)
        self._fade_from = min(max(self._top, _FADE_EARLIEST), _FADE_LATEST)

    def view(self, rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float = 0.0) -> LinearRGB:
        """See :class:`.interface.SkyPicture`."""
        u, v = view_map(self._chart, rotation, focal_px, width, height, distortion)
        excess = self._levels.width / (self._span * focal_px)
        if self._mirrored:
            _fold(u)
        else:
            u -= np.floor(u)
        _fold(v)
        view = self._levels.sample(u, v, excess, cv2.BORDER_REFLECT)
        return self._fade_poles(view, rotation, Lens.of(focal_px, distortion, width, height))

    def _chart(self, azimuth: Float64Array, elevation: Float64Array) -> tuple[Float64Array, Float64Array]:
        # From the left edge of the image; whole turns first.
        angle = azimuth - self._turn + self._span / 2
        turns = np.floor(angle / (2 * np.pi))
        angle = angle - turns * 2 * np.pi
        beyond = np.maximum(angle - self._span, 0.0)
        u = np.minimum(angle, self._span) / self._span
        if self._mirrored:
            u = u + beyond * (self._mirrored / self._rest)
        u = u + turns * (self._mirrored + 1)
        return u, (self._top - elevation) / self._height

    def _fade_poles(self, view: LinearRGB, rotation: Matrix3, lens: Lens) -> LinearRGB:
        height, width = view.shape[:2]
        steepest = abs(math.asin(max(-1.0, min(1.0, float(rotation[2, 1])))))
        corner = float(lens.ideal(np.array([lens.half_diagonal, 0.0]))[0])
        if steepest + math.atan(corner / lens.focal) < self._fade_from:
            return view
        elevation = elevation_map(rotation, lens.focal, width, height, lens.distortion)
        amount = np.clip((np.abs(elevation) - self._fade_from) / _FADE_OVER, 0.0, 1.0)
        amount = (amount * amount * (3 - 2 * amount))[..., None]
        if elevation.max() > self._fade_from:
            view = np.asarray(view + (self._zenith - view) * np.where(elevation[..., None] > 0, amount, 0))
        if elevation.min() < -self._fade_from:
            view = np.asarray(view + (self._nadir - view) * np.where(elevation[..., None] < 0, amount, 0))
        return np.asarray(view, np.float32)


def _mean(rows: LinearRGB) -> LinearRGB:
    return np.asarray(rows.mean(axis=(0, 1), dtype=np.float64), np.float32)


def _fold(coordinate: FloatMap) -> None:
    """Brings mirrored repetitions into 0 .. 1, in place; OpenCV mirrors rightly only near the image."""
    if coordinate.min() < 0 or coordinate.max() > 1:
        coordinate *= 0.5
        coordinate -= np.floor(coordinate)
        coordinate *= 2.0
        np.minimum(coordinate, 2.0 - coordinate, out=coordinate)


def _nearest_odd(value: float) -> int:
    return 2 * round((value - 1) / 2) + 1
