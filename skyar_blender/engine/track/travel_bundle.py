# SPDX-License-Identifier: GPL-3.0-or-later
"""All frames of a travelling camera agreed at once over its trails: rotations, places, depths and the focal length.

A bundle adjustment (Triggs et al. 2000). A point is the ray of the frame that saw it first and its inverse depth
(Civera et al. 2008), never below 0: far points are at infinity and hold the rotation. Depths are eliminated first
(Schur's complement); Levenberg's and Marquardt's damping, Tukey's biweight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import spsolve
from scipy.spatial.transform import Rotation

from ..types import Matrix3
from .geometry import Floats

#: Widths of the biweight in pixels of the analysis picture, and rounds of each.
_WIDTHS = ((12.0, 4), (5.0, 3), (2.5, 5))
#: The first of them where all is about right.
_NARROW = 1
#: Trails that are heard of those whose middles fall into a time as long as one lasts: the longest.
_MOST = 90
#: Distance within which a match agrees.
AGREES_PX = 1.5
#: Frames after which a trail counts as a new point, so that far frames are not tied to one another.
_LONGEST = 40
#: Frames of a trail that are all heard.
_DENSE = 4
_FLOOR = 0.08
#: Share of the cost below which a round changes nothing.
_STEADY = 2e-4
#: Standard deviation of the logarithm of the focal length that is taken beforehand.
_PRIOR = 0.3


@dataclass(frozen=True)
class Sighting:
    """Trails in a frame: its index, numbers (n,) and centred ideal pixels (n, 2)."""

    frame: int
    number: NDArray[np.int64]
    pixels: Floats


@dataclass(frozen=True)
class Journey:
    """What all trails agree on.

    ``rotations`` (frames, 3, 3) and ``centres`` (frames, 3) of the camera in the directions of the first frame;
    ``focal`` in analysis pixels, ``deviation`` of its logarithm, infinite where it was not asked for; ``cost``: mean
    squared distance in pixels of the matches, none counting more than 2.5. Of each frame: ``points`` that agree,
    their ``residuals`` (root mean square), the ``share`` (0..1) of its matches that do, and ``corner_error``: the
    standard error in pixels of the picture's place against the frame before.
    """

    rotations: Floats
    centres: Floats
    focal: float
    deviation: float
    cost: float
    points: NDArray[np.int64]
    residuals: Floats
    share: Floats
    sigma: float
    parallax: Floats


class _Matches:
    """All sightings as rows: one for each trail in each frame but the one that saw it first."""

    def __init__(self, sightings: Sequence[Sighting], *, every: bool) -> None:
        frame = np.concatenate([np.full(len(s.number), s.frame) for s in sightings])
        number = np.concatenate([s.number for s in sightings])
        pixels = np.concatenate([s.pixels for s in sightings])
        kept = _lasting(frame, number)
        frame, number, pixels = frame[kept], number[kept], pixels[kept]
        starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1]])
        place = np.arange(len(number)) - np.repeat(starts, np.diff(np.r_[starts, len(number)]))
        # Cut long ones; the cut begins a point of its own.
        begins = np.r_[True, (number[1:] != number[:-1])] | (place % _LONGEST == 0)
        point = np.cumsum(begins) - 1
        first = np.flatnonzero(begins)
        # Of long ones every third frame is enough to begin with, of each trail another one.
        sparse = (place > _DENSE) & ((frame + number) % 3 != 0) & (not every)
        rest = np.flatnonzero(~begins & ~sparse)
        long = np.bincount(point[rest], minlength=len(first)) >= 2
        rest = rest[long[point[rest]]]
        _, self.point = np.unique(point[rest], return_inverse=True)
        anchor = first[point[rest]]
        self.first, self.second = frame[anchor], frame[rest]
        self.p, self.q = pixels[anchor], pixels[rest]
        self.points = int(self.point.max()) + 1 if len(rest) else 0


def _lasting(frame: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.intp]:
    """Indices of the sightings of the longest trails at any time, in the order of trails and of frames."""
    order = np.lexsort((frame, number))
    _, starts, lengths = np.unique(number[order], return_index=True, return_counts=True)
    middle = frame[order][starts + lengths // 2]
    time = middle // max(1, round(float(lengths.mean())))
    ranked = np.lexsort((-lengths, time))
    kept = np.zeros(len(lengths), bool)
    group = time[ranked]
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    rank = np.arange(len(group)) - np.repeat(begins, np.diff(np.r_[begins, len(group)]))
    kept[ranked[rank < _MOST]] = True
    return np.asarray(order[np.repeat(kept, lengths)])


def journey(
    rotations: Sequence[Matrix3],
    centres: Floats,
    sightings: Sequence[Sighting],
    focal: float,
    *,
    free_focal: bool,
    final: bool = False,
) -> Journey | None:
    """Refine ``rotations`` and ``centres`` (frames, 3); frame 0 stays. None when there is nothing to go by.

    Quickly, from a part of the trails, or as the ``final`` result from all, where everything is about right.
    """
    if not any(len(each.number) for each in sightings):
        return None
    matches = _Matches(sightings, every=final)
    if not len(matches.p):
        return None
    state = _State(
        np.array(rotations, np.float64),
        np.array(centres, np.float64),
        np.zeros(matches.points),
        np.zeros((matches.points, 2)),
        focal,
    )
    state.inverse = _depths(matches, state)
    prior = focal
    deviation, damping = math.inf, 1e-3
    for width, rounds in _WIDTHS[_NARROW if final else 0 :]:
        for _ in range(rounds):
            residual = _residual(matches, state)
            cost = _cost(residual, state, width)
            system = _System(matches, state, residual, width, free_focal, prior)
            moved = False
            for _ in range(4):
                new = system.stepped(state, damping)
                new_cost = _cost(_residual(matches, new), new, width)
                if new_cost < cost:
                    damping, moved = max(damping / 5, 1e-7), True
                    break
                damping = min(damping * 8, 1e4)
            if not moved:
                break
            small = cost - new_cost < _STEADY * cost
            state = new
            if small:
                break
    residual = _residual(matches, state)
    distance = np.hypot(*residual.T)
    sigma = max(float(np.median(distance[distance < 3])) / 1.1774, _FLOOR) if (distance < 3).any() else 3.0
    if free_focal:
        system = _System(matches, state, residual, max(2.5, 4 * sigma), True, prior)
        deviation = sigma * system.focal_deviation()
    return _told(matches, state, distance, sigma, deviation)


@dataclass
class _State:
    """``inverse`` (points,): inverse depths; ``offset`` (points, 2): pixels from where each was first seen."""

    rotations: Floats
    centres: Floats
    inverse: Floats
    offset: Floats
    focal: float


def _told(matches: _Matches, state: _State, distance: Floats, sigma: float, deviation: float) -> Journey:
    frames = len(state.rotations)
    agrees = distance < AGREES_PX
    points = np.bincount(matches.second[agrees], minlength=frames)
    total = np.bincount(matches.second, minlength=frames)
    squares = np.bincount(matches.second[agrees], np.square(distance[agrees]), minlength=frames)
    with np.errstate(invalid="ignore", divide="ignore"):
        residuals, share = np.sqrt(squares / points), np.nan_to_num(points / total)
    cost = float(np.square(np.minimum(distance, 2.5)).mean())
    moved = np.linalg.norm(state.centres[matches.first] - state.centres[matches.second], axis=1)
    shift = state.inverse[matches.point] * moved * state.focal
    shift = np.where(agrees, shift, 0.0)
    parallax = np.zeros(frames)
    np.maximum.at(parallax, matches.second, shift)
    return Journey(
        state.rotations, state.centres, float(state.focal), deviation, cost, points, residuals, share, sigma, parallax
    )


def _cost(residual: Floats, state: _State, width: float) -> float:
    """Tukey's cost of all matches, and that of the offsets: they are what the first sighting was off."""
    inside = np.clip(1 - np.square(residual).sum(axis=1) / width**2, 0, None)
    return float((1 - inside**3).sum()) * width**2 / 6 + 0.5 * float(np.square(state.offset).sum())


def _rays(matches: _Matches, state: _State) -> Floats:
    first = (matches.p + state.offset[matches.point]) / state.focal
    return np.column_stack([first, np.ones(len(first))])


def _camera(matches: _Matches, state: _State) -> tuple[Floats, Floats, Floats]:
    """Points as the second frame has them (n, 3), the turn between the frames, and the way between them."""
    turns = state.rotations[matches.second] @ state.rotations[matches.first].transpose(0, 2, 1)
    way = np.einsum(
        "nij,nj->ni",
        state.rotations[matches.second],
        state.centres[matches.first] - state.centres[matches.second],
    )
    moved = np.einsum("nij,nj->ni", turns, _rays(matches, state))
    return moved + state.inverse[matches.point, None] * way, turns, way


def _residual(matches: _Matches, state: _State) -> Floats:
    seen = _camera(matches, state)[0]
    return np.asarray(matches.q - state.focal * seen[:, :2] / np.maximum(seen[:, 2:], 0.05))


def _depths(matches: _Matches, state: _State) -> Floats:
    """Inverse depths (points,) from what is known of the cameras, by least squares robustly."""
    inverse = np.zeros(matches.points)
    weight = np.ones(len(matches.p))
    infinite = _State(state.rotations, state.centres, inverse, state.offset, state.focal)
    seen, _, way = _camera(matches, infinite)
    q = matches.q / state.focal
    lacking = seen[:, :2] - q * seen[:, 2:]
    along = way[:, :2] - q * way[:, 2:]
    for _ in range(4):
        top = np.bincount(matches.point, -weight * (lacking * along).sum(axis=1), minlength=matches.points)
        bottom = np.bincount(matches.point, weight * np.square(along).sum(axis=1), minlength=matches.points)
        inverse = np.maximum(top / np.maximum(bottom, 1e-12), 0.0)
        away = np.linalg.norm(lacking + inverse[matches.point, None] * along, axis=1) * state.focal
        weight = 1 / (1 + np.square(away / 4.0))
    return np.asarray(inverse)


class _System:
    """Normal equations of one round; depths are eliminated."""

    def __init__(
        self, matches: _Matches, state: _State, residual: Floats, width: float, free_focal: bool, prior: float
    ) -> None:
        seen, turns, way = _camera(matches, state)
        frames, count = len(state.rotations), len(residual)
        depth = np.maximum(seen[:, 2], 0.05)
        x, y = seen[:, 0] / depth, seen[:, 1] / depth
        across = np.zeros((count, 2, 3))
        across[:, 0, 0] = across[:, 1, 1] = state.focal / depth
        across[:, 0, 2], across[:, 1, 2] = -state.focal * x / depth, -state.focal * y / depth
        rays = _rays(matches, state)
        inverse = state.inverse[matches.point]
        by = np.empty((count, 2, 13))
        by[..., 0:3] = across @ (turns @ _cross(rays))
        moved = across @ state.rotations[matches.second] * inverse[:, None, None]
        by[..., 3:6], by[..., 9:12] = moved, -moved
        by[..., 6:9] = -across @ _cross(seen)
        narrower = np.column_stack([-rays[:, :2], np.zeros(count)])
        by[..., 12] = np.einsum("nij,nj->ni", across, np.einsum("nij,nj->ni", turns, narrower))
        by[..., 12] += state.focal * np.stack([x, y], axis=1)
        by_depth = np.einsum("nij,nj->ni", across, way)
        weight = np.square(np.clip(1 - np.square(np.hypot(*residual.T) / width), 0, None))
        if not free_focal:
            by[..., 12] = 0
        self._size = size = 6 * frames + 1
        columns = np.concatenate(
            [
                6 * matches.first[:, None] + np.arange(6),
                6 * matches.second[:, None] + np.arange(6),
                np.full((count, 1), size - 1),
            ],
            axis=1,
        )
        rows = np.arange(2 * count)
        jacobian = csc_array(
            (by.reshape(2 * count, 13).ravel(), (np.repeat(rows, 13), np.repeat(columns, 2, axis=0).ravel())),
            shape=(2 * count, size),
        )
        each = np.repeat(weight, 2)
        weighted = diags_array(each) @ jacobian
        # Of each point: inverse depth, and both coordinates of where it was first seen.
        sideways = np.einsum("nij,njk->nik", across, turns[:, :, :2]) / state.focal
        own = np.concatenate([by_depth[..., None], sideways], axis=2)
        depths = csc_array(
            (
                own.ravel(),
                (np.repeat(rows, 3), np.repeat(3 * matches.point[:, None] + np.arange(3), 2, axis=0).ravel()),
            ),
            shape=(2 * count, 3 * matches.points),
        )
        self._normal = (jacobian.T @ weighted).tocsc()
        self._coupling = (weighted.T @ depths).tocsc()
        blocks = np.einsum("n,nki,nkj->nij", weight, own, own).reshape(count, 9)
        sums = np.zeros((matches.points, 9))
        for element, block in enumerate(blocks.T):
            sums[:, element] = np.bincount(matches.point, block, matches.points)
        own_blocks = sums.reshape(-1, 3, 3)
        flat = residual.ravel()
        self._right = weighted.T @ flat
        self._right_own = (depths.T @ (each * flat)).reshape(-1, 3)
        own_blocks[:, [1, 2], [1, 2]] += 1.0
        self._own = own_blocks
        self._right_own[:, 1:] -= state.offset
        self._free_focal = free_focal
        if free_focal:
            pull = np.zeros(size)
            pull[-1] = 1 / _PRIOR**2
            self._normal = self._normal + diags_array(pull)
            self._right[-1] -= math.log(state.focal / prior) / _PRIOR**2

    def _reduced(self, damping: float) -> tuple[csc_array, Floats, Floats]:
        diagonal = np.einsum("nii->ni", self._own)
        own = self._own + np.einsum("ni,ij->nij", damping * diagonal + 1e-6, np.eye(3))
        inverse = np.linalg.inv(own)
        count = len(inverse)
        rows = np.repeat(np.arange(3 * count), 3)
        columns = np.repeat(3 * np.arange(count)[:, None] + np.arange(3), 3, axis=0).ravel()
        share = self._coupling @ csc_array((inverse.ravel(), (rows, columns)), shape=(3 * count, 3 * count))
        diagonal = self._normal.diagonal()
        ties = damping * diagonal + 1e-9 * float(diagonal.mean()) + 1e-9
        ties[:6] += 1e12
        if not self._free_focal:
            ties[-1] += 1e12
        reduced = self._normal + diags_array(ties) - share @ self._coupling.T
        return reduced.tocsc(), np.asarray(self._right - share @ self._right_own.ravel()), inverse

    def stepped(self, state: _State, damping: float) -> _State:
        """The state after a step."""
        reduced, right, inverse = self._reduced(damping)
        change = np.asarray(spsolve(reduced, right), np.float64)
        lacking = self._right_own - (self._coupling.T @ change).reshape(-1, 3)
        inner = np.einsum("nij,nj->ni", inverse, lacking)
        each = change[:-1].reshape(-1, 6)
        length = np.linalg.norm(each[:, :3], axis=1, keepdims=True)
        turn = each[:, :3] * np.minimum(1.0, 0.2 / np.maximum(length, 1e-12))
        rotations = (Rotation.from_rotvec(turn) * Rotation.from_matrix(state.rotations)).as_matrix()
        return _State(
            np.asarray(rotations),
            state.centres + each[:, 3:],
            np.maximum(state.inverse + inner[:, 0], 0.0),
            state.offset + inner[:, 1:],
            state.focal * math.exp(float(np.clip(change[-1], -0.1, 0.1))),
        )

    def focal_deviation(self) -> float:
        """Standard deviation of the logarithm of the focal length, for matches of deviation 1."""
        reduced, _, _ = self._reduced(1e-6)
        unit = np.zeros(self._size)
        unit[-1] = 1.0
        return math.sqrt(max(float(spsolve(reduced, unit)[-1]), 0.0))


def _cross(vectors: Floats) -> Floats:
    """Matrices (n, 3, 3) of the cross product with vectors (n, 3)."""
    result = np.zeros((len(vectors), 3, 3))
    x, y, z = vectors.T
    result[:, 0, 1], result[:, 0, 2], result[:, 1, 2] = -z, y, -x
    result[:, 1, 0], result[:, 2, 0], result[:, 2, 1] = z, -y, x
    return result
