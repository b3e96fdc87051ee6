# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion of each frame of a shot. What was lost is bridged from what was found around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ...types import Float64Array, Matrix3
from ..geometry.gap_interpolation import interpolated_rotations
from ..geometry.rotations import vector_from_rotation
from ..keyframes.keyframe import Status

#: Ceiling of the confidence of a frame that no other frame supports, and of a bridged one.
UNSUPPORTED = 0.25
#: Gaps of at most so many frames begin and end as fast as the camera was on both sides.
_SHORT_GAP = 12


@dataclass(frozen=True)
class Motion:
    """``rotation`` from common directions of its shot; ``focal`` and ``residual`` in analysis pixels; ``step`` as in
    :class:`..keyframes.keyframe.FrameRecord`; ``points`` agree."""

    shot: int
    rotation: Matrix3
    focal: float
    confidence: float
    status: Status
    step: Float64Array
    distortion: float
    points: int = 0
    residual: float | None = None


def bridged(motions: Sequence[Motion]) -> list[Motion]:
    """Lost frames take the way between the known frames on both sides; at an end, they stay with the last known."""
    known = [i for i, motion in enumerate(motions) if motion.status != Status.LOST]
    result = list(motions)
    if not known:
        return result
    for index in [*range(known[0]), *range(known[-1] + 1, len(motions))]:
        nearest = motions[known[0] if index < known[0] else known[-1]]
        result[index] = replace(motions[index], rotation=nearest.rotation, focal=nearest.focal, confidence=0.0)
    for before, after in pairwise(known):
        left, right = motions[before], motions[after]
        if after == before + 1:
            continue
        steps = [motion.step for motion in motions[before + 1 : after + 1]]
        rotations = interpolated_rotations(
            left.rotation, right.rotation, steps, math.sqrt(left.focal * right.focal), _speeds(motions, before, after)
        )
        for index, rotation in zip(range(before + 1, after), rotations, strict=True):
            fraction = (index - before) / (after - before)
            distance = min(index - before, after - index)
            sure = UNSUPPORTED * min(left.confidence, right.confidence) * math.exp(-distance / 15)
            focal = left.focal ** (1 - fraction) * right.focal**fraction
            result[index] = replace(motions[index], rotation=rotation, focal=focal, confidence=sure)
    return result


def _speeds(motions: Sequence[Motion], before: int, after: int) -> tuple[Float64Array, Float64Array] | None:
    """Rotation vectors of the frame up to ``before`` and of that from ``after`` on; None in a long gap or at ends."""
    outer = (before - 1, after + 1)
    if after - before > _SHORT_GAP or outer[0] < 0 or outer[1] >= len(motions):
        return None
    if any(motions[index].status == Status.LOST for index in outer):
        return None
    ends = ((before - 1, before), (after, after + 1))
    found = [vector_from_rotation(np.asarray(motions[j].rotation @ motions[i].rotation.T)) for i, j in ends]
    return found[0], found[1]
