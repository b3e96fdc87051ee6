# SPDX-License-Identifier: GPL-3.0-or-later
"""Agree the keyframes' orientations over all measured links, so that drift is spread and loops close."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from ...types import Float64Array, Matrix3
from ..geometry.rotations import nearest_rotation, rotation_from_vector, vector_from_rotation
from .keyframe import KeyPose, Link

#: A link whose residual exceeds this many standard errors counts less (Huber 1964).
HUBER = 3.0


def refine_keyframes(poses: Sequence[KeyPose], links: Sequence[Link]) -> list[Matrix3]:
    """Rotation of each keyframe, refined by Gauss-Newton on the rotation group.

    The first keyframe of every shot keeps its orientation. Without loops the links fix the orientations exactly
    and nothing changes.
    """
    rotations = [pose.pose.rotation for pose in poses]
    shots: set[int] = set()
    column: dict[int, int] = {}
    for number, pose in enumerate(poses):
        if pose.shot in shots:
            column[number] = len(column)
        shots.add(pose.shot)
    if len(links) <= len(column) or not column:
        return rotations
    for _ in range(4):
        step = _step(rotations, links, column)
        for number, at in column.items():
            turned = rotation_from_vector(step[3 * at : 3 * at + 3]) @ rotations[number]
            rotations[number] = nearest_rotation(np.asarray(turned))
        if float(np.abs(step).max()) < 1e-9:
            break
    return rotations


def _step(rotations: Sequence[Matrix3], links: Sequence[Link], column: dict[int, int]) -> Float64Array:
    size = 3 * len(column)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    right = np.zeros(size)

    def add(block: Matrix3, row: int, col: int) -> None:
        for i in range(3):
            for j in range(3):
                rows.append(3 * row + i)
                columns.append(3 * col + j)
                values.append(float(block[i, j]))

    for link in links:
        # error = log(measured R_first R_second^T) + measured d_first - d_second
        error = vector_from_rotation(np.asarray(link.rotation @ rotations[link.first] @ rotations[link.second].T))
        information = link.information
        distance = max(float(error @ information @ error), 0.0) ** 0.5
        information = information * (HUBER / max(distance, HUBER))
        by_first, by_second = link.rotation, -np.eye(3)
        parts = [(column.get(link.first), by_first), (column.get(link.second), by_second)]
        for row, left in parts:
            if row is None:
                continue
            right[3 * row : 3 * row + 3] -= left.T @ information @ error
            for col, other in parts:
                if col is not None:
                    add(np.asarray(left.T @ information @ other), row, col)
    for at in range(len(column)):
        # Far weaker than any link; keeps a keyframe that no link reaches where it is.
        add(np.eye(3) * 1e-3, at, at)
    matrix = coo_array((values, (rows, columns)), shape=(size, size)).tocsc()
    return np.asarray(spsolve(matrix, right), np.float64)
