# SPDX-License-Identifier: GPL-3.0-or-later
"""All frames of a shot agreed at once over all that was matched: rotations and, if the motion tells it, focal length.

A bundle adjustment (Triggs et al. 2000) without structure, as everything counted is at infinity: Gauss-Newton on the
rotation group with Tukey's biweight. Its cost grows linearly with the number of frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve
from scipy.spatial.transform import Rotation

from ..types import Matrix3
from .geometry import Floats

#: Width of Tukey's biweight in pixels of the analysis picture: at first, and in deviations later; never less.
_START, _DEVIATIONS, _LEAST = 16.0, 4.7, 0.5
_ROUNDS = 12
#: Deviation of the matches in pixels that is believed at the least.
_FLOOR = 0.08


@dataclass(frozen=True)
class Observation:
    """``first_pixels`` (n, 2) of frame ``first`` were found at ``second_pixels`` in frame ``second``.

    Centred analysis pixels; ``weight`` (n,) is the trust in each, 0..1; ``sky``: points of the sky are among them.
    ``clouds`` (m, 4): points of the sky, in the first picture and in the second, whatever the trust in them.
    """

    first: int
    second: int
    first_pixels: Floats
    second_pixels: Floats
    weight: Floats
    sky: bool = False
    clouds: Floats = field(default_factory=lambda: np.empty((0, 4)))


@dataclass(frozen=True)
class Agreement:
    """What all observations agree on.

    ``rotations`` (frames, 3, 3); ``focal`` in analysis pixels; ``focal_deviation``: standard deviation of its
    logarithm, infinite when it was not asked for;
    ``distances`` (n,): pixels between each match and where it should be, ``weights`` (n,) the trust in it, ``sigma``
    the robust deviation of the matches per axis;
    ``points`` (frames,) int: matches that agree in each frame; ``residuals`` (frames,): their root mean square
    distance in analysis pixels, not a number where there is none.
    """

    rotations: Floats
    focal: float
    focal_deviation: float
    points: NDArray[np.int64]
    residuals: Floats
    distances: Floats
    weights: Floats
    sigma: float

    def cost_within(self, pixels: float) -> float:
        """Mean squared distance per unit of weight, where whatever is farther off counts as that many pixels."""
        return float((self.weights * np.square(np.minimum(self.distances, pixels))).sum() / self.weights.sum())


class _Stack:
    """Observations of a shot, one below the other."""

    def __init__(self, observations: Sequence[Observation], zooms: Floats) -> None:
        self.first = np.concatenate([np.full(len(o.weight), o.first) for o in observations])
        self.second = np.concatenate([np.full(len(o.weight), o.second) for o in observations])
        self.p = np.concatenate([o.first_pixels for o in observations]) / zooms[self.first, None]
        self.q = np.concatenate([o.second_pixels for o in observations])
        self.zoom = zooms[self.second]
        self.weight = np.concatenate([o.weight for o in observations])
        counts = np.array([len(o.weight) for o in observations])
        ends = np.cumsum(counts)
        #: Of each observation: where its matches are.
        self.parts = [slice(first, last) for first, last in zip(ends - counts, ends, strict=True)]
        self.pairs = np.array([(o.first, o.second) for o in observations])


def agree(
    rotations: Sequence[Matrix3],
    zooms: Floats,
    observations: Sequence[Observation],
    focal: float,
    *,
    free_focal: bool,
    start_px: float = _START,
) -> Agreement:
    """Refine ``rotations`` (frame 0 stays), and the focal length when it is free.

    ``zooms`` (frames,): focal length of each frame as a multiple of ``focal``, which it keeps.
    """
    turned = np.array(rotations, np.float64)
    used = [each for each in observations if len(each.weight)]
    if not used:
        none = np.zeros(len(turned), np.int64)
        nothing = np.empty(0)
        return Agreement(turned, focal, float("inf"), none, np.full(len(turned), np.nan), nothing, nothing, _FLOOR)
    stack = _Stack(used, zooms)
    width, deviation = start_px, float("inf")
    for _ in range(_ROUNDS):
        residual, by_second, by_first, by_focal = _linearised(stack, turned, focal)
        distance = np.hypot(residual[:, 0], residual[:, 1])
        robust = stack.weight * np.square(np.clip(1 - np.square(distance / width), 0, None))
        step, information = _step(stack, len(turned), robust, residual, by_second, by_first, by_focal, free_focal)
        turned = np.asarray(
            (Rotation.from_rotvec(step[:-1].reshape(-1, 3)) * Rotation.from_matrix(turned)).as_matrix()
        )
        if free_focal:
            focal *= float(np.exp(np.clip(step[-1], -0.3, 0.3)))
        sigma = _deviation(distance, stack.weight, width)
        deviation = sigma / np.sqrt(information) if free_focal and information > 0 else float("inf")
        width = max(min(width, max(_DEVIATIONS * sigma, 0.5 * width)), _LEAST)
        if float(np.abs(step).max()) < 1e-8:
            break
    squared = np.square(_linearised(stack, turned, focal)[0]).sum(axis=1)
    distance = np.sqrt(squared)
    points, residuals = _by_frame(stack, len(turned), squared, squared < width**2)
    sigma = _deviation(distance, stack.weight, _START)
    return Agreement(turned, focal, float(deviation), points, residuals, distance, stack.weight, sigma)


def _by_frame(
    stack: _Stack, frames: int, squared: Floats, agrees: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], Floats]:
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


def _linearised(stack: _Stack, rotations: Floats, focal: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Residuals (n, 2) and their Jacobians by the second and the first rotation (n, 2, 3) and by log focal (n, 2)."""
    turns = rotations[stack.pairs[:, 1]] @ rotations[stack.pairs[:, 0]].transpose(0, 2, 1)
    parts = list(zip(stack.parts, turns, strict=True))  # one product for each is quicker than one for each match
    rays = np.column_stack([stack.p / focal, np.ones(len(stack.p))])
    moved = np.concatenate([rays[part] @ turn.T for part, turn in parts])
    depth = np.maximum(moved[:, 2], 0.05)
    x, y = moved[:, 0] / depth, moved[:, 1] / depth
    long = (focal * stack.zoom)[:, None]
    residual = stack.q - long * np.stack([x, y], axis=1)
    by_second = np.empty((len(x), 2, 3))
    by_second[:, 0, 0], by_second[:, 0, 1], by_second[:, 0, 2] = -x * y, 1 + x * x, -y
    by_second[:, 1, 0], by_second[:, 1, 1], by_second[:, 1, 2] = -(1 + y * y), x * y, x
    by_second *= long[..., None]
    by_first = -np.concatenate([by_second[part] @ turn for part, turn in parts])
    # Both rays change: the one that is turned becomes narrower as the focal length grows, its picture larger.
    change = -np.concatenate([rays[part, :2] @ turn[:, :2].T for part, turn in parts])
    along = np.stack([change[:, 0] - x * change[:, 2], change[:, 1] - y * change[:, 2]], axis=1) / depth[:, None]
    by_focal = long * (np.stack([x, y], axis=1) + along)
    return residual, by_second, by_first, by_focal


def _step(
    stack: _Stack,
    frames: int,
    weight: Floats,
    residual: Floats,
    by_second: Floats,
    by_first: Floats,
    by_focal: Floats,
    free_focal: bool,
) -> tuple[Floats, float]:
    """Change of all rotation vectors and of the logarithm of the focal length; how well the latter is known."""
    joint = np.concatenate([by_first, by_second, by_focal[..., None]], axis=2)  # (n, 2, 7)
    weighted = joint * weight[:, None, None]
    blocks = [(weighted[part].reshape(-1, 7).T, part) for part in stack.parts]
    normal = np.array([block @ joint[part].reshape(-1, 7) for block, part in blocks])
    gradient = np.array([block @ residual[part].ravel() for block, part in blocks])
    size = 3 * frames + 1
    columns = np.concatenate(
        [
            3 * stack.pairs[:, :1] + np.arange(3),
            3 * stack.pairs[:, 1:] + np.arange(3),
            np.full((len(stack.pairs), 1), size - 1),
        ],
        axis=1,
    )
    rows, across = np.repeat(columns, 7, axis=1), np.tile(columns, 7)
    values = normal.reshape(len(normal), 49)
    # Weak ties keep what no observation reaches; strong ones hold the first frame and a focal length not asked for.
    trace = float(np.trace(normal.sum(axis=0)))
    ties = np.full(size, 1e-9 * trace / max(1, frames) + 1e-12)
    ties[:3] = 1e6 * trace + 1.0
    if not free_focal:
        ties[-1] = 1e6 * trace + 1.0
    index = np.arange(size)
    matrix = coo_array(
        (
            np.concatenate([values.ravel(), ties]),
            (np.concatenate([rows.ravel(), index]), np.concatenate([across.ravel(), index])),
        ),
        shape=(size, size),
    ).tocsc()
    right = np.zeros(size)
    np.add.at(right, columns.ravel(), gradient.ravel())
    unit = np.zeros(size)
    unit[-1] = 1.0
    solved = np.asarray(spsolve(matrix, np.column_stack([right, unit])), np.float64)
    return solved[:, 0], 1.0 / max(float(solved[-1, 1]), 1e-300)


def _deviation(distance: Floats, weight: Floats, width: float) -> float:
    """Standard deviation per axis of the matches within ``width``, from their weighted median distance."""
    near = distance < width
    if not near.any():
        return _FLOOR
    order = np.argsort(distance[near], kind="stable")
    total = np.cumsum(weight[near][order])
    middle = distance[near][order][int(np.searchsorted(total, 0.5 * total[-1]))]
    # Median of a Rayleigh distribution is 1.1774 sigma.
    return max(float(middle) / 1.1774, _FLOOR)


def most_trusted(trust: Floats, limit: int) -> NDArray[np.intp]:
    """Indices, ascending, of at most ``limit`` of those that are trusted at all: the most trusted."""
    order = np.argsort(-trust, kind="stable")[:limit]
    return np.sort(order[trust[order] > 0])


def evenly(indices: NDArray[np.intp], limit: int) -> NDArray[np.intp]:
    """At most ``limit`` of ``indices``, evenly spread over them."""
    if len(indices) <= limit:
        return indices
    return indices[np.linspace(0, len(indices) - 1, limit).round().astype(np.intp)]
