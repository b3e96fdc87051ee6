# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of the end of the sky in a frame, and the horizon that it shows through the lens found at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...horizon.horizon_line import fit_horizon
from ...horizon.skyline import skyline
from ...lens import Lens
from ...types import Float64Array, StoredMatte
from ..geometry.analysis import AnalysisScale

#: Pixels of a matte's long side that are looked at along the columns of sky, and of how many columns one is.
_SIZE = 427
_COLUMN = 4
_HALF = 32768


@dataclass(frozen=True)
class SkyEdge:
    """The end of the sky in centred analysis pixels as seen, of the image turned so that the sky is up.

    Attributes:
        frame: its index in the clip.
        turns: quarter turns of the image, counterclockwise.
        ends: (n, 2) where the sky ends in sight.
        above: (m, 2) where it goes on beyond the lowest row.
        below: (k, 2) at the upper end of columns that have none.
    """

    frame: int
    turns: int
    ends: Float64Array
    above: Float64Array
    below: Float64Array


def sky_edge(frame: int, matte: StoredMatte, scale: AnalysisScale) -> SkyEdge | None:
    """The end of the sky in ``matte`` (of the clip's size); None where there is next to none, or nothing else."""
    fine = max(1, round(max(matte.shape) / _SIZE))
    turns = _turns(matte[:: 4 * fine, :: 4 * fine] >= _HALF)
    if turns is None:
        return None
    thinned = matte[::fine, :: _COLUMN * fine] if turns % 2 == 0 else matte[:: _COLUMN * fine, ::fine]
    width, height = float(scale.width), scale.height * scale.aspect
    if turns % 2:
        width, height = height, width
    line = skyline(np.ascontiguousarray(np.rot90(thinned, turns)), width, height)
    if line is None:
        return None
    points = np.stack([line.columns - (width - 1) / 2, line.rows - (height - 1) / 2], axis=1)
    kinds = (line.has_sky & ~line.out_of_sight, line.out_of_sight, ~line.has_sky)
    return SkyEdge(frame, turns, *(points[kind] for kind in kinds))


def horizon(edge: SkyEdge, lens: Lens) -> Float64Array | None:
    """Straight down (3,) in the camera of ``edge`` by the straight horizon in it; None where it shows none."""
    found = fit_horizon(*(_rays(points, lens) for points in (edge.ends, edge.above, edge.below)))
    if found is None:
        return None
    x, y, z = found.tolist()
    for _ in range(edge.turns):
        x, y = -y, x
    return np.array([x, y, z])


def _turns(sky: np.typing.NDArray[np.bool_]) -> int | None:
    """Quarter turns that bring the sky's middle to the upper half of the image."""
    count = int(sky.sum())
    if not 0.01 < count / sky.size < 0.99:
        return None
    height, width = sky.shape
    x = float(sky.sum(axis=0) @ np.arange(width)) / count / max(width - 1, 1) - 0.5
    y = float(sky.sum(axis=1) @ np.arange(height)) / count / max(height - 1, 1) - 0.5
    # Halves of an image differ the more the longer it is across their border.
    if abs(y) / height >= abs(x) / width:
        return 0 if y < 0 else 2
    return 1 if x > 0 else 3


def _rays(points: Float64Array, lens: Lens) -> Float64Array:
    rays = np.column_stack([lens.ideal(points) / lens.focal, np.ones(len(points))])
    return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True))
