# SPDX-License-Identifier: GPL-3.0-or-later
"""Lenses: focal length and radial distortion, the latter in the division model with one parameter (Fitzgibbon 2001).

A point seen at ``d`` from the centre of the image would be at ``u = d / (1 + k |d|^2 / h^2)`` without distortion,
``h`` being half the diagonal of the image. Wide lenses of phones and action cameras have k below 0 (barrel), some
long ones above (pincushion); 0 is none. Both ways have a closed form, and one parameter is as much as motion tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .types import Float64Array

#: Least and largest distortion that is believed: that of a fisheye of some 180 degrees, and of an odd long lens.
LEAST = -0.75
MOST = 0.3


def undistorted(points: Float64Array, distortion: float, half_diagonal: float) -> Float64Array:
    """Points (..., 2) as seen, in pixels from the centre of the image, to where an ideal lens would show them."""
    if distortion == 0:
        return points
    squared = np.square(points / half_diagonal).sum(axis=-1, keepdims=True)
    return np.asarray(points / (1 + distortion * squared))


def distorted(points: Float64Array, distortion: float, half_diagonal: float) -> Float64Array:
    """Inverse of :func:`undistorted`, (..., 2); what a lens of positive distortion never shows becomes NaN."""
    if distortion == 0:
        return points
    squared = np.square(points / half_diagonal).sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray(points * (2 / (1 + np.sqrt(1 - 4 * distortion * squared))))


def half_diagonal(width: float, height: float) -> float:
    """Half the diagonal of an image, in its own units."""
    return float(np.hypot(width, height)) / 2


@dataclass(frozen=True)
class Lens:
    """``focal`` in pixels; ``distortion`` as above, of an image of that ``half_diagonal`` in pixels."""

    focal: float
    distortion: float
    half_diagonal: float

    @classmethod
    def of(cls, focal: float, distortion: float, width: float, height: float) -> Lens:
        """The lens of an image."""
        return cls(focal, distortion, half_diagonal(width, height))

    def ideal(self, points: Float64Array) -> Float64Array:
        """Points (n, 2) without distortion; see :func:`undistorted`."""
        return undistorted(points, self.distortion, self.half_diagonal)

    def seen(self, points: Float64Array) -> Float64Array:
        """Points (n, 2) as the lens shows them; see :func:`distorted`."""
        return distorted(points, self.distortion, self.half_diagonal)
