# SPDX-License-Identifier: GPL-3.0-or-later
"""Where each pixel of a camera's view lies on a sky's image.

Angles are worked out on a coarse grid and interpolated, since they bend slowly from pixel to pixel; where they do
not (around straight up and down) they are worked out for every pixel. The error stays below 0.05 pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ..lens import Lens
from ..types import Float64Array, FloatMap, Matrix3

#: Turns azimuth and elevation (radians; azimuth to the right of forward, elevation up, arrays of one shape) into two
#: coordinates that are continuous while the azimuth runs over -2 pi .. 2 pi.
Chart: TypeAlias = Callable[[Float64Array, Float64Array], tuple[Float64Array, Float64Array]]

#: Pixels between nodes of the coarse grid; a power of two, so that weights of the interpolation are exact.
_STEP = 8
# Beyond this elevation azimuth bends too fast for the coarse grid.
_STEEP = np.radians(66.0)


def view_map(
    chart: Chart,
    rotation: Matrix3,
    focal_px: float,
    width: int,
    height: int,
    distortion: float = 0.0,
    bent: float | None = None,
) -> tuple[FloatMap, FloatMap]:
    """Both coordinates of ``chart`` for each pixel, two (height, width) float32 arrays, each row without a gap.

    ``rotation``, ``focal_px`` and ``distortion`` as in :class:`.interface.SkyPicture`. Where ``chart`` bends in other
    places than around straight up and down, ``bent`` is by how much of a coordinate it may bend from node to node;
    where it bends more it is worked out for every pixel.
    """
    columns = np.arange(-1, (width - 1) // _STEP + 2) * _STEP + (_STEP - 1) / 2
    rows = np.arange(-1, (height - 1) // _STEP + 2) * _STEP + (_STEP - 1) / 2
    ahead = azimuth_ahead(rotation)
    lens = Lens.of(focal_px, distortion, width, height)

    def angles(columns: NDArray[np.number], rows: NDArray[np.number]) -> tuple[Float64Array, Float64Array]:
        return _angles(_rays(columns, rows, lens, width, height), rotation, ahead)

    azimuth, elevation = angles(columns, rows)
    first, second = chart(azimuth, elevation)
    full = [_spread(nodes, width, height) for nodes in (first, second)]

    hard = (np.abs(elevation) > _STEEP) | (np.abs(azimuth - ahead) > 0.8 * np.pi)
    if bent is not None:
        for nodes in (first, second):
            hard[1:-1] |= np.abs(np.diff(nodes, 2, axis=0)) > bent
            hard[:, 1:-1] |= np.abs(np.diff(nodes, 2, axis=1)) > bent
    if hard.any():
        down, across = np.flatnonzero(hard.any(axis=1)), np.flatnonzero(hard.any(axis=0))
        # Node k covers the pixels from k - 1 to k + 1 steps.
        top, bottom = _pixel_span(down, height)
        left, right = _pixel_span(across, width)
        exact = chart(*angles(np.arange(left, right), np.arange(top, bottom)))
        for target, values in zip(full, exact, strict=True):
            target[top:bottom, left:right] = values
    return full[0], full[1]


def elevation_map(rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float = 0.0) -> FloatMap:
    """Elevation of each pixel in radians, (height, width) float32, to about a hundredth of a degree."""
    columns = np.arange(-1, (width - 1) // _STEP + 2) * _STEP + (_STEP - 1) / 2
    rows = np.arange(-1, (height - 1) // _STEP + 2) * _STEP + (_STEP - 1) / 2
    rays = _rays(columns, rows, Lens.of(focal_px, distortion, width, height), width, height)
    return _spread(_angles(rays, rotation, 0.0)[1], width, height)


def azimuth_ahead(rotation: Matrix3) -> float:
    """Azimuth (radians, -pi .. pi) towards which the camera looks; 0 when it looks straight up or down."""
    x, _, z = rotation[2]
    return float(np.arctan2(x, z)) if np.hypot(x, z) > 1e-6 else 0.0


def _rays(
    columns: NDArray[np.number], rows: NDArray[np.number], lens: Lens, width: int, height: int
) -> tuple[Float64Array, Float64Array]:
    """Sideways and downwards part, at 1 ahead, of where the pixels at ``columns`` x ``rows`` look."""
    x, y = columns - (width - 1) / 2, (rows - (height - 1) / 2)[:, None]
    if lens.distortion:
        ideal = lens.ideal(np.stack(np.broadcast_arrays(x, y), axis=-1))
        x, y = ideal[..., 0], ideal[..., 1]
    return np.asarray(x / lens.focal), np.asarray(y / lens.focal)


def _angles(
    rays: tuple[Float64Array, Float64Array], rotation: Matrix3, ahead: float
) -> tuple[Float64Array, Float64Array]:
    """Azimuth (within pi of ``ahead``) and elevation of ``rays``."""
    x, y = rays
    # Rows of the rotation are the camera's axes in the world, so this is rotation.T @ (x, y, 1).
    east = x * rotation[0, 0] + y * rotation[1, 0] + rotation[2, 0]
    down = x * rotation[0, 1] + y * rotation[1, 1] + rotation[2, 1]
    north = x * rotation[0, 2] + y * rotation[1, 2] + rotation[2, 2]
    # Turned so that "ahead" is 0, then back: the jump at 180 degrees stays behind the camera.
    sine, cosine = np.sin(ahead), np.cos(ahead)
    azimuth = np.arctan2(east * cosine - north * sine, north * cosine + east * sine) + ahead
    elevation = np.arctan2(-down, np.hypot(east, north))
    return azimuth, elevation


def _spread(nodes: Float64Array, width: int, height: int) -> FloatMap:
    rows, columns = nodes.shape
    single = nodes.astype(np.float32)
    wide = cv2.resize(single, (columns * _STEP, rows * _STEP), interpolation=cv2.INTER_LINEAR)
    # The grid starts one step before the image.
    return np.asarray(wide[_STEP : _STEP + height, _STEP : _STEP + width], np.float32)


def _pixel_span(nodes: NDArray[np.intp], size: int) -> tuple[int, int]:
    first = max((int(nodes[0]) - 2) * _STEP, 0)
    last = min((int(nodes[-1]) + 1) * _STEP, size)
    return min(first, size - 1), max(last, 1)
