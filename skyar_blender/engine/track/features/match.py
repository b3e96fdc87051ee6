# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the points of one image went in another.

The first image is warped by the predicted motion before the search, so that roll and zoom are no obstacle to
the pyramidal method of Lucas and Kanade (Bouguet 2001), which follows shifts only.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, GreyImage
from ..geometry.warp import Warp

#: Forward and backward search may differ by this many pixels.
ROUND_TRIP_PX = 0.7
#: Least correlation between a patch and its match; patches of noise alone stay below.
CORRELATION = 0.75
PATCH = 11
#: Contrast of the second image, as a multiple of the first's, below which the second is made brighter instead; and
#: the most that one of them is made brighter.
_DARKER, _BRIGHTEST = 0.5, 64.0
_CRITERIA = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01)


@dataclass(frozen=True)
class Matches:
    """Matches between two images: ``index`` (n,) into the points asked for, ``pixels`` (n, 2) in the second."""

    index: NDArray[np.intp]
    pixels: Float64Array


def match_points(
    first: GreyImage,
    second: GreyImage,
    pixels: Float64Array,
    prediction: Warp,
    *,
    levels: int,
    window: int = 15,
) -> Matches:
    """Find ``pixels`` (n, 2) of ``first`` in ``second``; ``prediction`` is the motion expected between them."""
    height, width = second.shape
    with np.errstate(invalid="ignore"):
        start = prediction.points(pixels)
        margin = 6
        usable = (start[:, 0] >= margin) & (start[:, 0] <= width - 1 - margin)
        usable &= (start[:, 1] >= margin) & (start[:, 1] <= height - 1 - margin)
    index = np.flatnonzero(usable)
    if len(index) == 0:
        return Matches(index, np.empty((0, 2)))
    warped, second = level_exposure(prediction.image(first), second)
    begin = np.ascontiguousarray(start[index], np.float32).reshape(-1, 1, 2)
    found, status, _ = cv2.calcOpticalFlowPyrLK(
        warped, second, begin, begin.copy(), winSize=(window, window), maxLevel=levels,
        criteria=_CRITERIA, flags=cv2.OPTFLOW_USE_INITIAL_FLOW, minEigThreshold=1e-5,
    )  # fmt: skip
    back, status_back, _ = cv2.calcOpticalFlowPyrLK(
        second, warped, found, found.copy(), winSize=(window, window), maxLevel=min(levels, 1),
        criteria=_CRITERIA, flags=cv2.OPTFLOW_USE_INITIAL_FLOW, minEigThreshold=1e-5,
    )  # fmt: skip
    begin, found, back = begin[:, 0], found[:, 0], back[:, 0]
    good = (status.ravel() == 1) & (status_back.ravel() == 1)
    # The way back starts at the end of the way out, so it only disagrees where the texture is ambiguous.
    shift = found - begin
    good &= np.hypot(*(back - found + shift).T) < ROUND_TRIP_PX
    good &= (found[:, 0] > 3) & (found[:, 0] < width - 4) & (found[:, 1] > 3) & (found[:, 1] < height - 4)
    good &= correlation(warped, begin, second, np.asarray(found, np.float32)) > CORRELATION
    return Matches(index[good], found[good].astype(np.float64))


def correlation(
    first: GreyImage, at_first: NDArray[np.float32], second: GreyImage, at_second: NDArray[np.float32]
) -> Float64Array:
    """Normalised cross-correlation (n,) of the patches around matched pixels, -1..1; 0 for flat patches."""
    a, b = _patches(first, at_first), _patches(second, at_second)
    a -= a.mean(axis=1, keepdims=True)
    b -= b.mean(axis=1, keepdims=True)
    power = np.sqrt(np.square(a).sum(axis=1) * np.square(b).sum(axis=1))
    return np.asarray((a * b).sum(axis=1) / np.maximum(power, 1e-3), np.float64)


def _patches(image: GreyImage, at: NDArray[np.float32]) -> NDArray[np.float32]:
    offset = np.arange(PATCH, dtype=np.float32) - PATCH // 2
    dy, dx = (grid.ravel() for grid in np.meshgrid(offset, offset, indexing="ij"))
    x = np.ascontiguousarray(at[:, :1] + dx, np.float32)
    y = np.ascontiguousarray(at[:, 1:] + dy, np.float32)
    sampled = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return sampled.astype(np.float32)


def level_exposure(first: GreyImage, second: GreyImage) -> tuple[GreyImage, GreyImage]:
    """Both images with one mean and contrast: Lucas and Kanade assume constant brightness.

    It is that of ``second``, or of the brighter one where light came or went: what is dark has few grey levels, and
    the other must not be reduced to as many.
    """
    mean, deviation = (float(value[0, 0]) for value in cv2.meanStdDev(first))
    mean_like, deviation_like = (float(value[0, 0]) for value in cv2.meanStdDev(second))
    gain = max(deviation_like, 1e-3) / max(deviation, 1e-3)
    if gain < _DARKER:
        back = min(1 / gain, _BRIGHTEST)
        return first, _scaled(second, back, mean - back * mean_like)
    gain = min(gain, _BRIGHTEST)
    if abs(gain - 1) < 0.03 and abs(mean - mean_like) < 3:
        return first, second
    return _scaled(first, gain, mean_like - gain * mean), second


def _scaled(image: GreyImage, gain: float, offset: float) -> GreyImage:
    return np.asarray(cv2.convertScaleAbs(np.maximum(gain * image.astype(np.float32) + offset, 0)), np.uint8)
