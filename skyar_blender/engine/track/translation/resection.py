# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames between those that a journey was agreed on: each is placed by the points that are known by then.

A resection: six numbers a frame, by Gauss-Newton with Tukey's biweight, of all frames at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from ...types import Float64Array
from ..geometry.rotations import rotation_from_vector, vector_from_rotation
from .bundle_adjustment import AGREES_PX, Reconstruction
from .normal_equations import Sighting

#: Widths of the biweight in pixels of the analysis image, one for each round, and multiples of the last that follow.
_WIDTHS = (8.0, 5.0, 3.0)
_LAST = (1.5, 1.0)
#: Fewest points that place a frame.
_FEWEST = 8
#: Longest step in radians, and the share of the normal equations' diagonal that is added to it.
_LONGEST = 0.05
_DAMPING = 1e-3


@dataclass(frozen=True)
class Placed:
    """Of every frame: ``rotations`` (frames, 3, 3), and as in :class:`.bundle_adjustment.Reconstruction` ``points``,
    ``residuals`` and ``fraction``."""

    rotations: Float64Array
    points: NDArray[np.int64]
    residuals: Float64Array
    fraction: Float64Array


def placed(
    agreed: Reconstruction,
    keys: NDArray[np.int64],
    sightings: Sequence[Sighting],
    rotations: Float64Array,
    centres: Float64Array,
) -> Placed:
    """Every frame of ``sightings``, of which ``agreed`` has those of the indices ``keys``, ascending.

    ``rotations`` (frames, 3, 3) and ``centres`` (frames, 3) of all of them are about right.
    """
    frames = len(sightings)
    turned, places = np.empty((frames, 3, 3)), np.empty((frames, 3))
    points, residuals, fraction = np.zeros(frames, np.int64), np.full(frames, np.nan), np.zeros(frames)
    for source, target in (
        (agreed.rotations, turned), (agreed.centres, places), (agreed.points, points),
        (agreed.residuals, residuals), (agreed.fraction, fraction),
    ):  # fmt: skip
        target[keys] = source
    others = np.setdiff1d(np.arange(frames), keys)
    if not len(others):
        return Placed(turned, points, residuals, fraction)
    before = np.searchsorted(keys, others) - 1
    for frame, at in zip(others, before, strict=True):
        turned[frame], places[frame] = _about(agreed, keys[at], keys[at + 1], at, frame, rotations, centres)
    index, landmark, seen = _matched(agreed, others, before, sightings)
    slot = others[index]
    for width in (*_WIDTHS, *(times * agreed.width for times in _LAST)):
        step = _step(agreed, landmark, seen, turned[slot], places[slot], index, len(others), width)
        turned[others] = (Rotation.from_rotvec(step[:, :3]) * Rotation.from_matrix(turned[others])).as_matrix()
        places[others] += step[:, 3:]
    moved = _camera(agreed, landmark, turned[slot], places[slot])
    away = np.hypot(*_residual(agreed.focal, moved, seen).T)
    agrees = away < AGREES_PX
    points[others] = np.bincount(index[agrees], minlength=len(others))
    total = np.bincount(index, minlength=len(others))
    squares = np.bincount(index[agrees], np.square(away[agrees]), minlength=len(others))
    with np.errstate(invalid="ignore", divide="ignore"):
        residuals[others] = np.sqrt(squares / points[others])
        fraction[others] = np.nan_to_num(points[others] / total)
    return Placed(turned, points, residuals, fraction)


def _about(
    agreed: Reconstruction, first: int, last: int, at: int, frame: int, rotations: Float64Array, centres: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Rotation and place of ``frame`` between two keys: as it was about, with its share of what these changed."""
    there = rotations[frame] @ rotations[first].T @ agreed.rotations[at]
    end = rotations[last] @ rotations[first].T @ agreed.rotations[at]
    part = (frame - first) / (last - first)
    lacking = vector_from_rotation(np.asarray(agreed.rotations[at + 1] @ end.T))
    way = np.linalg.norm(np.diff(centres[first : last + 1], axis=0), axis=1)
    gone = float(way[: frame - first].sum() / way.sum()) if way.sum() > 0 else part
    place = agreed.centres[at] + gone * (agreed.centres[at + 1] - agreed.centres[at])
    return np.asarray(rotation_from_vector(part * lacking) @ there), place


def _matched(
    agreed: Reconstruction, others: NDArray[np.int64], before: NDArray[np.int64], sightings: Sequence[Sighting]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Float64Array]:
    """What is known of in each of ``others``: which of these (n,), the landmark (n,) and where it is seen (n, 2)."""
    known = agreed.landmarks
    order = np.argsort(known.number, kind="stable")
    number = known.number[order]
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], Float64Array]] = []
    for index, (frame, at) in enumerate(zip(others, before, strict=True)):
        sighting = sightings[frame]
        if not len(number):
            continue
        place = np.searchsorted(number, sighting.number)
        # A long trail has several landmarks, one after another.
        while (place < len(number)).any():
            inside = np.minimum(place, len(number) - 1)
            same = (place < len(number)) & (number[inside] == sighting.number)
            if not same.any():
                break
            landmark = order[inside]
            near = same & (known.first[landmark] <= at + 1) & (at <= known.last[landmark])
            found.append((np.full(int(near.sum()), index), landmark[near], sighting.pixels[near]))
            place = np.where(same, place + 1, len(number))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 2))
    indices, landmarks, pixels = zip(*found, strict=True)
    return np.concatenate(indices), np.concatenate(landmarks), np.concatenate(pixels)


def _camera(
    agreed: Reconstruction, landmark: NDArray[np.int64], turned: Float64Array, places: Float64Array
) -> Float64Array:
    known = agreed.landmarks
    away = known.direction[landmark] - known.inverse[landmark, None] * places
    return np.asarray(np.einsum("nij,nj->ni", turned, away))


def _residual(focal: float, moved: Float64Array, seen: Float64Array) -> Float64Array:
    return np.asarray(seen - focal * moved[:, :2] / np.maximum(moved[:, 2:], 0.05))


def _step(
    agreed: Reconstruction,
    landmark: NDArray[np.int64],
    seen: Float64Array,
    turned: Float64Array,
    places: Float64Array,
    index: NDArray[np.int64],
    count: int,
    width: float,
) -> Float64Array:
    """Change (count, 6) of rotation and place; 0 where too little is seen."""
    moved = _camera(agreed, landmark, turned, places)
    residual = _residual(agreed.focal, moved, seen)
    weight = np.square(np.clip(1 - np.square(residual).sum(axis=1) / width**2, 0, None))
    depth = np.maximum(moved[:, 2], 0.05)
    x, y = moved[:, 0] / depth, moved[:, 1] / depth
    by = np.empty((len(x), 2, 6))
    by[:, 0, 0], by[:, 0, 1], by[:, 0, 2] = -x * y, 1 + x * x, -y
    by[:, 1, 0], by[:, 1, 1], by[:, 1, 2] = -(1 + y * y), x * y, x
    across = turned[:, :2] - np.stack([x, y], axis=1)[..., None] * turned[:, 2:]
    by[..., 3:] = -across * (agreed.landmarks.inverse[landmark] / depth)[:, None, None]
    by *= agreed.focal
    products = np.einsum("n,nki,nkj->nij", weight, by, by).reshape(-1, 36)
    gradient = np.einsum("n,nki,nk->ni", weight, by, residual)
    normal = np.stack([np.bincount(index, part, minlength=count) for part in products.T], axis=1).reshape(-1, 6, 6)
    right = np.stack([np.bincount(index, part, minlength=count) for part in gradient.T], axis=1)
    diagonal = np.einsum("nii->ni", normal)
    # Where all is far, places are not told, and stay.
    least = 1e-6 * diagonal[:, :3].mean(axis=1, keepdims=True) + 1e-9
    normal = normal + np.einsum("ni,ij->nij", _DAMPING * diagonal + least, np.eye(6))
    change = np.asarray(np.linalg.solve(normal, right[..., None])[..., 0], np.float64)
    length = np.linalg.norm(change[:, :3], axis=1, keepdims=True)
    change *= np.minimum(1.0, _LONGEST / np.maximum(length, 1e-12))
    change[np.bincount(index, weight > 0, minlength=count) < _FEWEST] = 0.0
    return change
