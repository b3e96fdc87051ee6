# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation and direction of travel between two images, where things are near enough to show that the camera moved.

The essential matrix (Longuet-Higgins 1981) gives one equation for each match: ``q . (t x R p) = 0``. It is refined by
Gauss-Newton on Sampson's distance with Tukey's biweight, from the motion of the frame before; where that does not
lead to one, from the best of random samples (OpenCV's USAC).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, Matrix3
from ..geometry.rotations import crossed, nearest_rotation, rotation_from_vector

#: Distance in pixels from the epipolar line beyond which a match is wrong.
INLIER_PX = 1.0
#: Width of the biweight in pixels of the analysis image, at first and at last.
_WIDE = 6.0
_NARROW = 1.2
_ROUNDS = 12
#: A step in radians that changes nothing that could be seen.
_STILL = 2e-5
#: Share of the matches that must agree before random samples are not asked.
_ENOUGH = 0.75
#: Pixels by which the travel moves some matches more than others, so that no rotation can explain it.
_UNLIKE = 2.5
#: A rotation explains matches as well as the best when it leaves less than so many times its cost, and noise.
_AS_WELL = 1.25
_NOISE = 0.01


@dataclass(frozen=True)
class RelativePose:
    """``rotation`` takes directions of the first camera to those of the second, ``travel`` (3,) is a unit vector.

    A point X of the first camera is ``rotation X + s travel`` in the second, s > 0 unknown. ``inliers`` (n,) bool;
    ``fraction`` (0..1) of all; ``parallax`` (n,): s over the depth of each match, negative where it moved the wrong
    way; ``residual`` (n,): Sampson's distance in pixels.
    """

    rotation: Matrix3
    travel: Float64Array
    inliers: NDArray[np.bool_]
    fraction: float
    parallax: Float64Array
    residual: Float64Array


def relative_pose(
    first: Float64Array, second: Float64Array, focal: float, guesses: list[tuple[Matrix3, Float64Array | None]]
) -> RelativePose | None:
    """The passage between matches (n, 2), centred ideal pixels. None when fewer than eight agree.

    Each of ``guesses`` is a rotation, and a direction of travel if one is known. The same arguments give the same
    result.
    """
    if len(first) < 8:
        return None
    p, q = (np.column_stack([each / focal, np.ones(len(each))]) for each in (first, second))
    best: RelativePose | None = None
    for rotation, travel in guesses:
        direction = travel if travel is not None else direction_for(rotation, p, q, focal)
        found = _refined(rotation, direction, p, q, focal)
        if best is None or found.fraction > best.fraction:
            best = found
        if best.fraction > _ENOUGH:
            break
    if best is None or best.fraction < _ENOUGH:
        sampled = _sampled(p, q, focal)
        if sampled is not None:
            found = _refined(*sampled, p, q, focal)
            if best is None or found.fraction > best.fraction + 0.02:
                best = found
    return best if best is not None and int(best.inliers.sum()) >= 8 else None


def going_on(
    first: Float64Array, second: Float64Array, focal: float, rotation: Matrix3, travel: Float64Array
) -> RelativePose | None:
    """The relative pose of a camera that goes on as it went, from matches (n, 2).

    ``travel`` (3,) is the direction of before. None where another pose might suit, or a turn alone.
    """
    p, q = (np.column_stack([each / focal, np.ones(len(each))]) for each in (first, second))
    found = _refined(rotation, travel, p, q, focal)
    if found.fraction < _ENOUGH:
        return None
    low, high = np.percentile(flow_of(found, second, focal)[found.inliers], (20, 80))
    return found if high - low > _UNLIKE else None


def flow_of(found: RelativePose, second: Float64Array, focal: float) -> Float64Array:
    """Pixels (n,) by which the travel moved each match, which is at ``second`` (n, 2) now."""
    along = np.hypot(*(found.travel[:2] - (second / focal) * found.travel[2]).T)
    return np.asarray(along * found.parallax * focal)


def direction_for(rotation: Matrix3, p: Float64Array, q: Float64Array, focal: float) -> Float64Array:
    """Direction of travel (3,) that suits a known rotation best: all ``q x R p`` are square to it."""
    moved = p @ rotation.T
    moved = moved / moved[:, 2:]
    normals = crossed(moved, q)
    weight = np.ones(len(p))
    travel = np.array([0.0, 0.0, -1.0])
    length = np.maximum(np.linalg.norm(normals, axis=1), 1e-9)
    for _ in range(6):
        travel = np.linalg.eigh((normals * weight[:, None]).T @ normals)[1][:, 0]
        away = np.abs(normals @ travel) * focal
        weight = 1 / (1 + np.square(away / _NARROW)) ** 2
    # Things lie in front of both: the flow goes along travel, seen from the point where it meets the image.
    flow = q[:, :2] - moved[:, :2]
    along = travel[:2] - moved[:, :2] * travel[2]
    # What moved much and agrees says which way.
    sense = np.sum(weight * length * np.sign((flow * along).sum(axis=1)))
    return np.asarray(travel if sense >= 0 else -travel)


def explains(rotation: Matrix3, first: Float64Array, second: Float64Array, focal: float) -> bool:
    """Whether a known rotation, with the travel that suits it best, explains matches (n, 2) as well as any other."""
    p, q = (np.column_stack([each / focal, np.ones(len(each))]) for each in (first, second))
    direction = direction_for(rotation, p, q, focal)
    before = _sampson(rotation, direction, p, q, focal)[0]
    after = _refined(rotation, direction, p, q, focal).residual
    costs = [float(np.minimum(np.square(each), 1.0).mean()) for each in (before, after)]
    return costs[0] < _AS_WELL * costs[1] + _NOISE


def _refined(rotation: Matrix3, travel: Float64Array, p: Float64Array, q: Float64Array, focal: float) -> RelativePose:
    width = _WIDE
    for _ in range(_ROUNDS):
        residual, jacobian = _sampson(rotation, travel, p, q, focal)
        weight = np.square(np.clip(1 - np.square(residual / width), 0, None))
        weighted = jacobian * weight[:, None]
        normal = weighted.T @ jacobian
        normal.flat[::6] += 1e-6 * np.trace(normal) + 1e-9
        step = -np.linalg.solve(normal, weighted.T @ residual)
        step *= min(1.0, 0.1 / max(float(np.abs(step).max()), 1e-12))
        rotation = rotation_from_vector(step[:3]) @ rotation
        travel = travel + _across(travel) @ step[3:]
        travel = travel / np.linalg.norm(travel)
        width = max(_NARROW, 0.7 * width)
        if width == _NARROW and float(np.abs(step).max()) < _STILL:
            break
    rotation = nearest_rotation(rotation)
    residual = _sampson(rotation, travel, p, q, focal)[0]
    parallax = parallax_of(rotation, travel, p, q)
    inliers = np.abs(residual) < INLIER_PX
    # Behind the camera nothing is seen: a flow against the travel is of something that moves by itself.
    wrong_way = parallax < 0
    if float((inliers & wrong_way).sum()) > 0.5 * max(1, int(inliers.sum())):
        travel, parallax = -travel, -parallax
    away = np.linalg.norm(_flow(rotation, travel, np.maximum(parallax, 0.0), p) - q[:, :2], axis=1) * focal
    inliers &= away < 2 * INLIER_PX
    return RelativePose(rotation, travel, inliers, float(inliers.mean()), parallax, residual)


def parallax_of(rotation: Matrix3, travel: Float64Array, p: Float64Array, q: Float64Array) -> Float64Array:
    """Length of travel over depth (n,) that brings ``R p`` nearest to ``q``, by rays with z = 1."""
    moved = p @ rotation.T
    # q = (m + k t) / (m_z + k t_z), so (m - q m_z) + k (t - q t_z) = 0.
    lacking = moved[:, :2] - q[:, :2] * moved[:, 2:]
    along = travel[:2] - q[:, :2] * travel[2]
    return np.asarray(-(lacking * along).sum(axis=1) / np.maximum(np.square(along).sum(axis=1), 1e-9))


def _flow(rotation: Matrix3, travel: Float64Array, parallax: Float64Array, p: Float64Array) -> Float64Array:
    moved = p @ rotation.T + parallax[:, None] * travel
    return np.asarray(moved[:, :2] / np.maximum(moved[:, 2:], 1e-3))


def _across(travel: Float64Array) -> Float64Array:
    """Two directions (3, 2) square to ``travel``."""
    x, y, z = travel.tolist()
    smallest = min(abs(x), abs(y), abs(z))
    # The cross product with the axis that lies farthest from it.
    if smallest == abs(x):
        a, b, c = 0.0, z, -y
    elif smallest == abs(y):
        a, b, c = -z, 0.0, x
    else:
        a, b, c = y, -x, 0.0
    length = math.sqrt(a * a + b * b + c * c)
    a, b, c = a / length, b / length, c / length
    return np.array([[a, y * c - z * b], [b, z * a - x * c], [c, x * b - y * a]])


def _sampson(
    rotation: Matrix3, travel: Float64Array, p: Float64Array, q: Float64Array, focal: float
) -> tuple[Float64Array, Float64Array]:
    """Signed distance in pixels (n,), and its Jacobian (n, 5) with its length held."""
    moved = p @ rotation.T
    line = crossed(travel, moved)
    opposite = crossed(q, travel)
    back = opposite @ rotation
    scale = focal / np.sqrt(np.maximum((np.square(line[:, :2]) + np.square(back[:, :2])).sum(axis=1), 1e-12))
    residual = (q * line).sum(axis=1) * scale
    # q . (t x (w x m)) = w . (m x (q x t)); by t: t . (m x q).
    by_turn = crossed(moved, opposite)
    by_travel = crossed(moved, q) @ _across(travel)
    return residual, np.hstack([by_turn, by_travel]) * scale[:, None]


def _sampled(p: Float64Array, q: Float64Array, focal: float) -> tuple[Matrix3, Float64Array] | None:
    first, second = (np.ascontiguousarray(each[:, :2]) for each in (p, q))
    essential, mask = cv2.findEssentialMat(
        first, second, np.eye(3), method=cv2.USAC_ACCURATE, prob=0.999, threshold=INLIER_PX / focal
    )
    if essential is None or essential.shape != (3, 3) or mask is None:
        return None
    _, rotation, travel, _ = cv2.recoverPose(essential, first, second, np.eye(3), mask=mask.copy())
    return np.asarray(rotation, np.float64), np.asarray(travel, np.float64).ravel()
