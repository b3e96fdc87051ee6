# SPDX-License-Identifier: GPL-3.0-or-later
"""A straight horizon (the sea's, a plain's from the air) in the ends of the sky of one frame.

A horizon is a great circle: its directions d satisfy normal . d = 0, and the normal points straight down. Random
sample consensus (Fischler and Bolles, 1981) finds the normal, least squares refines it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..types import Rays

# How far, in radians, a direction may lie off the horizon, and how far the ends do on average (root mean square).
_TOLERANCE = 0.008
_STRAIGHT = 0.004
# Share of the columns that must agree with the line, and the least length of it that is seen, in radians.
_AGREEING = 0.75
_LENGTH = 0.35
_MOST_ROLL = math.radians(60.0)
_TRIALS = 120


def fit_horizon(ends: Rays, above: Rays, below: Rays) -> NDArray[np.float64] | None:
    """Unit normal (pointing down) of the great circle that most columns of a frame agree with, or None.

    All (n, 3) unit vectors in the camera (x right, y down, z forward): ``ends`` where the sky ends in sight;
    ``above`` the lowest pixels of columns that are sky all the way, which lie above the horizon; ``below`` the
    highest pixels of columns without sky, which lie below it. None too for more than 60 degrees of roll.
    """
    count, columns = len(ends), len(ends) + len(above) + len(below)
    if count < 12:
        return None
    pairs = np.random.default_rng(7).integers(0, count, (_TRIALS, 2))
    normals = np.cross(ends[pairs[:, 0]], ends[pairs[:, 1]])
    lengths = np.linalg.norm(normals, axis=1)
    apart = lengths > _LENGTH / 3
    if not apart.any():
        return None
    normals = normals[apart] / lengths[apart, None]
    normals *= np.where(normals[:, 1:2] < 0, -1.0, 1.0)
    on_line = np.abs(normals @ ends.T) < _TOLERANCE
    agreeing = (
        on_line.sum(axis=1)
        + (normals @ above.T < _TOLERANCE).sum(axis=1)
        + (normals @ below.T > -_TOLERANCE).sum(axis=1)
    )
    best = int(np.argmax(agreeing))
    near = ends[on_line[best]]
    if agreeing[best] < _AGREEING * columns or len(near) < max(8, _AGREEING * count):
        return None
    _, _, axes = np.linalg.svd(near, full_matrices=False)
    normal = axes[2] if axes[2][1] > 0 else -axes[2]
    span = math.acos(min(1.0, float(np.min(near @ near.T))))
    off = math.sqrt(float(np.mean((near @ normal) ** 2)))
    if off > _STRAIGHT or span < _LENGTH or abs(math.atan2(normal[0], normal[1])) > _MOST_ROLL:
        return None
    return np.asarray(normal)
