# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotations, and what they do to points of the image.

Points here are measured from the centre of the image (x right, y down), so that the camera matrix is
``diag(f, f, 1)``.
"""

from __future__ import annotations

import math

import numpy as np

from ...types import Float64Array, Matrix3

#: Any float64 array.
_IDENTITY = np.eye(3)


def rotation_from_vector(vector: Float64Array) -> Matrix3:
    """Rotation matrix of a rotation vector (3,), radians (Rodrigues' formula)."""
    x, y, z = vector.tolist()
    angle = math.sqrt(x * x + y * y + z * z)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    if angle < 1e-8:
        # Second-order series; sin(a)/a and (1-cos a)/a^2 are 0/0 here.
        return np.asarray(_IDENTITY + cross + 0.5 * (cross @ cross))
    sine, cosine = math.sin(angle) / angle, (1 - math.cos(angle)) / angle**2
    return np.asarray(_IDENTITY + sine * cross + cosine * (cross @ cross))


def vector_from_rotation(rotation: Matrix3) -> Float64Array:
    """Rotation vector (3,) of a rotation matrix, length in 0..pi."""
    skew = np.array(
        [rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]]
    )
    sine = 0.5 * float(np.linalg.norm(skew))
    cosine = 0.5 * (float(np.trace(rotation)) - 1.0)
    angle = float(np.arctan2(sine, cosine))
    if sine > 1e-7:
        return np.asarray(skew * (angle / (2 * sine)))
    if cosine > 0:
        return np.asarray(0.5 * skew)
    # Half a turn: the axis is the dominant column of R + I.
    columns = rotation + np.eye(3)
    axis = columns[:, int(np.argmax(np.diag(columns)))]
    return np.asarray(axis / np.linalg.norm(axis) * angle)


def crossed(first: Float64Array, second: Float64Array) -> Float64Array:
    """Cross products (n, 3) of vectors (n, 3) or (3,), several times as quick as NumPy's."""
    (a, b, c), (x, y, z) = first.T, second.T
    result = np.empty(np.broadcast_shapes(first.shape, second.shape))
    result[..., 0], result[..., 1], result[..., 2] = b * z - c * y, c * x - a * z, a * y - b * x
    return result


def nearest_rotation(matrix: Matrix3) -> Matrix3:
    """The rotation closest to ``matrix`` (Frobenius norm), so that long products do not leave the group."""
    u, _, vt = np.linalg.svd(matrix)
    return np.asarray(u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt)


def slerp(first: Matrix3, second: Matrix3, fraction: float) -> Matrix3:
    """Rotation ``fraction`` (0..1) of the way from ``first`` to ``second`` along the shortest arc."""
    step = vector_from_rotation(np.asarray(second @ first.T))
    return np.asarray(rotation_from_vector(fraction * step) @ first)


def camera_matrix(focal: float, width: int, height: int) -> Matrix3:
    """K for an image with pixel centres at whole numbers and its principal point in the centre."""
    return np.array([[focal, 0.0, (width - 1) / 2], [0.0, focal, (height - 1) / 2], [0.0, 0.0, 1.0]])


def centred_homography(rotation: Matrix3, focal_from: float, focal_to: float) -> Matrix3:
    """Homography between centred coordinates: diag(f1, f1, 1) R diag(1/f0, 1/f0, 1)."""
    return np.asarray(np.diag([focal_to, focal_to, 1.0]) @ rotation @ np.diag([1 / focal_from, 1 / focal_from, 1.0]))


def project(homography: Matrix3, points: Float64Array) -> Float64Array:
    """Points (n, 2) through a homography; those at or behind the camera plane become NaN."""
    x, y = points[:, 0], points[:, 1]
    h = homography
    z = h[2, 0] * x + h[2, 1] * y + h[2, 2]
    z = np.where(z > 1e-6, z, np.nan)
    out = np.stack([h[0, 0] * x + h[0, 1] * y + h[0, 2], h[1, 0] * x + h[1, 1] * y + h[1, 2]], axis=1)
    return np.asarray(out / z[:, None])


def scaled(homography: Matrix3) -> Matrix3:
    """The same homography with 1 as its last element, where that is above zero.

    Past a right angle the corner of the first image lies behind the second camera; the sign must go on telling so.
    """
    return np.asarray(homography / homography[2, 2]) if homography[2, 2] > 1e-6 else homography


def corners(width: float, height: float) -> Float64Array:
    """The four corners (4, 2) of an image in centred coordinates."""
    x, y = width / 2, height / 2
    return np.array([[-x, -y], [x, -y], [x, y], [-x, y]])


def overlap(homography: Matrix3, width: float, height: float) -> float:
    """Share (0..1) of an image whose points stay inside the image after ``homography`` (centred)."""
    xs = (np.arange(12) + 0.5) / 12 * width - width / 2
    ys = (np.arange(8) + 0.5) / 8 * height - height / 2
    grid = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    with np.errstate(invalid="ignore"):
        moved = project(homography, grid)
        inside = (np.abs(moved[:, 0]) <= width / 2) & (np.abs(moved[:, 1]) <= height / 2)
    return float(np.mean(inside))
