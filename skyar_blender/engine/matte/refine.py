# SPDX-License-Identifier: GPL-3.0-or-later
"""From a coarse matte to one with the edges of the full picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB, Matte

Floats = NDArray[np.float32]
#: Least distance of sky and foreground colour (8-bit grey levels) at which the picture itself can tell the edge.
_TELLING = 12.0
_SURE_SKY, _SURE_GROUND = 0.93, 0.07


def refine(frame: FrameRGB, coarse: Matte) -> Matte:
    """Matte of ``frame``'s size from a matte of any smaller size.

    Around the coarse edge each pixel is placed on the line between the mean colours of the sure sky and the sure
    foreground nearby (Levin et al. 2008 call it the colour line); where these two are alike, or one is missing, the
    coarse matte stands. Inside and outside are left exactly 1 and 0.
    """
    height, width = frame.shape[:2]
    size = (coarse.shape[1], coarse.shape[0])
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    reach = max(2.0, 0.014 * max(size))
    sky_mean, sky_weight = _local_mean(small, (coarse > _SURE_SKY).astype(np.float32), reach)
    ground_mean, ground_weight = _local_mean(small, (coarse < _SURE_GROUND).astype(np.float32), reach)
    axis = sky_mean - ground_mean
    length = np.sqrt((axis * axis).sum(axis=-1))
    trust = np.clip(length / _TELLING - 1, 0, 1) * np.minimum(np.minimum(sky_weight, ground_weight) * 40, 1)
    band = _band(coarse, reach)

    full = (width, height)
    line = _on_line(frame, _resized(sky_mean, full), _resized(ground_mean, full))
    trust = _resized(trust * band, full)
    soft = _contrasted(_resized(coarse, full))
    return np.asarray(np.clip(soft + (line - soft) * trust, 0, 1), np.float32)


def _local_mean(picture: Floats, weight: Floats, reach: float) -> tuple[Floats, Floats]:
    """Mean colour of the weighted pixels nearby, and how much weight there is (0..1)."""
    total = cv2.GaussianBlur(weight, (0, 0), reach)
    summed = cv2.GaussianBlur(picture * weight[..., None], (0, 0), reach)
    return (summed / np.maximum(total, 1e-4)[..., None]).astype(np.float32), total.astype(np.float32)


def _band(coarse: Matte, reach: float) -> Floats:
    """1 near the coarse edge and wherever the coarse matte is in doubt, fading out away from there."""
    sky = (coarse > 0.5).astype(np.uint8)
    size = 2 * round(reach * 0.8) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    edge = (cv2.dilate(sky, kernel) - cv2.erode(sky, kernel)).astype(np.float32)
    doubt = ((coarse > _SURE_GROUND) & (coarse < _SURE_SKY)).astype(np.float32)
    return cv2.GaussianBlur(np.maximum(edge, doubt), (0, 0), max(reach / 4, 0.8)).astype(np.float32)


def _on_line(frame: FrameRGB, sky: Floats, ground: Floats) -> Floats:
    """Where each pixel lies between the two colours, 0..1, noise at both ends cut off."""
    axis = sky - ground
    along = ((frame.astype(np.float32) - ground) * axis).sum(axis=-1) / np.maximum((axis * axis).sum(axis=-1), 1.0)
    return np.asarray(np.clip((along - 0.12) / (0.88 - 0.12), 0, 1), np.float32)


def _resized(picture: Floats, size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _contrasted(matte: Floats) -> Floats:
    return np.asarray(np.clip((matte - 0.25) / 0.5, 0, 1), np.float32)
