# SPDX-License-Identifier: GPL-3.0-or-later
"""All frames of a shot agreed at once over all that was matched: rotations and, if the motion tells it, the lens.

A bundle adjustment (Triggs et al. 2000) without structure, as everything counted is at infinity: Gauss-Newton on the
rotation group with Tukey's biweight. Its cost grows linearly with the number of frames.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve
from scipy.spatial.transform import Rotation

from ...lens import LEAST, MOST, Lens
from ...types import Float64Array, Matrix3
from .rotation_fit import SIGMA_FLOOR_PX, robust_deviation

#: Width of Tukey's biweight in pixels of the analysis image: at first, and in deviations later; never less.
_START = 16.0
_DEVIATIONS = 4.7
_LEAST = 0.5
_ROUNDS = 24
#: How much stronger a known turn is than a frame's matches.
_TURNS = 100.0
#: A step in radians that changes nothing that could be seen.
_SMALL = 1e-7
#: Longest step of the logarithm of the focal length and of the distortion in one round.
_LONGEST = np.array([0.08, 0.05])


@dataclass(frozen=True)
class Observation:
    """``first_pixels`` (n, 2) of frame ``first`` were found at ``second_pixels`` in frame ``second``.

    Centred analysis pixels as seen (see :class:`.analysis.AnalysisScale`); ``weight`` (n,): the trust in each, 0..1;
    ``sky``: points of the sky are among them. ``clouds`` (m, 4): points of the sky, in the first image and in the
    second, whatever the trust in them.
    """

    first: int
    second: int
    first_pixels: Float64Array
    second_pixels: Float64Array
    weight: Float64Array
    sky: bool = False
    clouds: Float64Array = field(default_factory=lambda: np.empty((0, 4)))

    def thinned(self, limit: int) -> Observation:
        """At most ``limit`` of the matches, evenly spread over them; no clouds."""
        kept = evenly(np.arange(len(self.weight)), limit)
        return replace(
            self,
            first_pixels=self.first_pixels[kept],
            second_pixels=self.second_pixels[kept],
            weight=self.weight[kept],
            clouds=np.empty((0, 4)),
        )

    def ideal(self, lens: Lens) -> Observation:
        """The same without the distortion of the lens."""
        if lens.distortion == 0:
            return self
        return replace(
            self,
            first_pixels=lens.ideal(self.first_pixels),
            second_pixels=lens.ideal(self.second_pixels),
            clouds=lens.ideal(self.clouds.reshape(-1, 2, 2)).reshape(-1, 4),
        )


@dataclass(frozen=True)
class RelativeRotation:
    """The rotation from frame ``first`` to ``second`` is known from elsewhere, and is to stay."""

    first: int
    second: int
    rotation: Matrix3


@dataclass(frozen=True)
class RotationAdjustment:
    """What all observations agree on.

    ``rotations`` (frames, 3, 3); ``lens`` in analysis pixels; ``focal_deviation``: standard deviation of the
    logarithm of its focal length, and ``distortion_deviation`` that of its distortion, infinite when they were not
    asked for;
    ``distances`` (n,): pixels between each match and where it should be, ``weights`` (n,) the trust in it, ``sigma``
    the robust deviation of the matches per axis;
    ``points`` (frames,) int: matches that agree in each frame; ``residuals`` (frames,): their root mean square
    distance in analysis pixels, not a number where there is none.
    """

    rotations: Float64Array
    lens: Lens
    focal_deviation: float
    distortion_deviation: float
    points: NDArray[np.int64]
    residuals: Float64Array
    distances: Float64Array
    weights: Float64Array
    sigma: float

    def cost_within(self, pixels: float) -> float:
        """Mean squared distance per unit of weight, where whatever is farther off counts as that many pixels."""
        if not len(self.weights):
            return 0.0
        return float((self.weights * np.square(np.minimum(self.distances, pixels))).sum() / self.weights.sum())


class _Stack:
    """Observations of a shot, one below the other, with a lens of ``half_diagonal``."""

    def __init__(self, observations: Sequence[Observation], zooms: Float64Array, half_diagonal: float) -> None:
        self.first = np.concatenate([np.full(len(o.weight), o.first) for o in observations])
        self.second = np.concatenate([np.full(len(o.weight), o.second) for o in observations])
        self._p = np.concatenate([o.first_pixels for o in observations])
        self._q = np.concatenate([o.second_pixels for o in observations])
        # Squared distances from the middle, in half diagonals.
        self._p_far, self._q_far = (np.square(seen / half_diagonal).sum(axis=1) for seen in (self._p, self._q))
        self._zoom_first, self.zoom = zooms[self.first, None], zooms[self.second]
        self.weight = np.concatenate([o.weight for o in observations])
        counts = np.array([len(o.weight) for o in observations])
        ends = np.cumsum(counts)
        #: Of each observation: where its matches are.
        self.parts = [slice(first, last) for first, last in zip(ends - counts, ends, strict=True)]
        self.pairs = np.array([(o.first, o.second) for o in observations])

    def ideal(self, distortion: float) -> tuple[Float64Array, Float64Array, Float64Array, Float64Array]:
        """Matches (n, 2) without distortion, the first as if not zoomed; their derivatives by it, (n, 2) each."""
        p_stretch, q_stretch = (1 / (1 + distortion * far)[:, None] for far in (self._p_far, self._q_far))
        p, q = self._p * p_stretch / self._zoom_first, self._q * q_stretch
        return p, q, -p * p_stretch * self._p_far[:, None], -q * q_stretch * self._q_far[:, None]

    def as_seen(self, distortion: float, *changes: Float64Array) -> tuple[Float64Array, ...]:
        """Small changes (n, 2, k) of the second, ideal points as changes of what is seen."""
        if distortion == 0:
            return changes
        far = distortion * self._q_far[:, None, None]
        outwards = (self._q / np.maximum(np.linalg.norm(self._q, axis=1, keepdims=True), 1e-9))[..., None]
        result = []
        for change in changes:
            radial = (outwards * change).sum(axis=1, keepdims=True) * outwards
            result.append(np.asarray((1 + far) * (change - radial) + (1 + far) ** 2 / (1 - far) * radial))
        return tuple(result)


def adjust_rotations(
    rotations: Sequence[Matrix3],
    zooms: Float64Array,
    observations: Sequence[Observation],
    lens: Lens,
    *,
    free_focal: bool = False,
    free_distortion: bool = False,
    start_px: float = _START,
    turns: Sequence[RelativeRotation] = (),
) -> RotationAdjustment:
    """Refine ``rotations`` (frame 0 stays) under known ``turns``, and of the lens what is free.

    ``zooms`` (frames,): focal length of each frame as a multiple of that of ``lens``, which it keeps.
    """
    turned = np.array(rotations, np.float64)
    used = [each for each in observations if len(each.weight)]
    unknown = float("inf")
    if not used:
        none, nothing = np.zeros(len(turned), np.int64), np.empty(0)
        residuals = np.full(len(turned), np.nan)
        return RotationAdjustment(turned, lens, unknown, unknown, none, residuals, nothing, nothing, SIGMA_FLOOR_PX)
    stack = _Stack(used, zooms, lens.half_diagonal)
    free = np.array([free_focal, free_distortion])
    width, deviations = start_px, np.full(2, unknown)
    for _ in range(_ROUNDS):
        residual, jacobian = _linearised(stack, turned, lens)
        distance = np.hypot(residual[:, 0], residual[:, 1])
        robust = stack.weight * np.square(np.clip(1 - np.square(distance / width), 0, None))
        step, variances = _step(stack, len(turned), robust, residual, jacobian, free, _lacking(turns, turned))
        # A pan is as far as its focal length says, so a longer lens turns less; steps stay short enough for both.
        step *= min(1.0, *(_LONGEST / np.maximum(np.abs(step[-2:]), 1e-12)))
        turned = np.asarray(
            (Rotation.from_rotvec(step[:-2].reshape(-1, 3)) * Rotation.from_matrix(turned)).as_matrix()
        )
        distorted = min(max(lens.distortion + step[-1] * free_distortion, LEAST), MOST)
        lens = replace(lens, focal=lens.focal * math.exp(step[-2] * free_focal), distortion=float(distorted))
        sigma = robust_deviation(distance, stack.weight, width)
        deviations = np.where(free, sigma * np.sqrt(variances), unknown)
        before, width = width, max(min(width, max(_DEVIATIONS * sigma, 0.5 * width)), _LEAST)
        if width == before and float(np.abs(step).max()) < _SMALL:
            break
    squared = np.square(_linearised(stack, turned, lens)[0]).sum(axis=1)
    distance = np.sqrt(squared)
    points, residuals = _by_frame(stack, len(turned), squared, squared < width**2)
    sigma = robust_deviation(distance, stack.weight, _START)
    return RotationAdjustment(
        turned, lens, float(deviations[0]), float(deviations[1]), points, residuals, distance, stack.weight, sigma
    )


def _by_frame(
    stack: _Stack, frames: int, squared: Float64Array, agrees: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], Float64Array]:
    """How many matches agree in each frame, and their root mean square distance.

    A frame counts where it was matched to an earlier one, the first of a shot where it was the earlier one.
    """
    ends = [np.bincount(side[agrees], minlength=frames) for side in (stack.second, stack.first)]
    sums = [np.bincount(side[agrees], squared[agrees], minlength=frames) for side in (stack.second, stack.first)]
    counts = np.where(ends[0] > 0, ends[0], ends[1])
    total = np.where(ends[0] > 0, sums[0], sums[1])
    with np.errstate(invalid="ignore"):
        residuals = np.sqrt(total / counts)
    return counts, np.asarray(residuals)


def _linearised(stack: _Stack, rotations: Float64Array, lens: Lens) -> tuple[Float64Array, Float64Array]:
    """Residuals (n, 2) as seen, and their Jacobian (n, 2, 8).

    That is by the first and the second rotation (three each), the logarithm of the focal length and the distortion.
    """
    p, q, p_distorted, q_distorted = stack.ideal(lens.distortion)
    turns = rotations[stack.pairs[:, 1]] @ rotations[stack.pairs[:, 0]].transpose(0, 2, 1)
    parts = list(zip(stack.parts, turns, strict=True))  # one product for each is quicker than one for each match
    rays = np.column_stack([p / lens.focal, np.ones(len(p))])
    moved = np.concatenate([rays[part] @ turn.T for part, turn in parts])
    depth = np.maximum(moved[:, 2], 0.05)
    x, y = moved[:, 0] / depth, moved[:, 1] / depth
    long = (lens.focal * stack.zoom)[:, None]
    residual = q - long * np.stack([x, y], axis=1)
    by = np.empty((len(x), 2, 8))
    second = by[..., 3:6]
    second[:, 0, 0], second[:, 0, 1], second[:, 0, 2] = -x * y, 1 + x * x, -y
    second[:, 1, 0], second[:, 1, 1], second[:, 1, 2] = -(1 + y * y), x * y, x
    second *= long[..., None]
    by[..., :3] = -np.concatenate([second[part] @ turn for part, turn in parts])

    def along(change: Float64Array) -> Float64Array:
        """Where the turned point goes when its ray changes sideways."""
        turned = np.concatenate([change[part] @ turn[:, :2].T for part, turn in parts])
        moves = np.stack([turned[:, 0] - x * turned[:, 2], turned[:, 1] - y * turned[:, 2]], axis=1)
        return np.asarray(long * moves / depth[:, None])

    # Both rays change: the one that is turned becomes narrower as the focal length grows, its image larger.
    by[..., 6] = long * np.stack([x, y], axis=1) + along(-rays[:, :2])
    by[..., 7] = along(p_distorted / lens.focal) - q_distorted
    seen, by_seen = stack.as_seen(lens.distortion, residual[..., None], by)
    return seen[..., 0], by_seen


@dataclass(frozen=True)
class _Lacking:
    """Of known turns: pairs of frames (n, 2), the turns found (n, 3, 3), and what they lack (n, 3), radians."""

    pairs: NDArray[np.int64]
    turns: Float64Array
    vectors: Float64Array


def _lacking(turns: Sequence[RelativeRotation], rotations: Float64Array) -> _Lacking:
    if not turns:
        return _Lacking(np.empty((0, 2), np.int64), np.empty((0, 3, 3)), np.empty((0, 3)))
    pairs = np.array([(turn.first, turn.second) for turn in turns])
    found = rotations[pairs[:, 1]] @ rotations[pairs[:, 0]].transpose(0, 2, 1)
    known = np.array([turn.rotation for turn in turns])
    return _Lacking(pairs, found, Rotation.from_matrix(known @ found.transpose(0, 2, 1)).as_rotvec())


def _step(
    stack: _Stack,
    frames: int,
    weight: Float64Array,
    residual: Float64Array,
    joint: Float64Array,
    free: NDArray[np.bool_],
    lacking: _Lacking,
) -> tuple[Float64Array, Float64Array]:
    """Change of all rotation vectors and of the lens; variances of the latter's two for matches of deviation 1."""
    weighted = joint * weight[:, None, None]
    blocks = [(weighted[part].reshape(-1, 8).T, part) for part in stack.parts]
    normal = np.array([block @ joint[part].reshape(-1, 8) for block, part in blocks])
    gradient = np.array([block @ residual[part].ravel() for block, part in blocks])
    size = 3 * frames + 2
    columns = np.concatenate(
        [
            3 * stack.pairs[:, :1] + np.arange(3),
            3 * stack.pairs[:, 1:] + np.arange(3),
            np.broadcast_to([size - 2, size - 1], (len(stack.pairs), 2)),
        ],
        axis=1,
    )
    rows, across = np.repeat(columns, 8, axis=1), np.tile(columns, 8)
    values = normal.reshape(len(normal), 64)
    # Weak ties keep what no observation reaches; strong ones hold the first frame and what is not asked for.
    trace = float(np.trace(normal[:, :7, :7].sum(axis=0)))
    ties = np.full(size, 1e-9 * trace / max(1, frames) + 1e-12)
    held = 1e6 * trace + 1.0
    ties[:3] = held
    ties[-2:] = np.where(free, ties[-2:], held)
    index = np.arange(size)
    # What a turn lacks is made up for by its second rotation, or, turned back, by its first.
    by = np.concatenate([-lacking.turns, np.broadcast_to(np.eye(3), lacking.turns.shape)], axis=2)
    strong = _TURNS * trace / max(1, frames) + 1e-6
    known = strong * by.transpose(0, 2, 1) @ by
    ends = np.concatenate([3 * lacking.pairs[:, :1] + np.arange(3), 3 * lacking.pairs[:, 1:] + np.arange(3)], axis=1)
    matrix = coo_array(
        (
            np.concatenate([values.ravel(), known.ravel(), ties]),
            (
                np.concatenate([rows.ravel(), np.repeat(ends, 6, axis=1).ravel(), index]),
                np.concatenate([across.ravel(), np.tile(ends, 6).ravel(), index]),
            ),
        ),
        shape=(size, size),
    ).tocsc()
    right = np.zeros((size, 3))
    np.add.at(right[:, 0], columns.ravel(), gradient.ravel())
    np.add.at(right[:, 0], ends.ravel(), strong * np.einsum("nij,ni->nj", by, lacking.vectors).ravel())
    right[-2, 1] = right[-1, 2] = 1.0
    solved = np.asarray(spsolve(matrix, right), np.float64)
    return solved[:, 0], np.maximum([solved[-2, 1], solved[-1, 2]], 0.0)


def most_trusted(trust: Float64Array, limit: int) -> NDArray[np.intp]:
    """Indices, ascending, of the most trusted: at most ``limit`` of those whose ``trust`` (n,) is above 0."""
    order = np.argsort(-trust, kind="stable")[:limit]
    return np.sort(order[trust[order] > 0])


def evenly(indices: NDArray[np.intp], limit: int) -> NDArray[np.intp]:
    """At most ``limit`` of ``indices`` (n,), evenly spread over them."""
    if len(indices) <= limit:
        return indices
    return indices[np.linspace(0, len(indices) - 1, limit).round().astype(np.intp)]
