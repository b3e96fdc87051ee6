# SPDX-License-Identifier: GPL-3.0-or-later
"""Robust fit of a rotation, and of a zoom where the data asks for one, to matched points.

Hypotheses come from pairs of points (two directions fix a rotation), are scored as in MSAC (Torr and Zisserman
2000), and the best is refined by iteratively reweighted least squares with Tukey's biweight whose width shrinks
(graduated non-convexity, Black and Rangarajan 1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...types import Float64Array, Matrix3
from ..geometry.rotations import nearest_rotation, rotation_from_vector

#: Distance in pixels of the analysis image beyond which a match counts as wrong.
INLIER_PX = 1.5
#: Least standard deviation of a match that is believed, in pixels of the analysis image.
SIGMA_FLOOR_PX = 0.08
HYPOTHESES = 96


@dataclass(frozen=True)
class RotationFit:
    """A fitted motion from one view to another.

    Attributes:
        rotation: directions of the first camera to those of the second.
        focal: focal length of the second camera, in pixels.
        weights: (n,) final weight of each match, 0 = rejected, prior included.
        inliers: (n,) bool.
        fraction: share of the prior weight that agrees, 0..1.
        cost: mean MSAC cost over the prior weight, 0 (all agree) to 1 (none does).
        sigma: robust standard deviation of the agreeing matches, pixels.
        information: (4, 4) inverse covariance of (rotation vector, log of the focal length).
    """

    rotation: Matrix3
    focal: float
    weights: Float64Array
    inliers: np.typing.NDArray[np.bool_]
    fraction: float
    cost: float
    sigma: float
    information: Float64Array


def fit_rotation(
    first: Float64Array,
    second: Float64Array,
    prior: Float64Array,
    *,
    focal_first: float,
    focal_second: float,
    guess: Matrix3,
    zoom: bool,
    seed: int,
) -> RotationFit | None:
    """Fit matches ``first`` -> ``second``, both (n, 2) centred pixels, n >= 3.

    ``prior`` (n,) says how much each match is trusted beforehand. With ``zoom`` the second focal length is fitted
    too, starting from ``focal_second``. The same arguments give the same result bit for bit. Returns None when
    there are fewer than three matches or none that can be used.
    """
    if len(first) < 3 or float(prior.sum()) <= 0:
        return None
    rays = np.column_stack([first / focal_first, np.ones(len(first))])
    candidates = np.concatenate([guess[None], _hypotheses(rays, second / focal_second, prior, seed)])
    costs = _costs(candidates, rays, second, prior, focal_second)
    rotation = candidates[int(np.argmin(costs))]
    return refine(rotation, focal_second, first, second, prior, focal_first=focal_first, zoom=zoom)


def refine(
    rotation: Matrix3,
    focal: float,
    first: Float64Array,
    second: Float64Array,
    prior: Float64Array,
    *,
    focal_first: float,
    zoom: bool,
    start_px: float = 4.0,
) -> RotationFit | None:
    """Refine a motion of points (n, 2) with weights ``prior`` (n,); see :func:`fit_rotation`.

    ``start_px`` is the width that Tukey's biweight starts with.
    """
    rays = np.column_stack([first / focal_first, np.ones(len(first))])
    width = start_px
    size = 4 if zoom else 3
    for step in range(10):
        residual, jacobian, valid = _linearise(rotation, focal, rays, second)
        distance = np.hypot(residual[:, 0], residual[:, 1])
        weight = prior * np.square(np.clip(1 - np.square(distance / width), 0, None)) * valid
        if float(weight.sum()) <= 1e-9:
            return None
        flat, weighted = _flat(jacobian, weight)
        normal = (flat.T @ weighted)[:size, :size]
        gradient = (weighted.T @ residual.ravel())[:size]
        # A trace of damping keeps degenerate layouts (all points in one spot) solvable.
        normal = normal + np.eye(size) * (1e-9 * float(np.trace(normal)) + 1e-12)
        delta = np.asarray(np.linalg.solve(normal, gradient), np.float64)
        rotation = rotation_from_vector(delta[:3]) @ rotation
        if zoom:
            focal *= float(np.exp(np.clip(delta[3], -0.2, 0.2)))
        scale = robust_deviation(distance, prior * valid, width)
        target = float(np.clip(4.7 * scale, 0.6, 3.0))
        width = max(target, width * 0.6)
        if step > 4 and float(np.abs(delta).max()) < 1e-6:
            break
    return describe(nearest_rotation(rotation), focal, rays, second, prior, width)


def _hypotheses(rays: Float64Array, second: Float64Array, prior: Float64Array, seed: int) -> Float64Array:
    """Rotations (m, 3, 3) from random pairs of matches, drawn by prior weight."""
    rng = np.random.default_rng(seed)
    odds = prior / prior.sum()
    picks = rng.choice(len(rays), size=(HYPOTHESES, 2), p=odds)
    picks = picks[np.linalg.norm(rays[picks[:, 0]] - rays[picks[:, 1]], axis=1) > 0.05]
    if len(picks) == 0:
        return np.empty((0, 3, 3))
    rays_second = np.column_stack([second, np.ones(len(second))])
    before = _triad(rays[picks[:, 0]], rays[picks[:, 1]])
    after = _triad(rays_second[picks[:, 0]], rays_second[picks[:, 1]])
    return np.asarray(after @ before.transpose(0, 2, 1))


def _triad(a: Float64Array, b: Float64Array) -> Float64Array:
    """Orthonormal frames (n, 3, 3), columns from two directions treated alike."""
    a = a / np.linalg.norm(a, axis=1, keepdims=True)
    b = b / np.linalg.norm(b, axis=1, keepdims=True)
    middle = a + b
    middle = middle / np.linalg.norm(middle, axis=1, keepdims=True)
    across = np.cross(a, b)
    across = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    return np.stack([middle, across, np.cross(middle, across)], axis=2)


def _costs(
    rotations: Float64Array, rays: Float64Array, second: Float64Array, prior: Float64Array, focal: float
) -> Float64Array:
    moved = rays @ rotations.transpose(0, 2, 1)
    depth = np.maximum(moved[..., 2], 1e-6)
    error = np.square(moved[..., 0] / depth * focal - second[:, 0])
    error += np.square(moved[..., 1] / depth * focal - second[:, 1])
    return np.asarray(np.minimum(error / INLIER_PX**2, 1.0) @ prior)


def _linearise(
    rotation: Matrix3, focal: float, rays: Float64Array, second: Float64Array
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Residual (n, 2), its Jacobian (n, 2, 4) by (rotation vector on the left, log focal), validity (n,) 0 or 1."""
    moved = rays @ rotation.T
    valid = (moved[:, 2] > 0.05).astype(np.float64)
    depth = np.maximum(moved[:, 2], 0.05)
    x, y = moved[:, 0] / depth, moved[:, 1] / depth
    residual = second - focal * np.stack([x, y], axis=1)
    jacobian = np.empty((len(rays), 2, 4))
    jacobian[:, 0, 0], jacobian[:, 0, 1], jacobian[:, 0, 2], jacobian[:, 0, 3] = -x * y, 1 + x * x, -y, x
    jacobian[:, 1, 0], jacobian[:, 1, 1], jacobian[:, 1, 2], jacobian[:, 1, 3] = -(1 + y * y), x * y, x, y
    return residual, jacobian * focal, valid


def _flat(jacobian: Float64Array, weight: Float64Array) -> tuple[Float64Array, Float64Array]:
    """A Jacobian (n, 2, k) as (2 n, k), and each match's rows of it times its weight."""
    flat = jacobian.reshape(-1, jacobian.shape[2])
    return flat, flat * np.repeat(weight, 2)[:, None]


def robust_deviation(distance: Float64Array, weight: Float64Array, width: float) -> float:
    """Standard deviation per axis, in pixels, of the matches within ``width``, from their weighted median distance.

    ``distance`` and ``weight``: (n,) in pixels, and at least 0.
    """
    near = distance < width
    if not near.any():
        return SIGMA_FLOOR_PX
    order = np.argsort(distance[near], kind="stable")
    total = np.cumsum(weight[near][order])
    middle = distance[near][order][int(np.searchsorted(total, 0.5 * total[-1]))]
    # Median of a Rayleigh distribution is 1.1774 sigma.
    return max(float(middle) / 1.1774, SIGMA_FLOOR_PX)


def describe(
    rotation: Matrix3,
    focal: float,
    rays: Float64Array,
    second: Float64Array,
    prior: Float64Array,
    width: float = 2 * INLIER_PX,
) -> RotationFit:
    """What a motion explains of matches, from ``rays`` (n, 3) of the first view to pixels ``second`` (n, 2).

    ``width`` is that of Tukey's biweight, in pixels.
    """
    residual, jacobian, valid = _linearise(rotation, focal, rays, second)
    distance = np.hypot(residual[:, 0], residual[:, 1])
    inliers = (distance < INLIER_PX) & (valid > 0)
    weight = prior * np.square(np.clip(1 - np.square(distance / width), 0, None)) * valid
    sigma = robust_deviation(distance, prior * valid, INLIER_PX)
    # Relative weights: the strongest prior counts as one measurement, not as many.
    unit = weight / max(float(prior.max()), 1e-12)
    flat, weighted = _flat(jacobian, unit)
    information = flat.T @ weighted / sigma**2
    total = float(prior.sum())
    return RotationFit(
        rotation=rotation,
        focal=focal,
        weights=weight,
        inliers=inliers,
        fraction=float(prior[inliers].sum()) / total,
        cost=float((prior * np.where(valid > 0, np.minimum((distance / INLIER_PX) ** 2, 1), 1)).sum()) / total,
        sigma=sigma,
        information=np.asarray(information),
    )
