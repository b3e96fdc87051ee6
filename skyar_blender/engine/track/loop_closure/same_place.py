# SPDX-License-Identifier: GPL-3.0-or-later
"""How the camera of one shot stands to that of another, where both show the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from ...types import Float64Array, Matrix3
from ..confidence import corner_error, fit_confidence
from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import centred_homography, project
from ..rotation.rotation_fit import RotationFit, fit_rotation
from .views import View

#: Bits by which two descriptors of the same thing may differ.
_ALIKE = 60
#: Matches that must agree on one rotation, and their fraction, by trust, of those that lie where both views look...
_FEWEST = 20
_FRACTION = 0.25
#: ...and the error in pixels of the corners that they leave.
_CORNERS = 2.0
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
    """From one shot to another; None where nothing tells that they show the same place."""
    pairs = [pair for one in first for other in second if (pair := _pair(one, other)) is not None]
    if not pairs:
        return None
    best = max(pairs, key=lambda pair: int(pair.fit.inliers.sum()))
    rays = [np.concatenate([getattr(pair, name) for pair in pairs]) for name in ("first", "second")]
    rotation = _agreed(rays[0], rays[1], best.turn, best.fit.sigma / best.fit.focal)
    return Passage(rotation, max(pair.confidence for pair in pairs))


def _pair(one: SeenView, other: SeenView) -> _Pair | None:
    """What two views agree on: directions (n, 3) in the first frames of both shots."""
    if min(len(one.view.pixels), len(other.view.pixels)) < _FEWEST:
        return None
    found = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(one.view.descriptors, other.view.descriptors)
    matches = np.array([(each.queryIdx, each.trainIdx) for each in found if each.distance < _ALIKE])
    if len(matches) < _FEWEST:
        return None
    p = one.scale.ideal(one.view.pixels[matches[:, 0]])
    q = other.scale.ideal(other.view.pixels[matches[:, 1]])
    trust = np.minimum(one.view.trust[matches[:, 0]], other.view.trust[matches[:, 1]])
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
    if fraction < _FRACTION or error > _CORNERS:
        return None
    fit = replace(fit, fraction=fraction)
    rays = [_rays(at[fit.inliers], each.focal) @ each.rotation for at, each in ((p, one), (q, other))]
    return _Pair(
        rays[0],
        rays[1],
        fit,
        fit_confidence(fit, number, error),
        np.asarray(other.rotation.T @ fit.rotation @ one.rotation),
    )


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
