# SPDX-License-Identifier: GPL-3.0-or-later
"""How the camera of one shot stands to that of another, where both show the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from ....common.confidence import WEAK
from ...types import Float64Array, Matrix3
from ..confidence import corner_error, fit_confidence
from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import centred_homography, nearest_rotation, project
from ..rotation.rotation_fit import RotationFit, fit_rotation
from ..translation.epipolar import relative_pose
from .views import View

#: Bits by which two descriptors of the same thing may differ.
_ALIKE = 60
#: Matches that must agree on one rotation, and their fraction, by trust, of those that lie where both views look:
#: chance has reached 7, and less than .2.
_FEWEST = 20
_FRACTION = 0.25
#: Matches that must agree on one passage where the camera went on in between, and their fraction of all: chance has
#: reached 47, and .31 of as many. Less than so much of the way ahead, a turn and the way aside look alike.
_FEWEST_TRAVELLED = 50
_FRACTION_TRAVELLED = 0.7
_AHEAD = 0.8
#: Confidence of a rotation that is found so, at most.
_TRAVELLED = 0.45
#: Rounds in which all views of both shots are agreed on.
_ROUNDS = 8


@dataclass(frozen=True)
class SeenView:
    """A view with its camera: ``rotation`` from directions of the first frame of its shot, ``focal`` in pixels, and
    the ``scale`` with the distortion of its lens."""

    view: View
    rotation: Matrix3
    focal: float
    scale: AnalysisScale


@dataclass(frozen=True)
class Passage:
    """``rotation`` from directions of the first frame of one shot to those of the first of another, and how sure
    (0..1) it is."""

    rotation: Matrix3
    confidence: float


@dataclass(frozen=True)
class _Pair:
    first: Float64Array
    second: Float64Array
    fit: RotationFit
    confidence: float
    turn: Matrix3


def passage(first: Sequence[SeenView], second: Sequence[SeenView]) -> Passage | None:
    """From one shot to another; None where nothing tells that they show the same place.

    The views of both are in the order of their frames.
    """
    pairs = [pair for one in first for other in second if (pair := _pair(one, other)) is not None]
    if not pairs:
        return _travelled(first[-1], second[0]) if first and second else None
    best = max(pairs, key=lambda pair: int(pair.fit.inliers.sum()))
    rays = [np.concatenate([getattr(pair, name) for pair in pairs]) for name in ("first", "second")]
    rotation = _agreed(rays[0], rays[1], best.turn, best.fit.sigma / best.fit.focal)
    return Passage(rotation, max(pair.confidence for pair in pairs))


def _pair(one: SeenView, other: SeenView) -> _Pair | None:
    """What two views agree on: directions (n, 3) in the first frames of both shots."""
    matched = _matched(one, other)
    if matched is None or len(matched[0]) < _FEWEST:
        return None
    p, q, trust = matched
    fit = fit_rotation(
        p, q, trust, focal_first=one.focal, focal_second=other.focal, guess=np.eye(3), zoom=False,
        seed=1000 * one.view.frame + other.view.frame,
    )  # fmt: skip
    if fit is None or int(fit.inliers.sum()) < _FEWEST:
        return None
    number = int(fit.inliers.sum())
    seen = _inside(project(centred_homography(fit.rotation, one.focal, other.focal), p), other.scale)
    fraction = float(trust[fit.inliers].sum() / max(trust[seen | fit.inliers].sum(), 1e-9))
    error = corner_error(fit, other.scale, False)
    confidence = fit_confidence(replace(fit, fraction=fraction), number, error)
    if fraction < _FRACTION or confidence < WEAK:
        return None
    rays = [_rays(at[fit.inliers], each.focal) @ each.rotation for at, each in ((p, one), (q, other))]
    return _Pair(
        rays[0],
        rays[1],
        fit,
        confidence,
        np.asarray(other.rotation.T @ fit.rotation @ one.rotation),
    )


def _travelled(one: SeenView, other: SeenView) -> Passage | None:
    """Between the last view of a shot and the first of another, where the camera has travelled in between."""
    matched = _matched(one, other)
    if matched is None or len(matched[0]) < _FEWEST_TRAVELLED:
        return None
    moved = relative_pose(matched[0], matched[1] * (one.focal / other.focal), one.focal, [(np.eye(3), None)])
    if moved is None or moved.fraction < _FRACTION_TRAVELLED or int(moved.inliers.sum()) < _FEWEST_TRAVELLED:
        return None
    if abs(float(moved.travel[2])) < _AHEAD:
        return None
    rotation = nearest_rotation(np.asarray(other.rotation.T @ moved.rotation @ one.rotation))
    return Passage(rotation, _TRAVELLED * moved.fraction)


def _matched(one: SeenView, other: SeenView) -> tuple[Float64Array, Float64Array, Float64Array] | None:
    """Ideal pixels (n, 2) in both, and the trust (n,) in each match."""
    if not len(one.view.pixels) or not len(other.view.pixels):
        return None
    found = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(one.view.descriptors, other.view.descriptors)
    alike = [(each.queryIdx, each.trainIdx) for each in found if each.distance < _ALIKE]
    matches = np.array(alike, np.int64).reshape(-1, 2)
    p = one.scale.ideal(one.view.pixels[matches[:, 0]])
    q = other.scale.ideal(other.view.pixels[matches[:, 1]])
    return p, q, np.minimum(one.view.trust[matches[:, 0]], other.view.trust[matches[:, 1]])


def _rays(at: Float64Array, focal: float) -> Float64Array:
    rays = np.column_stack([at / focal, np.ones(len(at))])
    return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True))


def _inside(at: Float64Array, scale: AnalysisScale) -> np.typing.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(at[:, 0]) < scale.width / 2) & (np.abs(at[:, 1]) < scale.height * scale.aspect / 2))


def _agreed(first: Float64Array, second: Float64Array, start: Matrix3, deviation: float) -> Matrix3:
    """The rotation that turns directions ``first`` (n, 3) into ``second`` best, those far off left out."""
    rotation = start
    for _ in range(_ROUNDS):
        distance = np.linalg.norm(first @ rotation.T - second, axis=1)
        weight = np.square(np.clip(1 - np.square(distance / (6 * deviation)), 0, None))
        if int((weight > 0).sum()) < 3:
            return rotation
        rotation = np.asarray(Rotation.align_vectors(second, first, weights=weight)[0].as_matrix())
    return rotation
