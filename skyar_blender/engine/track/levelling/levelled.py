# SPDX-License-Identifier: GPL-3.0-or-later
"""The horizon of a shot after what was lost: parts of it that nothing ties together are turned until theirs agree.

A pose graph over the parts: each step between two of them may be as wrong as it is in doubt, and each horizon is an
observation of straight down. Gauss-Newton on the rotation group with Tukey's biweight. The heading, of which
horizons say nothing, changes as little as it can.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.sparse.linalg import spsolve
from scipy.spatial.transform import Rotation

from ....common.confidence import WEAK
from ...types import Float64Array
from ..geometry.rotations import crossed

#: Standard error in radians of the turn from one frame to the next at confidence 0, what of it is left at 1/13 more,
#: and the least: measured where cameras travel, see docs/measuring.md.
_STEP, _FALL, _LEAST = 0.05, 13.0, 1e-4
#: Standard error of a horizon in radians. Hills make neighbours err alike, so this is that of many frames together.
_HORIZON = 0.01
#: Fraction of the frames looked at that must show a straight horizon, for it to be one.
_SHOWN = 0.25
#: Corrections in radians below which the horizon knows no better than the motion.
_SEEN = math.radians(1.0)
#: Doubt about straight down in radians beyond which a part is at most just not weak.
_TILTED = 0.1
#: Rounds with all horizons, and with those that agree; the width of the biweight in standard errors, what it begins
#: with as a multiple of that, and shrinks by in each round.
_ROUNDS = (8, 16)
_WIDTH = 4.7
_WIDE, _NARROWER = 16.0, 0.7


@dataclass(frozen=True)
class Levelled:
    """``rotations`` (n, 3, 3) as they were given, or turned until horizons agree; ``confidence`` (n,), capped where
    nothing tells straight down."""

    rotations: Float64Array
    confidence: Float64Array


def parts_of(ties: Sequence[tuple[int, int]], count: int) -> NDArray[np.int64]:
    """(count,) the number of each frame's part: frames that ``ties`` hold together have the same one."""
    pairs = np.array(ties, np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def levelled(
    rotations: Float64Array,
    confidence: Float64Array,
    parts: NDArray[np.int64],
    frames: NDArray[np.int64],
    down: Float64Array,
    looked_at: int,
) -> Levelled:
    """Level the frames of a shot.

    Args:
        rotations: (n, 3, 3) from any common directions to those of each camera.
        confidence: (n,) 0..1.
        parts: (n,) see :func:`parts_of`.
        frames: (m,) those that show a horizon.
        down: (m, 3) straight down in the cameras of these.
        looked_at: frames in which one was looked for.
    """
    if len(frames) < _SHOWN * looked_at:
        frames, down = frames[:0], down[:0]
    count = int(parts.max()) + 1
    later = np.flatnonzero(parts[1:] != parts[:-1]) + 1
    if count == 1:
        return Levelled(rotations, confidence)
    doubt = np.maximum(_STEP * np.exp(-_FALL * np.minimum(confidence[later - 1], confidence[later])), _LEAST)
    steps = np.stack([parts[later - 1], parts[later]], axis=1)
    told = parts[frames]
    if len(frames):
        seen = np.einsum("nji,nj->ni", rotations[frames], down)
        turned, agree = _solved(count, steps, doubt, told, seen)
        told = told[agree]
        if float(Rotation.from_matrix(turned).magnitude().max()) > _SEEN:
            rotations = np.asarray(rotations @ np.swapaxes(turned[parts], 1, 2))
    sources = np.unique(told) if len(told) else np.bincount(parts).argmax()
    variance = coo_array((np.square(doubt), (steps[:, 0], steps[:, 1])), shape=(count, count)).tocsr()
    tilt = np.sqrt(dijkstra(variance, directed=False, indices=sources, min_only=True))[parts]
    return Levelled(rotations, np.where(tilt > _TILTED, np.minimum(confidence, WEAK), confidence))


def _solved(
    count: int, steps: NDArray[np.int64], doubt: Float64Array, told: NDArray[np.int64], seen: Float64Array
) -> tuple[Float64Array, NDArray[np.bool_]]:
    """Turns (count, 3, 3) of the parts after which ``seen`` (m, 3), straight down in parts ``told`` (m,), agree.

    And which of these (m,) were heard at last. ``steps`` (k, 2) from part to part have the standard errors ``doubt``.
    """
    turned = Rotation.identity(count)
    straight = np.median(seen, axis=0)
    straight /= np.linalg.norm(straight)
    weight = 1 / np.square(doubt)
    first, second = steps.T
    away, wider = np.zeros(len(told)), _WIDE
    for index in range(sum(_ROUNDS)):
        now = turned[told].apply(seen)
        axis = crossed(now, straight)
        sine = np.linalg.norm(axis, axis=1)
        away = np.arctan2(sine, now @ straight)
        off = axis * (away / np.maximum(sine, 1e-12))[:, None]
        heard = np.ones(len(told))
        if index >= _ROUNDS[0]:
            wider = max(1.0, _WIDE * _NARROWER ** (index - _ROUNDS[0]))
            heard = np.square(np.clip(1 - np.square(away / (wider * _WIDTH * _HORIZON)), 0, None))
        heard /= _HORIZON**2
        apart = (turned[second] * turned[first].inv()).as_rotvec() * weight[:, None]
        right = np.zeros((count, 3))
        np.add.at(right, second, -apart)
        np.add.at(right, first, apart)
        np.add.at(right, told, heard[:, None] * off)
        across = heard[:, None, None] * (np.eye(3) - straight[:, None] * straight)
        step = spsolve(_matrix(count, steps, weight, told, across), right.ravel()).reshape(-1, 3)
        turned = Rotation.from_rotvec(step) * turned
        if float(np.abs(step).max()) < 1e-6 and wider == 1.0:
            break
    return np.asarray(turned.as_matrix()), away < _WIDTH * _HORIZON


def _matrix(
    count: int, steps: NDArray[np.int64], weight: Float64Array, told: NDArray[np.int64], across: Float64Array
) -> coo_array:
    """The normal equations' matrix; ``across`` (m, 3, 3) is what each horizon adds to its part."""
    first, second = steps.T
    # Heading as a whole is free: something far weaker than any step holds it.
    each = np.arange(count)
    rows = np.concatenate([first, second, first, second, each])
    columns = np.concatenate([first, second, second, first, each])
    values = np.concatenate([weight, weight, -weight, -weight, np.full(count, 1e-3)])
    axes = np.arange(3)
    every = [(3 * rows[:, None] + axes).ravel(), (3 * columns[:, None] + axes).ravel(), np.repeat(values, 3)]
    block = np.broadcast_to(3 * told[:, None, None] + axes[:, None], across.shape)
    over = np.broadcast_to(3 * told[:, None, None] + axes, across.shape)
    rows, columns = (np.concatenate(pair) for pair in ((every[0], block.ravel()), (every[1], over.ravel())))
    return coo_array(
        (np.concatenate([every[2], across.ravel()]), (rows, columns)), shape=(3 * count, 3 * count)
    ).tocsc()
