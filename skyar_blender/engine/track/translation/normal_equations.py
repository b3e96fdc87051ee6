# SPDX-License-Identifier: GPL-3.0-or-later
"""One round of :mod:`.bundle_adjustment`: points are eliminated, frames are solved for in a band.

A trail begins a new point after so many frames, so that a frame is only tied to those near it: the reduced normal
equations (Schur's complement) are a band, with the focal length as their border.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.typing import NDArray
from scipy.linalg import solveh_banded
from scipy.sparse import csr_array
from scipy.spatial.transform import Rotation

from ...types import Float64Array
from ..geometry.rotations import crossed

#: Trails that are heard of those whose middles fall into a time as long as one lasts: the longest.
_MOST = 140
#: Frames after which a trail counts as a new point, so that far frames are not tied to one another.
_LONGEST = 14
#: Standard deviation of the logarithm of the focal length that is taken beforehand: .3, for matches of deviation .2.
_PRIOR = 1.5
#: What holds a number that is not asked for.
_HELD = 1e12
#: Damping of equations that tell how well something is known.
_LEAST_DAMPING = 1e-6


@dataclass(frozen=True)
class Sighting:
    """Trails in a frame: its index, numbers (n,) and centred ideal pixels (n, 2)."""

    frame: int
    number: NDArray[np.int64]
    pixels: Float64Array


class TrackMatches:
    """All sightings as rows: one for each trail in each frame but the one that saw it first.

    ``first`` and ``second`` (n,): frames; ``p`` and ``q`` (n, 2): pixels there; ``point`` (n,): ascending, as are the
    first frames of points; ``number`` (points,): of their trails.
    """

    def __init__(self, sightings: Sequence[Sighting]) -> None:
        frame = np.concatenate([np.full(len(s.number), s.frame) for s in sightings])
        number = np.concatenate([s.number for s in sightings])
        pixels = np.concatenate([s.pixels for s in sightings])
        kept = _lasting(frame, number)
        frame, number, pixels = frame[kept], number[kept], pixels[kept]
        begins = np.r_[True, number[1:] != number[:-1]]
        since = frame - np.repeat(frame[begins], np.diff(np.r_[np.flatnonzero(begins), len(number)]))
        # Cut long ones: the last of a part is the first of the next, so that nothing comes apart.
        part = np.maximum(since - 1, 0) // _LONGEST
        cut = ~begins[1:] & (part[1:] != part[:-1])
        twice = np.repeat(np.arange(len(number)), 1 + np.r_[cut, False])
        begins = begins[twice] | np.r_[False, twice[1:] == twice[:-1]]
        frame, number, pixels = frame[twice], number[twice], pixels[twice]
        point = np.cumsum(begins) - 1
        anchors = np.flatnonzero(begins)
        rest = np.flatnonzero(~begins)
        long = np.bincount(point[rest], minlength=len(anchors)) >= 2
        rest = rest[long[point[rest]]]
        rest = rest[np.lexsort((frame[rest], point[rest], frame[anchors[point[rest]]]))]
        anchor = anchors[point[rest]]
        fresh = np.r_[True, anchor[1:] != anchor[:-1]] if len(rest) else np.empty(0, bool)
        self.starts = np.flatnonzero(fresh)
        self.point = np.cumsum(fresh) - 1
        self.points = len(self.starts)
        self.first, self.second = frame[anchor], frame[rest]
        self.p, self.q = pixels[anchor], pixels[rest]
        self.number = number[anchor[self.starts]]
        self.anchored = self.first[self.starts]
        #: Pairs of frames, the pair of each match, and what sums over those of a pair.
        both = self.first * (int(frame.max(initial=0)) + 1) + self.second
        _, chosen, self.pair = np.unique(both, return_index=True, return_inverse=True)
        self.pairs = self.first[chosen], self.second[chosen]
        count = len(self.pair)
        self.by_pair = csr_array((np.ones(count), (self.pair, np.arange(count))), shape=(len(chosen), count))
        self.span = int((self.second - self.first).max(initial=0)) + 1


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


@dataclass
class State:
    """``rotations`` (frames, 3, 3) and ``centres`` (frames, 3) of the camera, in the directions of the first frame.

    ``inverse`` (points,): inverse depths; ``offset`` (points, 2): pixels from where each was first seen; ``focal`` in
    pixels.
    """

    rotations: Float64Array
    centres: Float64Array
    inverse: Float64Array
    offset: Float64Array
    focal: float


@dataclass(frozen=True)
class SeenPoints:
    """Of each match: the point as the second frame has it, ``moved`` (n, 3), the ``turn`` (n, 3, 3) between the two
    frames, the ``way`` (n, 3) between them as the second has it, and the ``rays`` (n, 3) of the first."""

    moved: Float64Array
    turn: Float64Array
    way: Float64Array
    rays: Float64Array


@dataclass(frozen=True)
class StateUpdate:
    """Of a state: ``frames`` (6 frames,), turn and place of each; ``points`` (points, 3), inverse depth and offset of
    each; ``focal``: the logarithm of the focal length."""

    frames: Float64Array
    points: Float64Array
    focal: float

    def of(self, state: State, times: float = 1.0) -> State:
        """``state`` after so many times this change."""
        each = times * self.frames.reshape(-1, 6)
        length = np.linalg.norm(each[:, :3], axis=1, keepdims=True)
        turn = each[:, :3] * np.minimum(1.0, 0.2 / np.maximum(length, 1e-12))
        rotations = (Rotation.from_rotvec(turn) * Rotation.from_matrix(state.rotations)).as_matrix()
        return State(
            np.asarray(rotations),
            state.centres + each[:, 3:],
            np.maximum(state.inverse + times * self.points[:, 0], 0.0),
            state.offset + times * self.points[:, 1:],
            state.focal * math.exp(float(np.clip(times * self.focal, -0.1, 0.1))),
        )


def rays_of(matches: TrackMatches, state: State) -> Float64Array:
    """Rays (n, 3) of the first frame, with z = 1."""
    rays = np.ones((len(matches.p), 3))
    rays[:, :2] = (matches.p + state.offset[matches.point]) / state.focal
    return rays


def seen_by(matches: TrackMatches, state: State) -> SeenPoints:
    """What the second frames should see."""
    first, second = matches.pairs
    turns = state.rotations[second] @ state.rotations[first].transpose(0, 2, 1)
    ways = np.einsum("nij,nj->ni", state.rotations[second], state.centres[first] - state.centres[second])
    turn, way = turns[matches.pair], ways[matches.pair]
    rays = rays_of(matches, state)
    moved = np.einsum("nij,nj->ni", turn, rays) + state.inverse[matches.point, None] * way
    return SeenPoints(moved, turn, way, rays)


def residual_of(matches: TrackMatches, state: State, seen: SeenPoints) -> Float64Array:
    """Pixels (n, 2) from where the matches should be to where they are."""
    return np.asarray(matches.q - state.focal * seen.moved[:, :2] / np.maximum(seen.moved[:, 2:], 0.05))


class System:
    """Normal equations of one round, for Tukey's biweight of ``width`` pixels; ``trust`` (n,) in the matches."""

    def __init__(
        self,
        matches: TrackMatches,
        state: State,
        seen: SeenPoints,
        residual: Float64Array,
        trust: Float64Array,
        width: float,
        *,
        free_focal: bool,
        prior: float,
    ) -> None:
        self._matches = matches
        frames, points, span = len(state.rotations), matches.points, matches.span
        self._frames, self._columns = frames, 6 * span
        weight = np.square(np.clip(1 - np.square(residual).sum(axis=1) / width**2, 0, None))
        weight = (weight * trust)[:, None, None]
        by, own = _derivatives(matches, state, seen)
        if not free_focal:
            by[..., 12] = 0
        weighted = by * weight
        # By pairs of frames: what both are held by, alone and together.
        turned = weighted.transpose(0, 2, 1)
        sums = (matches.by_pair @ (turned @ by).reshape(-1, 169)).reshape(-1, 13, 13)
        pulls = (matches.by_pair @ np.einsum("nki,nk->ni", weighted, residual)).reshape(-1, 13)
        # By points: of each its inverse depth and both coordinates of where it was first seen.
        self._own = np.add.reduceat((own * weight).transpose(0, 2, 1) @ own, matches.starts)
        self._right_own = np.add.reduceat(np.einsum("nki,nk->ni", own * weight, residual), matches.starts)
        self._own[:, [1, 2], [1, 2]] += 1.0
        self._right_own[:, 1:] -= state.offset
        # What is infinitely far and would go on farther stays there.
        beyond = (state.inverse <= 0) & (self._right_own[:, 0] < 0)
        self._own[beyond, 0, 0] += _HELD
        ties = own.transpose(0, 2, 1) @ weighted
        coupling = np.zeros((points, 3, span + 1, 6))
        slot = matches.second - matches.first
        coupling[matches.point, :, slot] = ties[..., 6:12]
        at_point = np.add.reduceat(ties, matches.starts)
        coupling[:, :, 0] = at_point[..., :6]
        coupling[:, :, span, 0] = at_point[..., 12]
        self._coupling = np.ascontiguousarray(coupling.reshape(points, 3, -1)[..., : self._columns + 1])
        # The band, with room for what reaches beyond the last frame.
        size = 6 * (frames + span)
        self._band = np.zeros((size, 2 * self._columns))
        self._border, self._right = np.zeros(size), np.zeros(size + 1)
        first, second = matches.pairs
        blocks = np.zeros((frames, span, 6, 6))
        np.add.at(blocks, (first, np.zeros_like(first)), sums[:, :6, :6])
        np.add.at(blocks, (second, np.zeros_like(second)), sums[:, 6:12, 6:12])
        blocks[first, second - first] = sums[:, :6, 6:12]
        window = self._columns
        for frame in range(frames):
            rows = self._window(self._band, 6 * frame)[:6]
            rows[:, :window] += blocks[frame].transpose(1, 0, 2).reshape(6, window)
        for target, values in ((self._border, sums[..., 12]), (self._right, pulls)):
            for frame, part in ((first, values[:, :6]), (second, values[:, 6:12])):
                np.add.at(target[: 6 * frames].reshape(-1, 6), frame, part)
        self._corner = float(sums[:, 12, 12].sum())
        self._right[-1] = pulls[:, 12].sum()
        self._free_focal = free_focal
        if free_focal:
            self._corner += 1 / _PRIOR**2
            self._right[-1] -= math.log(state.focal / prior) / _PRIOR**2
        self._groups = np.flatnonzero(np.r_[True, matches.anchored[1:] != matches.anchored[:-1]])

    def _window(self, band: Float64Array, start: int) -> Float64Array:
        """A square part of the matrix on its diagonal; of its rows only what is at or right of that counts."""
        step, item = band.strides
        return as_strided(
            band[start:, self._columns :], (self._columns, self._columns), (step - item, item), writeable=True
        )

    def _reduced(self, damping: float) -> tuple[Float64Array, Float64Array, Float64Array, float, Float64Array]:
        """Without the points: the band (columns, 6 frames) of the frames below the diagonal, its border (6 frames,)
        and corner for the focal length, the right sides (6 frames + 1,), and what inverts the points."""
        diagonal = np.einsum("nii->ni", self._own)
        inverse = np.linalg.inv(self._own + np.einsum("ni,ij->nij", damping * diagonal + 1e-6, np.eye(3)))
        fraction = inverse @ self._coupling
        band, border, right = self._band.copy(), self._border.copy(), self._right.copy()
        corner, columns, size = self._corner, self._columns, 6 * self._frames
        known = np.einsum("nij,ni->nj", fraction, self._right_own)
        for start, end in zip(self._groups, [*self._groups[1:], len(inverse)], strict=True):
            at = 6 * int(self._matches.anchored[start])
            left = self._coupling[start:end].reshape(-1, columns + 1)
            taken = left.T @ fraction[start:end].reshape(-1, columns + 1)
            self._window(band, at)[...] -= taken[:-1, :-1]
            border[at : at + columns] -= taken[:-1, -1]
            corner -= float(taken[-1, -1])
            there = known[start:end].sum(axis=0)
            right[at : at + columns] -= there[:-1]
            right[-1] -= there[-1]
        lower = band[:size, columns : 2 * columns].T
        whole = self._band[:size, columns]
        lower[0] += damping * whole + 1e-9 * float(whole.mean()) + 1e-9
        lower[0, :6] += _HELD
        return lower, border[:size], np.append(right[:size], right[-1]), corner, inverse

    def _solved(self, damping: float, right_too: bool) -> tuple[Float64Array, float, Float64Array]:
        """Change of the frames (6 frames,) and of the logarithm of the focal length, and what inverts the points.

        Without ``right_too``: the variance of the latter stands in its place.
        """
        lower, border, right, corner, inverse = self._reduced(damping)
        both = np.column_stack([right[:-1], border])
        by_right, by_border = solveh_banded(lower, both, lower=True, check_finite=False).T
        rest = corner * (1 + damping) + 1e-9 - float(border @ by_border)
        if not self._free_focal:
            return by_right, 0.0, inverse
        if not right_too:
            return by_right, 1 / rest, inverse
        focal = (right[-1] - float(border @ by_right)) / rest
        return by_right - focal * by_border, focal, inverse

    def change(self, damping: float) -> StateUpdate:
        """The step that damped equations ask for."""
        frames, focal, inverse = self._solved(damping, True)
        padded = np.concatenate([frames, np.zeros(self._columns)])
        windows = sliding_window_view(padded, self._columns)[6 * self._matches.anchored]
        reached = np.einsum("nij,nj->ni", self._coupling[..., :-1], windows) + self._coupling[..., -1] * focal
        return StateUpdate(frames, np.einsum("nij,nj->ni", inverse, self._right_own - reached), focal)

    @cached_property
    def _undamped(self) -> Float64Array:
        return self._reduced(_LEAST_DAMPING)[0]

    def covariance(self, first: int, end: int) -> Float64Array:
        """Of turns and places of the frames from ``first`` on before ``end``, (n, 6, n, 6), those outside held.

        For matches of deviation 1 and a lens that is known.
        """
        lower = self._undamped[:, 6 * first : 6 * end]
        whole = solveh_banded(lower, np.eye(lower.shape[1]), lower=True, check_finite=False)
        return np.asarray(whole.reshape(end - first, 6, end - first, 6))

    def focal_deviation(self) -> float:
        """Standard deviation of the logarithm of the focal length, for matches of deviation 1."""
        return math.sqrt(max(self._solved(_LEAST_DAMPING, False)[1], 0.0))


def _derivatives(matches: TrackMatches, state: State, seen: SeenPoints) -> tuple[Float64Array, Float64Array]:
    """Of the pixels of each match: (n, 2, 13) by turn and place of the first frame, of the second, and by the
    logarithm of the focal length; (n, 2, 3) by the point's inverse depth and its offset."""
    moved, inverse = seen.moved, state.inverse[matches.point]
    depth = np.maximum(moved[:, 2], 0.05)
    at = moved[:, :2] / depth[:, None]
    scale = (state.focal / depth)[:, None, None]

    def across(vectors: Float64Array) -> Float64Array:
        """What changes (n, 3, k) of the moved point do to its pixels."""
        return np.asarray(scale * (vectors[:, :2] - at[..., None] * vectors[:, 2:]))

    by, own = np.empty((len(at), 2, 13)), np.empty((len(at), 2, 3))
    turned = across(seen.turn)
    placed = across(state.rotations[matches.second]) * inverse[:, None, None]
    x, y = at.T
    for row in (0, 1):
        by[:, row, 0:3] = crossed(turned[:, row], seen.rays)
    long = state.focal * np.ones_like(x)
    by[:, 0, 6], by[:, 0, 7], by[:, 0, 8] = -long * x * y, long * (1 + x * x), -long * y
    by[:, 1, 6], by[:, 1, 7], by[:, 1, 8] = -long * (1 + y * y), long * x * y, long * x
    # The second camera's own turn moves all that it sees, whatever its depth.
    by[..., 3:6], by[..., 9:12] = placed, -placed
    by[..., 12] = state.focal * at - np.einsum("nki,ni->nk", turned[..., :2], seen.rays[:, :2])
    own[..., 0] = across(seen.way[..., None])[..., 0]
    own[..., 1:] = turned[..., :2] / state.focal
    return by, own
