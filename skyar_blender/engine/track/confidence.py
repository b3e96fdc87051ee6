# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure a motion is: of one pair of images, and of every frame of a shot after all have been agreed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..types import Float64Array
from .geometry.analysis import AnalysisScale
from .geometry.rotations import corners
from .rotation.bundle_adjustment import Observation, RotationAdjustment
from .rotation.rotation_fit import RotationFit, describe
from .translation.solve import Travelled

#: Ceiling of the confidence where the sky's own texture was followed too.
SKY_CONFIDENCE = 0.6


def shot_confidence(
    agreement: RotationAdjustment,
    zooms: Float64Array,
    observations: Sequence[Observation],
    scale: AnalysisScale,
    trip: Travelled | None = None,
) -> Float64Array:
    """Confidence (frames,) of each frame of a shot, 0..1; 0 where nothing was matched. Frame 0 is sure.

    A frame is as sure as its best match, given how sure the frame is that it was matched with. Those of ``trip`` have
    the confidence that it gives them; where it begins or ends, the motion is told by other means from one frame to
    the next, so that neither is surer than the other.
    """
    sure = np.zeros(len(zooms))
    sure[0] = 1.0
    if trip is not None:
        sure[trip.frames] = trip.confidence
    for each in sorted(observations, key=lambda seen: (seen.second, seen.first)):
        if not len(each.weight):
            continue
        rays = np.column_stack(
            [each.first_pixels / (agreement.lens.focal * zooms[each.first]), np.ones(len(each.weight))]
        )
        fit = describe(
            np.asarray(agreement.rotations[each.second] @ agreement.rotations[each.first].T),
            agreement.lens.focal * float(zooms[each.second]),
            rays,
            each.second_pixels,
            each.weight,
        )
        own = fit_confidence(fit, int(fit.inliers.sum()), corner_error(fit, scale, False))
        if each.sky:
            own = min(own, SKY_CONFIDENCE)
        sure[each.second] = max(sure[each.second], inherited(own, float(sure[each.first])))
    return sure if trip is None else capped(sure, trip.frames)


def capped(sure: Float64Array, frames: NDArray[np.int64]) -> Float64Array:
    """``sure`` (frames,), in which both sides of the ends of the runs of ``frames`` have the least of the two.

    What is not known at all, 0, is a gap, and takes nothing from what it lies between.
    """
    told = np.isin(np.arange(len(sure)), frames)
    later = np.flatnonzero((told[1:] != told[:-1]) & (sure[1:] > 0) & (sure[:-1] > 0)) + 1
    result = sure.copy()
    result[later] = result[later - 1] = np.minimum(sure[later], sure[later - 1])
    return result


def inherited(link: float, keyframe: float) -> float:
    """Confidence by way of a keyframe: its doubt is passed on by half, as later links may have closed it."""
    return link * (0.5 + 0.5 * keyframe)


def corner_error(fit: RotationFit, scale: AnalysisScale, zoomed: bool) -> float:
    """Standard error of the worst corner in analysis pixels, from the covariance of the fit."""
    size = 4 if zoomed else 3
    information = fit.information[:size, :size]
    trace = float(np.trace(information))
    if trace <= 0:
        return float("inf")
    covariance = np.linalg.inv(information + np.eye(size) * (1e-7 * trace))
    rows = []
    for x, y in corners(scale.width / fit.focal, scale.height * scale.aspect / fit.focal):
        rows.append([[-x * y, 1 + x * x, -y, x], [-(1 + y * y), x * y, x, y]])
    jacobian = fit.focal * np.array(rows)[:, :, :size]
    variance = np.einsum("cki,ij,ckj->c", jacobian, covariance, jacobian)
    return float(np.sqrt(np.max(variance)))


def fit_confidence(fit: RotationFit, inliers: int, error: float) -> float:
    """0..1 from the share and number of agreeing matches, their residual, and the error they predict."""
    fraction = float(np.clip((fit.fraction - 0.1) / 0.4, 0, 1))
    number = float(np.clip(inliers / 25, 0, 1))
    # The covariance knows nothing of parallax and rolling shutter, hence three times its error.
    precision = 1 / (1 + (3 * error / 2) ** 2)
    residual = 1 / (1 + fit.sigma**2)
    return fraction * number * precision * residual
