# SPDX-License-Identifier: GPL-3.0-or-later
"""Which directions the pixels of a prediction show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...lens import Lens
from ...types import Float64Array, Matrix3


@dataclass(frozen=True)
class ViewDirections:
    """A camera, and the grid of pixels that a prediction has in its image.

    Attributes:
        shape: height and width of the prediction.
        start: column and row of the prediction's first pixel, from the centre of the camera's image, in its pixels.
        step: the way to the next pixel, likewise.
        lens: of that image.
        rotation: from the directions of the shot to those of the camera (x right, y down, z forward).
    """

    shape: tuple[int, int]
    start: tuple[float, float]
    step: tuple[float, float]
    lens: Lens
    rotation: Matrix3

    def directions(self) -> Float64Array:
        """The direction that each pixel shows, (height, width, 3), of length 1, in the shot's own axes."""
        columns, rows = np.meshgrid(*(np.arange(length, dtype=np.float64) for length in self.shape[::-1]))
        return self.towards(np.stack([columns, rows], axis=-1))

    def towards(self, pixels: Float64Array) -> Float64Array:
        """The directions (..., 3), of length 1, that pixels (..., 2), column and row, of the prediction show."""
        ideal = self.lens.ideal(np.asarray(self.start) + np.asarray(self.step) * pixels)
        seen = np.concatenate([ideal / self.lens.focal, np.ones((*ideal.shape[:-1], 1))], axis=-1)
        return np.asarray(seen / np.linalg.norm(seen, axis=-1, keepdims=True) @ self.rotation)

    def pixels(self, directions: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Column and row in the prediction of directions (..., 3); NaN for what is not before the camera."""
        seen = directions @ self.rotation.T
        with np.errstate(invalid="ignore", divide="ignore"):
            depth = np.where(seen[..., 2:] > 1e-3, seen[..., 2:], np.nan)
            place = self.lens.seen(seen[..., :2] / depth * self.lens.focal)
        return (place[..., 0] - self.start[0]) / self.step[0], (place[..., 1] - self.start[1]) / self.step[1]
