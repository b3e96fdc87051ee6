# SPDX-License-Identifier: GPL-3.0-or-later
"""A straight horizon (the sea's, a plain's from the air) in the ends of the sky of one frame.

A horizon is a great circle: its directions d satisfy normal . d = 0, and the normal points straight down. Random
sample consensus (Fischler and Bolles, 1981) finds the normal, least squares refines it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: How far, in radians, a direction may lie off the horizon.
TOLERANCE = 0.006
# Share of all columns that must lie on the line, and how straight those must be on average.
_SHARE, _STRAIGHT = 0.7, 0.0025
_TRIALS = 120


def fit_horizon(directions: NDArray[np.float64], columns: int) -> NDArray[np.float64] | None:
    """Unit normal (pointing down, y > 0) of the great circle through most of ``directions``, or None.

    Args:
        directions: (n, 3) unit vectors, x right, y down, z forward.
        columns: number of columns looked at; at least 70 % of them must lie on the line.
    """
    count = len(directions)
    if count < 8 or count < _SHARE * columns:
        return None
    random = np.random.default_rng(7)
    pairs = random.integers(0, count, (_TRIALS, 2))
    normals = np.cross(directions[pairs[:, 0]], directions[pairs[:, 1]])
    lengths = np.linalg.norm(normals, axis=1)
    # Two neighbours give no direction.
    normals = normals[lengths > 0.15] / lengths[lengths > 0.15, None]
    if not len(normals):
        return None
    near = np.abs(normals @ directions.T) < TOLERANCE
    on_line = near[np.argmax(near.sum(axis=1))]
    if on_line.sum() < _SHARE * columns:
        return None
    _, _, axes = np.linalg.svd(directions[on_line], full_matrices=False)
    normal = axes[2] if axes[2][1] > 0 else -axes[2]
    if np.sqrt(np.mean((directions[on_line] @ normal) ** 2)) > _STRAIGHT or normal[1] < 0.2:
        return None
    return np.asarray(normal)
