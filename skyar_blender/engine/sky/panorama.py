# SPDX-License-Identifier: GPL-3.0-or-later
"""A sky all around: an equirectangular panorama."""

from __future__ import annotations

import math
from copy import copy

import cv2
import numpy as np

from ..types import Float64Array, FloatMap, LinearRGB, Matrix3, StoredRGB
from .levels import Levels
from .view_map import Chart, azimuth_ahead, view_map

# Rows that cubic interpolation reaches beyond the image.
_PAD = 2


class PanoramaSky:
    """An equirectangular image (height, width, 3), scene-linear, half or single floats.

    Row 0 is straight up, the horizon lies between the middle rows, the middle of the width is forward (+z), and the
    azimuth grows to the right (+x). In degrees: by ``turn`` the sky turns to the right, and by ``raised`` (within 60
    of 0) its horizon is raised; straight up and down stay where they are.
    """

    def __init__(self, image: StoredRGB, turn: float = 0.0, raised: float = 0.0) -> None:
        self._levels = Levels(image, _over_the_poles, _PAD)
        self._hang(turn, raised)

    def oriented(self, turn: float, raised: float) -> PanoramaSky:
        """The same image, turned and raised in another way; shares what was made ready of it."""
        other = copy(self)
        other._hang(turn, raised)
        return other

    @property
    def levels(self) -> Levels:
        """The image at its sizes."""
        return self._levels

    @property
    def hanging(self) -> tuple[float, float]:
        """By which share of a whole turn it is turned to the right, and by how many radians its horizon is raised."""
        return self._turn, self._raised

    def _hang(self, turn: float, raised: float) -> None:
        if not -60 <= raised <= 60:
            raise ValueError(f"the horizon can be raised by -60 to 60 degrees, not {raised}")
        self._raised = math.radians(raised)
        self._turn = (turn % 360.0) / 360.0

    def view(self, rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float = 0.0) -> LinearRGB:
        """See :class:`.interface.SkyPicture`."""
        # Whole turns are free; this brings the middle of the view into the image, where sampling is fastest.
        ahead = azimuth_ahead(rotation) / (2 * math.pi) + 0.5 - self._turn
        shift = 0.5 - self._turn - math.floor(ahead)

        around = 2 * math.pi * focal_px
        level = self._levels.level(self._levels.width / around)

        def chart(azimuth: Float64Array, elevation: Float64Array) -> tuple[Float64Array, Float64Array]:
            u, v = azimuth / (2 * np.pi) + shift, 0.5 - self._unraised(elevation) / np.pi
            return u * level.width - 0.5, v * level.height + (level.pad - 0.5)

        x, y = view_map(chart, rotation, focal_px, width, height, distortion)
        return level.sample(x, y, cv2.BORDER_WRAP, around / level.width)

    def directions(self, rotation: Matrix3) -> Chart:
        """What turns directions that a camera sees into those on the image as it was given, both in radians."""
        ahead = azimuth_ahead(rotation) / (2 * math.pi) + 0.5 - self._turn
        turned = 2 * math.pi * (self._turn + math.floor(ahead))

        def chart(azimuth: Float64Array, elevation: Float64Array) -> tuple[Float64Array, Float64Array]:
            return azimuth - turned, self._unraised(elevation)

        return chart

    def looked_up(self, azimuth: FloatMap, elevation: FloatMap, focal_px: float) -> LinearRGB:
        """The image at directions on it (radians, (height, width)), as sharp as a view of this lens shows it.

        Both maps are overwritten.
        """
        around = 2 * math.pi * focal_px
        level = self._levels.level(self._levels.width / around)
        x, y = azimuth, elevation
        x *= np.float32(level.width / (2 * math.pi))
        x += np.float32(0.5 * level.width - 0.5)
        y *= np.float32(-level.height / math.pi)
        y += np.float32(0.5 * level.height + level.pad - 0.5)
        return level.sample(x, y, cv2.BORDER_WRAP, around / level.width)

    def _unraised(self, elevation: Float64Array) -> Float64Array:
        """Where on the image is what is seen at ``elevation``, both in radians."""
        if self._raised == 0:
            return elevation
        above = elevation - self._raised
        quarter = math.pi / 2
        return above * np.where(above > 0, quarter / (quarter - self._raised), quarter / (quarter + self._raised))


def _over_the_poles(image: StoredRGB) -> tuple[StoredRGB, StoredRGB]:
    """The rows beyond straight up and straight down: the same rows again, half a turn away."""
    half, rows = image.shape[1] // 2, min(_PAD, image.shape[0])
    above = np.roll(image[:rows][::-1], half, axis=1)
    below = np.roll(image[-rows:][::-1], half, axis=1)
    missing = _PAD - rows
    if missing:
        above = np.pad(above, ((missing, 0), (0, 0), (0, 0)), mode="edge")
        below = np.pad(below, ((0, missing), (0, 0), (0, 0)), mode="edge")
    return above, below
