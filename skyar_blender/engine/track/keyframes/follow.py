# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion from one keyframe to one image, with a judgement of how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ....common.confidence import WEAK
from ...types import Float64Array, GreyImage, Matrix3
from ..confidence import SKY_CONFIDENCE, corner_error, fit_confidence
from ..features.match import match_points
from ..features.points import Label, Points
from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import centred_homography, corners, project
from ..rotation.rotation_fit import RotationFit, fit_rotation, refine

#: Fewest agreeing matches of a motion that is believed.
MIN_INLIERS = 8
#: Largest believed standard error of the corners, in pixels of the analysis image.
MAX_CORNER_ERROR = 3.0
#: The far landscape alone is enough with this many agreeing matches and this error of the corners.
FAR_INLIERS = 20
FAR_CORNER_ERROR = 0.4
#: A zoom is believed when it leaves less than this fraction of the cost without zoom...
ZOOM_COST_RATIO = 0.4
#: ...and that cost was worth the name...
ZOOM_MIN_COST = 0.12
#: ...and this fraction of all matches on land agrees.
ZOOM_FRACTION = 0.75
#: A motion with which fewer of the land's matches agree is in doubt.
LAND_AGREES = 0.5


@dataclass(frozen=True)
class Followed:
    """Motion from the first image to the second.

    ``zoomed`` says that a change of focal length is part of the motion although the shot is not known to zoom;
    ``plain`` is then the motion without it, where there is one. ``cost`` is that of the fit.
    ``support`` is the sum of the prior trust of the agreeing matches; ``sky_used``: whether the sky's own texture was
    asked; ``land_fraction`` (0..1): how many of the land's matches agree, near and far; ``pixels`` (n, 2) and
    ``weights`` (n,) are the matches in the second image and what they counted for, ``origins`` (n, 2) where they
    were in the first, ``trust`` (n,) what they were trusted with and ``in_sky`` (n,) whether they are of the sky;
    ``information`` is (3, 3) of the rotation alone.
    """

    rotation: Matrix3
    focal: float
    confidence: float
    from_sky: bool
    zoomed: bool
    plain: Followed | None
    cost: float
    inliers: int
    support: float
    land_fraction: float
    sky_used: bool
    pixels: Float64Array
    weights: Float64Array
    origins: Float64Array
    trust: Float64Array
    information: Float64Array
    in_sky: NDArray[np.bool_]


def follow(
    first: GreyImage,
    points: Points,
    focal_first: float,
    second: GreyImage,
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
    prediction = scale.warp(centred_homography(guess, focal_first, focal_guess))
    matches = match_points(first, second, points.pixels, prediction, levels=levels)
    if len(matches.index) < MIN_INLIERS:
        return None
    pixels = (points.pixels[matches.index], matches.pixels)
    p, q = scale.ideal(pixels[0]), scale.ideal(pixels[1])
    label, prior = points.label[matches.index], points.prior[matches.index]
    # A shot that is not known to zoom keeps the focal length of its keyframe.
    focal = focal_guess if zooming else focal_first
    plain = None
    # Near points have parallax and clouds move: each is asked only where what is steadier does not answer, or most of
    # the land denies its answer.
    with_sky = [{Label.FAR, Label.NEAR, Label.SKY}, {Label.SKY}] if (label == Label.SKY).any() else []
    for trusted in ({Label.FAR}, {Label.FAR, Label.NEAR}, *with_sky):
        trust = np.where(np.isin(label, list(trusted)), prior, 0.0)
        fit = fit_rotation(
            p, q, trust, focal_first=focal_first, focal_second=focal, guess=guess, zoom=zooming, seed=seed
        )
        found = _judged(fit, label, prior, trust, pixels, scale, zooming, trusted == {Label.FAR})
        if found is not None and (plain is None or found.confidence >= plain.confidence):
            plain = found
        if plain is not None and plain.confidence >= WEAK and plain.land_fraction >= LAND_AGREES:
            break
    if zooming or (plain is not None and plain.cost < ZOOM_MIN_COST):
        return plain
    land = np.where(label == Label.SKY, 0.0, 1.0)
    zoom = _zoom(guess if plain is None else plain.rotation, focal_guess, p, q, land, focal_first)
    zoomed = _judged(zoom, label, prior, land, pixels, scale, True, False)
    return plain if zoomed is None else replace(zoomed, zoomed=True, plain=plain)


def _judged(
    fit: RotationFit | None,
    label: NDArray[np.uint8],
    prior: Float64Array,
    trust: Float64Array,
    pixels: tuple[Float64Array, Float64Array],
    scale: AnalysisScale,
    with_zoom: bool,
    far_only: bool,
) -> Followed | None:
    """The fit as a motion, or None when it is not to be believed."""
    if fit is None:
        return None
    error = corner_error(fit, scale, with_zoom)
    counted = fit.inliers & (trust > 0)
    number = int(counted.sum())
    confidence = fit_confidence(fit, number, error)
    if far_only and (number < FAR_INLIERS or error > FAR_CORNER_ERROR or fit.fraction < 0.5):
        return None
    if number < MIN_INLIERS or error > MAX_CORNER_ERROR or fit.fraction < 0.2 or confidence < 0.05:
        return None
    sky_used = bool((trust[label == Label.SKY] > 0).any())
    sky_weight = float(fit.weights[label == Label.SKY].sum())
    support = np.where((label == Label.SKY) & (trust <= 0), 0.0, prior)
    return Followed(
        rotation=fit.rotation,
        focal=fit.focal,
        confidence=min(confidence, SKY_CONFIDENCE) if sky_used else confidence,
        from_sky=sky_weight > 0.5 * float(fit.weights.sum()),
        zoomed=False,
        plain=None,
        cost=fit.cost,
        inliers=number,
        support=float(support[fit.inliers].sum()),
        land_fraction=float(fit.inliers[label != Label.SKY].mean()) if (label != Label.SKY).any() else 1.0,
        sky_used=sky_used,
        pixels=pixels[1],
        weights=fit.weights,
        origins=pixels[0],
        trust=trust,
        information=fit.information[:3, :3],
        in_sky=label == Label.SKY,
    )


def _zoom(
    rotation: Matrix3, focal_guess: float, p: Float64Array, q: Float64Array, trust: Float64Array, focal_first: float
) -> RotationFit | None:
    """A zoom, when it explains nearly the whole landscape, near and far, and the rotation alone does not.

    Walking or driving forward looks like a zoom too, but only in part of the image.
    """
    if float(trust.sum()) < 2 * MIN_INLIERS:
        return None
    without = refine(rotation, focal_first, p, q, trust, focal_first=focal_first, zoom=False, start_px=12.0)
    including = refine(rotation, focal_guess, p, q, trust, focal_first=focal_first, zoom=True, start_px=12.0)
    if without is None or including is None or without.cost < ZOOM_MIN_COST:
        return None
    if including.cost > ZOOM_COST_RATIO * without.cost or including.fraction < ZOOM_FRACTION:
        return None
    return including


def displacement(first: Matrix3, second: Matrix3, scale: AnalysisScale) -> float:
    """Largest distance in analysis pixels between the corners under two homographies of centred coordinates."""
    box = corners(scale.width, scale.height * scale.aspect)
    with np.errstate(invalid="ignore"):
        distance = np.linalg.norm(project(first, box) - project(second, box), axis=1)
    return float(np.nan_to_num(distance, nan=1e9).max())
