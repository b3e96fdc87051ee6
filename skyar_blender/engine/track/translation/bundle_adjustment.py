# SPDX-License-Identifier: GPL-3.0-or-later
"""All frames of a travelling camera agreed at once over its trails: rotations, places, depths and the focal length.

A bundle adjustment (Triggs et al. 2000). A point is the ray of the frame that saw it first and its inverse depth
(Civera et al. 2008), never below 0: far points are at infinity and hold the rotation. Levenberg's and Marquardt's
damping, Tukey's biweight.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, Matrix3
from .normal_equations import (
    SeenPoints,
    Sighting,
    State,
    StateUpdate,
    System,
    TrackMatches,
    rays_of,
    residual_of,
    seen_by,
)

Widths: TypeAlias = tuple[tuple[float | None, int], ...]
#: Widths of the biweight in pixels of the analysis image, and rounds of each: of a first reconstruction, and where
#: all but the lens is known already. None: that which the matches' own deviation asks for. The lens is told by less
#: than a pixel, so that at last it hears only what agrees closely: matches that slip a little all err to one side.
_WIDTHS: Widths = ((12.0, 4), (5.0, 3), (2.5, 4))
_WITH_LENS: Widths = ((5.0, 3), (2.5, 6), (None, 6), (0.6, 8))
_AS_IT_IS: Widths = ((None, 4),)
#: Such a width in deviations, at which Tukey's biweight is 95 % efficient, and its bounds in pixels.
_DEVIATIONS, _NARROWEST, _WIDEST = 4.7, 1.0, 2.5
#: Distance within which a match agrees.
AGREES_PX = 1.5
#: Deviation of the matches in pixels that is believed at the least.
FLOOR_PX = 0.08
#: Share of the cost below which a round changes nothing.
_STEADY = 1e-4
#: Frames after which a trail counts half where the lens is asked for.
_STRAYS = 6.0
#: Rounds of one width after which a lens that changes by less than this share is known.
_ENOUGH = 6
_SAME_LENS = 0.001
#: Multiples of a step that are tried as long as they cost less.
_LONGER = (2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Landmarks:
    """Points: the ``number`` (n,) of the trail of each, and the ``first`` and ``last`` frame (n,) that tell it.

    One lies at ``direction / inverse`` from the first frame's place, or, with ``inverse`` 0, infinitely far away;
    ``direction`` (n, 3), ``inverse`` (n,).
    """

    number: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    direction: Float64Array
    inverse: Float64Array


@dataclass(frozen=True)
class Reconstruction:
    """What all trails agree on.

    ``distance`` (n,): of each match in pixels from where it should be; ``deviation`` is that of the logarithm of the
    focal length, infinite where it was not asked for; ``sigma``: that of the matches. Of each frame:
    ``points`` that agree, their ``residuals`` (root mean square), and the ``fraction`` (0..1) of its matches that do.
    """

    matches: TrackMatches
    state: State
    distance: Float64Array
    deviation: float
    points: NDArray[np.int64]
    residuals: Float64Array
    fraction: Float64Array
    sigma: float

    @property
    def rotations(self) -> Float64Array:
        """(frames, 3, 3), from the directions of the first frame to those of each."""
        return self.state.rotations

    @property
    def centres(self) -> Float64Array:
        """(frames, 3), in the directions of the first frame."""
        return self.state.centres

    @property
    def focal(self) -> float:
        """In analysis pixels."""
        return self.state.focal

    @property
    def width(self) -> float:
        """Of the biweight that suits the deviation of the matches, in pixels."""
        return _width(self.sigma)

    def cost_within(self, pixels: float) -> float:
        """Mean squared distance of the matches, none counting for more than that many pixels."""
        return float(np.average(np.square(np.minimum(self.distance, pixels)), weights=_fresh(self.matches)))

    @cached_property
    def landmarks(self) -> Landmarks:
        """All points."""
        matches, state = self.matches, self.state
        first = matches.anchored
        rays = np.einsum("nji,nj->ni", state.rotations[first], rays_of(matches, state)[matches.starts])
        last = np.maximum.reduceat(matches.second, matches.starts)
        direction = rays + state.inverse[:, None] * state.centres[first]
        return Landmarks(matches.number, first, last, direction, state.inverse)


def reconstruct(
    rotations: Sequence[Matrix3], centres: Float64Array, sightings: Sequence[Sighting], focal: float
) -> Reconstruction | None:
    """Refine ``rotations`` and ``centres`` (frames, 3); frame 0 stays. None when there is nothing to go by."""
    if not any(len(each.number) for each in sightings):
        return None
    matches = TrackMatches(sightings)
    if not len(matches.p):
        return None
    state = State(
        np.array(rotations, np.float64),
        np.array(centres, np.float64),
        np.zeros(matches.points),
        np.zeros((matches.points, 2)),
        focal,
    )
    state.inverse = _depths(matches, state)
    return _refined(matches, state, np.ones(len(matches.p)), _WIDTHS, focal, free_focal=False)


def settled(found: Reconstruction, focal: float | None = None) -> Reconstruction:
    """The same once more, in which long trails count less: they stray, and a wrong lens tears them.

    With another ``focal`` length, where there is one.
    """
    state = found.state if focal is None else replace(found.state, focal=focal)
    return _refined(found.matches, state, _fresh(found.matches), _AS_IT_IS, state.focal, free_focal=False)


def with_lens(found: Reconstruction) -> Reconstruction:
    """As :func:`settled`, with the focal length that suits it best."""
    return _refined(found.matches, found.state, _fresh(found.matches), _WITH_LENS, found.focal, free_focal=True)


def _refined(
    matches: TrackMatches,
    state: State,
    trust: Float64Array,
    widths: Widths,
    prior: float,
    *,
    free_focal: bool,
) -> Reconstruction:
    # Much of it would hold a lens that all frames together tell, and none does.
    deviation, damping = math.inf, 1e-7 if free_focal else 1e-4
    seen = seen_by(matches, state)
    residual = residual_of(matches, state, seen)

    def tried(
        change: StateUpdate, times: float, cost: float, width: float
    ) -> tuple[float, State, SeenPoints, Float64Array] | None:
        """What a change makes of the state, where that costs less."""
        new = change.of(state, times)
        new_seen = seen_by(matches, new)
        new_residual = residual_of(matches, new, new_seen)
        new_cost = _cost(trust, new_residual, new, width)
        return (new_cost, new, new_seen, new_residual) if new_cost < cost else None

    for given, rounds in widths:
        width = _width(_deviation(np.hypot(*residual.T), trust)) if given is None else given
        for done in range(rounds):
            cost = _cost(trust, residual, state, width)
            system = System(matches, state, seen, residual, trust, width, free_focal=free_focal, prior=prior)
            better = None
            for _ in range(4):
                change = system.change(damping)
                better = tried(change, 1.0, cost, width)
                if better is not None:
                    damping = max(damping / 5, 1e-8)
                    break
                damping = min(damping * 8, 1e4)
            if better is None:
                break
            # Weights that change with every round make steps that are too short.
            for times in _LONGER:
                farther = tried(change, times, better[0], width)
                if farther is None:
                    break
                better = farther
            longer = abs(math.log(better[1].focal / state.focal))
            new_cost, state, seen, residual = better
            if done >= _ENOUGH and longer < _SAME_LENS:
                break
            if cost - new_cost < _STEADY * cost:
                break
    distance = np.hypot(*residual.T)
    sigma = _deviation(distance, _fresh(matches))
    if free_focal:
        width = max(2.5, 4 * sigma)
        system = System(matches, state, seen, residual, trust, width, free_focal=True, prior=prior)
        deviation = sigma * system.focal_deviation()
    return _reported(matches, state, distance, sigma, deviation)


def _reported(
    matches: TrackMatches, state: State, distance: Float64Array, sigma: float, deviation: float
) -> Reconstruction:
    frames = len(state.rotations)
    agrees = distance < AGREES_PX
    points = np.bincount(matches.second[agrees], minlength=frames)
    total = np.bincount(matches.second, minlength=frames)
    squares = np.bincount(matches.second[agrees], np.square(distance[agrees]), minlength=frames)
    with np.errstate(invalid="ignore", divide="ignore"):
        residuals, fraction = np.sqrt(squares / points), np.nan_to_num(points / total)
    return Reconstruction(matches, state, distance, deviation, points, residuals, fraction, sigma)


def _deviation(distance: Float64Array, weight: Float64Array) -> float:
    """Robust deviation of matches per axis, in pixels."""
    near = distance < 3
    return max(_median(distance[near], weight[near]) / 1.1774, FLOOR_PX) if near.any() else 3.0


def _width(deviation: float) -> float:
    return min(max(_DEVIATIONS * deviation, _NARROWEST), _WIDEST)


def _fresh(matches: TrackMatches) -> Float64Array:
    """Trust (n,) in matches where the lens is at stake."""
    return np.asarray(1 / (1 + np.square((matches.second - matches.first) / _STRAYS)))


def _median(values: Float64Array, weight: Float64Array) -> float:
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    return float(values[order][int(np.searchsorted(total, 0.5 * total[-1]))])


def _cost(trust: Float64Array, residual: Float64Array, state: State, width: float) -> float:
    """Tukey's cost of all matches by their trust, and that of the offsets, what the first sighting was off."""
    inside = np.clip(1 - np.square(residual).sum(axis=1) / width**2, 0, None)
    return float((trust * (1 - inside**3)).sum()) * width**2 / 6 + 0.5 * float(np.square(state.offset).sum())


def _depths(matches: TrackMatches, state: State) -> Float64Array:
    """Inverse depths (points,) from what is known of the cameras, by least squares robustly."""
    inverse = np.zeros(matches.points)
    weight = np.ones(len(matches.p))
    infinite = State(state.rotations, state.centres, inverse, state.offset, state.focal)
    there = seen_by(matches, infinite)
    seen, way = there.moved, there.way
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
