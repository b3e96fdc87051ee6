# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion from one keyframe to one picture, with a judgement of how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..types import Matrix3
from .analysis import AnalysisScale, Grey
from .geometry import Floats, centred_homography, corners, project
from .match import match_points
from .points import Label, Points
from .rotation_fit import RotationFit, fit_rotation, refine

#: Fewest agreeing matches of a motion that is believed.
MIN_INLIERS = 8
#: Largest believed standard error of the corners, in pixels of the analysis picture.
MAX_CORNER_ERROR = 3.0
#: The far landscape alone is enough with this many agreeing matches and this error of the corners.
FAR_INLIERS = 20
FAR_CORNER_ERROR = 0.4
#: A zoom is believed when it leaves less than this share of the cost without zoom...
ZOOM_COST_RATIO = 0.6
#: ...and that cost was worth the name.
ZOOM_MIN_COST = 0.12
#: Ceiling of the confidence where only the sky's own texture was there to follow.
SKY_CONFIDENCE = 0.6


@dataclass(frozen=True)
class Followed:
    """Motion from the first picture to the second.

    ``support`` is the sum of the prior trust of the agreeing matches; ``pixels`` (n, 2) and ``weights`` (n,) are
    the matches in the second picture and what they counted for; ``information`` is (3, 3) of the rotation alone.
    """

    rotation: Matrix3
    focal: float
    confidence: float
    from_sky: bool
    zoomed: bool
    inliers: int
    support: float
    pixels: Floats
    weights: Floats
    information: Floats


def follow(
    first: Grey,
    points: Points,
    focal_first: float,
    second: Grey,
    scale: AnalysisScale,
    guess: Matrix3,
    focal_guess: float,
    *,
    zooming: bool,
    seed: int,
    levels: int,
) -> Followed | None:
    """Follow ``points`` of ``first`` into ``second``, starting from a guessed rotation and focal length.

    ``zooming`` says that the shot is known to zoom. Returns None when no motion is worth believing.
    """
    if len(points) < MIN_INLIERS:
        return None
    prediction = scale.pixel_homography(centred_homography(guess, focal_first, focal_guess))
    matches = match_points(first, second, points.pixels, prediction, levels=levels)
    if len(matches.index) < MIN_INLIERS:
        return None
    p = scale.centred(points.pixels[matches.index])
    q = scale.centred(matches.pixels)
    label, prior = points.label[matches.index], points.prior[matches.index]
    support: Floats = np.where(label == Label.SKY, 0.0, prior)
    # Near points have parallax and clouds move: each is asked only where what is steadier does not answer.
    for trusted in ({Label.FAR}, {Label.FAR, Label.NEAR}, {Label.FAR, Label.NEAR, Label.SKY}):
        trust = np.where(np.isin(label, list(trusted)), prior, 0.0)
        fit, zoomed = _fit(p, q, trust, focal_first, focal_guess, guess, zooming, seed)
        if fit is None:
            continue
        error = corner_error(fit, scale, zoomed)
        counted = fit.inliers & (trust > 0)
        confidence = _confidence(fit, int(counted.sum()), error)
        if trusted == {Label.FAR} and not (
            counted.sum() >= FAR_INLIERS and error < FAR_CORNER_ERROR and fit.share > 0.5
        ):
            continue
        if int(counted.sum()) < MIN_INLIERS or error > MAX_CORNER_ERROR or fit.share < 0.2 or confidence < 0.05:
            continue
        sky_weight = float(fit.weights[label == Label.SKY].sum())
        from_sky = sky_weight > 0.5 * float(fit.weights.sum())
        if Label.SKY in trusted:
            support = prior
            confidence = min(confidence, SKY_CONFIDENCE)
        return Followed(
            rotation=fit.rotation,
            focal=fit.focal,
            confidence=confidence,
            from_sky=from_sky,
            zoomed=zoomed,
            inliers=int(counted.sum()),
            support=float(support[fit.inliers].sum()),
            pixels=matches.pixels,
            weights=fit.weights,
            information=fit.information[:3, :3],
        )
    return None


def _fit(
    p: Floats,
    q: Floats,
    prior: Floats,
    focal_first: float,
    focal_guess: float,
    guess: Matrix3,
    zooming: bool,
    seed: int,
) -> tuple[RotationFit | None, bool]:
    """Best motion, and whether it includes a zoom."""
    used = prior > 0
    if int(used.sum()) < MIN_INLIERS:
        return None, False
    plain = fit_rotation(
        p, q, prior, focal_first=focal_first, focal_second=focal_guess, guess=guess, zoom=zooming, seed=seed
    )
    if plain is None or zooming:
        return plain, zooming
    if plain.cost < ZOOM_MIN_COST:
        return plain, False
    zoomed = refine(plain.rotation, plain.focal, p, q, prior, focal_first=focal_first, zoom=True, start_px=12.0)
    if zoomed is not None and zoomed.cost < ZOOM_COST_RATIO * plain.cost and zoomed.share > 0.4:
        return zoomed, True
    return plain, False


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


def _confidence(fit: RotationFit, inliers: int, error: float) -> float:
    """0..1 from the share and number of agreeing matches, their residual, and the error they predict."""
    share = float(np.clip((fit.share - 0.1) / 0.4, 0, 1))
    number = float(np.clip(inliers / 25, 0, 1))
    # The covariance knows nothing of parallax and rolling shutter, hence three times its error.
    precision = 1 / (1 + (3 * error / 2) ** 2)
    residual = 1 / (1 + fit.sigma**2)
    return share * number * precision * residual


def displacement(first: Matrix3, second: Matrix3, scale: AnalysisScale) -> float:
    """Largest distance in analysis pixels between the corners under two homographies of centred coordinates."""
    box = corners(scale.width, scale.height * scale.aspect)
    with np.errstate(invalid="ignore"):
        distance = np.linalg.norm(project(first, box) - project(second, box), axis=1)
    return float(np.nan_to_num(distance, nan=1e9).max())
