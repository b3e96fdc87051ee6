# SPDX-License-Identifier: GPL-3.0-or-later
"""Smooth random functions on the plane, from a seed (value noise; numpy only)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]


def value_noise(x: Float64Array, y: Float64Array, seed: int) -> Float64Array:
    """Smooth noise in [-1, 1] with one feature per unit length; x and y have the same shape."""
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    u, v = _ease(x - column), _ease(y - row)
    low = _lattice(column, row, seed) * (1 - u) + _lattice(column + 1, row, seed) * u
    high = _lattice(column, row + 1, seed) * (1 - u) + _lattice(column + 1, row + 1, seed) * u
    result: Float64Array = low * (1 - v) + high * v
    return result


def fractal_noise(x: Float64Array, y: Float64Array, seed: int, octaves: int = 5, gain: float = 0.5) -> Float64Array:
    """Sum of octaves of `value_noise`, each twice as fine and `gain` times as strong; about [-1, 1]."""
    total, weight, strength = np.zeros(np.broadcast(x, y).shape), 0.0, 1.0
    for octave in range(octaves):
        scale = 2.0**octave
        # The shift keeps lattice points of different octaves from lying on top of each other.
        total = total + strength * value_noise(x * scale + 17.3 * octave, y * scale + 9.1 * octave, seed + octave)
        weight += strength
        strength *= gain
    return total / weight


def _ease(t: Float64Array) -> Float64Array:
    result: Float64Array = t * t * t * (t * (6.0 * t - 15.0) + 10.0)
    return result


def _lattice(column: NDArray[np.int64], row: NDArray[np.int64], seed: int) -> Float64Array:
    """A repeatable random number in [-1, 1] for each whole-number point: an integer hash in 32 bits."""
    mask = np.int64(0x7FFFFFFF)
    h = (column * 374761393 + row * 668265263 + (seed + 1) * 974634777) & mask
    h = ((h ^ (h >> 13)) * 1274126177) & mask
    h = h ^ (h >> 16)
    result: Float64Array = (h & 0xFFFF) / 32767.5 - 1.0
    return result
