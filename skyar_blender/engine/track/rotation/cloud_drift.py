# SPDX-License-Identifier: GPL-3.0-or-later
"""How the old clouds drift by themselves, once the camera's own motion is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...types import Float64Array
from .bundle_adjustment import Observation, RotationAdjustment

#: Fewest matches of clouds that tell a drift, and the share of them that must agree on it.
_FEWEST = 40
_AGREE = 0.5
#: Width of Tukey's biweight in pixels of the analysis image, first and last, and how it shrinks.
_WIDE = 24.0
_NARROW = 1.5
_SHRINK = 0.7


def cloud_drift(
    agreement: RotationAdjustment, zooms: Float64Array, observations: Sequence[Observation], fps: float
) -> Float64Array | None:
    """The clouds' rotation per second, (3,) radians, in the directions of the world of ``agreement``.

    A rotation that every match of clouds shares: clouds that drift evenly, all around. None where there are too few
    matches, or where they do not agree, as when clouds form, or lie in layers.
    """
    used = [each for each in observations if len(each.clouds)]
    if sum(len(each.clouds) for each in used) < _FEWEST:
        return None
    before, after, seconds, focals = [], [], [], []
    for each in used:
        first, second = (agreement.lens.focal * zooms[index] for index in (each.first, each.second))
        before.append(_world(each.clouds[:, :2], first, agreement.rotations[each.first]))
        after.append(_world(each.clouds[:, 2:], second, agreement.rotations[each.second]))
        seconds.append(np.full(len(each.clouds), (each.second - each.first) / fps))
        focals.append(np.full(len(each.clouds), second))
    start, moved = np.concatenate(before), np.concatenate(after) - np.concatenate(before)
    time, focal = np.concatenate(seconds), np.concatenate(focals)
    # A small turn w moves a direction d by w x d, which is -[d]x w.
    turn = -_cross(start) * time[:, None, None]
    rate, width = np.zeros(3), _WIDE
    for _ in range(12):
        away = np.linalg.norm(moved - turn @ rate, axis=1) * focal
        weight = np.square(np.clip(1 - np.square(away / width), 0, None))
        normal = np.einsum("n,nki,nkj->ij", weight, turn, turn)
        gradient = np.einsum("n,nki,nk->i", weight, turn, moved)
        rate = np.linalg.solve(normal + np.eye(3) * (1e-9 * np.trace(normal) + 1e-12), gradient)
        width = max(_NARROW, width * _SHRINK)
    away = np.linalg.norm(moved - turn @ rate, axis=1) * focal
    return np.asarray(rate, np.float64) if np.mean(away < _NARROW) >= _AGREE else None


def _world(pixels: Float64Array, focal: float, rotation: Float64Array) -> Float64Array:
    rays = np.column_stack([pixels / focal, np.ones(len(pixels))])
    return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True) @ rotation)


def _cross(directions: Float64Array) -> Float64Array:
    """Matrices (n, 3, 3) of the products of directions with vectors."""
    x, y, z = directions.T
    zero = np.zeros_like(x)
    return np.asarray(np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=1).reshape(-1, 3, 3))
