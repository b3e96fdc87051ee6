# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames in which no point could be followed: the way between the frames on both sides.

A whip pan blurs every point, but the image as a whole still tells how far it moved: the phase of both spectra
(Kuglin and Hines 1975), of small images, in which the blur is short. Where it does not tell (something covers the
lens), the way is even.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ...types import Float64Array, GreyImage, Matrix3
from .rotations import rotation_from_vector, slerp, vector_from_rotation

if TYPE_CHECKING:  # slow to load, and few clips have gaps
    from scipy.interpolate import CubicHermiteSpline

#: Nobody measured the step.
NO_STEP: Float64Array = np.full(2, np.nan)
#: Long side in pixels of the images that are compared.
_SMALL = 144
#: Least height of the peak that is believed, 0..1; two different images stay far below.
_PEAK = 0.3


def global_shift(first: GreyImage, second: GreyImage) -> Float64Array:
    """How far (2,) the image moved as a whole from ``first`` to ``second``, in their pixels; NaN when unclear."""
    factor = max(1.0, max(first.shape) / _SMALL)
    size = (max(8, round(first.shape[1] / factor)), max(8, round(first.shape[0] / factor)))
    one, other = (cv2.resize(each, size, interpolation=cv2.INTER_AREA).astype(np.float32) for each in (first, second))
    if min(float(one.std()), float(other.std())) < 1.0:
        return NO_STEP
    (x, y), peak = cv2.phaseCorrelate(one, other, cv2.createHanningWindow(size, cv2.CV_32F))
    if not peak > _PEAK:
        return NO_STEP
    return np.array([x * first.shape[1] / size[0], y * first.shape[0] / size[1]])


def interpolated_rotations(
    first: Matrix3,
    last: Matrix3,
    steps: Sequence[Float64Array],
    focal: float,
    speeds: tuple[Float64Array, Float64Array] | None = None,
) -> list[Matrix3]:
    """Rotations of the frames between ``first`` and ``last``.

    Args:
        first, last: rotations of the known frames on both sides.
        steps: pixels (2,) from each frame to the next, one more than there are frames between; NaN is unknown.
        focal: in the same pixels.
        speeds: rotation vectors (3,) of the frame that leads to ``first`` and of the one that follows ``last``; the
            way begins and ends with them where the steps are not known.
    """
    count = len(steps)
    fractions = np.arange(1, count) / count
    if not np.isfinite(np.array(steps)).all():
        if speeds is None:
            return [slerp(first, last, fraction) for fraction in fractions]
        curve = _curve(vector_from_rotation(np.asarray(last @ first.T)), speeds, count)
        return [np.asarray(rotation_from_vector(curve(fraction)) @ first) for fraction in fractions]
    turned = [np.eye(3)]
    for x, y in steps:
        step = rotation_from_vector(np.array([-math.atan2(y, focal), math.atan2(x, focal), 0.0]))
        turned.append(np.asarray(step @ turned[-1]))
    # What the steps together lack, each gets its part of.
    lacking = np.asarray(last @ first.T @ turned[-1].T)
    return [
        np.asarray(slerp(np.eye(3), lacking, fraction) @ turn @ first)
        for fraction, turn in zip(fractions, turned[1:-1], strict=True)
    ]


def _curve(total: Float64Array, speeds: tuple[Float64Array, Float64Array], count: int) -> CubicHermiteSpline:
    """Rotation vector from 0 to ``total`` at 0..1; ``speeds`` per frame, of which there are ``count``."""
    from scipy.interpolate import CubicHermiteSpline

    return CubicHermiteSpline([0.0, 1.0], [np.zeros(3), total], [count * speeds[0], count * speeds[1]])
