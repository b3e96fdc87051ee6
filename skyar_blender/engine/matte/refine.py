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
#: Distances from the sky's colour, in grey levels, up to which a pixel is sky and from which it is none.
_STRANGE = (10.0, 34.0)
#: Half the width of thin things as a share of the long side, and how much darker than the sky they are.
_THIN, _DEPTH = 0.004, (22.0, 70.0)
#: Half the width of the largest gap between leaves, likewise.
_GAP = 0.02
#: Positions on the colour line below and above which a pixel is all foreground or all sky, so that noise is cut off.
_LINE_START, _LINE_END = 0.12, 0.88
#: Rows that are worked on at once: they fit the processor's cache, and strips without an edge are left out.
_STRIP = 64


def refine(frame: FrameRGB, coarse: Matte) -> Matte:
    """Matte of ``frame``'s size from a matte of any smaller size.

    Around the coarse edge each pixel is placed on the line between the mean colours of the sure sky and the sure
    foreground nearby (Levin et al. 2008 call it the colour line); where these two are alike, or one is missing, the
    coarse matte stands. Inside and outside are left exactly 1 and 0. As in the fast guided filter (He & Sun 2015),
    the line is found at the coarse size and applied at the full one.
    """
    size = (coarse.shape[1], coarse.shape[0])
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    reach = max(2.0, 0.014 * max(size))
    sky_mean, sky_weight = _local_mean(small, (coarse > _SURE_SKY).astype(np.float32), reach)
    ground_mean, ground_weight = _local_mean(small, (coarse < _SURE_GROUND).astype(np.float32), reach)
    axis = sky_mean - ground_mean
    length = np.sqrt((axis * axis).sum(axis=-1))
    grounded = np.minimum(ground_weight * 40, 1)
    telling = grounded * np.clip(length / _TELLING - 1, 0, 1) + (1 - grounded)
    trust = telling * np.minimum(sky_weight * 40, 1) * _band(coarse, reach)

    squared = length * length
    matte = _applied(frame, coarse, _line(axis, ground_mean, squared), sky_mean, grounded, trust)
    far_mean, far_weight = _local_mean(small, (coarse > _SURE_SKY).astype(np.float32), 4 * reach)
    gaps = _gaps(frame, _resized(far_mean, frame)) * _resized(
        np.minimum(far_weight * 20, 1).astype(np.float32), frame
    )
    return np.asarray(np.maximum(matte, gaps) * (1 - _thin_and_dark(frame)), np.float32)


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


def _line(axis: Floats, ground: Floats, squared: Floats) -> list[Floats]:
    """Weights of red, green and blue and a constant that add up to the place on the colour line, each one map."""
    weights = axis / (np.maximum(squared, 1.0) * (_LINE_END - _LINE_START))[..., None]
    constant = -(ground * weights).sum(axis=-1) - _LINE_START / (_LINE_END - _LINE_START)
    return [*(np.ascontiguousarray(weights[..., i], np.float32) for i in range(3)), constant.astype(np.float32)]


def _applied(
    frame: FrameRGB, coarse: Matte, line: list[Floats], sky: Floats, grounded: Floats, trust: Floats
) -> Matte:
    """The coarse matte at full size, with the picture's answer mixed in by ``trust``.

    The colour line answers where there is foreground to compare with (``grounded`` 1), elsewhere the sky's colour.
    """
    matte = _contrasted(_resized(coarse, frame))
    share, compared = _resized(trust, frame), _resized(grounded, frame)
    colour = _resized(sky, frame)
    weights = [_resized(weight, frame) for weight in line]
    for top in range(0, len(frame), _STRIP):
        columns = np.flatnonzero(share[top : top + _STRIP].max(axis=0))
        if not len(columns):
            continue
        part = (slice(top, top + _STRIP), slice(int(columns[0]), int(columns[-1]) + 1))
        place = weights[3][part].copy()
        for channel in range(3):
            place += weights[channel][part] * frame[part][..., channel]
        answer = _like_sky(frame[part], colour[part])
        answer += (np.clip(place, 0, 1) - answer) * compared[part]
        matte[part] += (answer - matte[part]) * share[part]
    return np.clip(matte, 0, 1)


def _like_sky(frame: FrameRGB, sky: Floats) -> Floats:
    """1 where a pixel has the sky's colour, 0 where it is far from it."""
    far = np.abs(frame.astype(np.float32) - sky).max(axis=-1)
    return np.asarray(np.clip((_STRANGE[1] - far) / (_STRANGE[1] - _STRANGE[0]), 0, 1), np.float32)


def _gaps(frame: FrameRGB, sky: Floats) -> Floats:
    """1 in small bright gaps, as between leaves, that have the colour of the sky nearby."""
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    size = 2 * max(3, round(_GAP * max(frame.shape[:2]))) + 1
    height = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, np.ones((size, size), np.uint8)).astype(np.float32)
    return np.asarray(
        np.clip((height - _DEPTH[0]) / (_DEPTH[1] - _DEPTH[0]), 0, 1) * _like_sky(frame, sky), np.float32
    )


def _leafy(ground: Floats) -> Floats:
    """1 where the foreground nearby is green or almost black, as trees against the sky are; facades are neither."""
    green = np.clip((ground[..., 1] - ground[..., 0]) / 6, 0, 1)
    black = np.clip((50 - ground.mean(axis=-1)) / 20, 0, 1)
    return np.asarray(np.maximum(green, black), np.float32)


def _thin_and_dark(frame: FrameRGB) -> Floats:
    """1 on wires, twigs and birds: what a closing (a morphological one) of the picture's size would fill in."""
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    size = 2 * max(2, round(_THIN * max(frame.shape[:2]))) + 1
    depth = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((size, size), np.uint8)).astype(np.float32)
    return np.asarray(np.clip((depth - _DEPTH[0]) / (_DEPTH[1] - _DEPTH[0]), 0, 1), np.float32)


def _resized(picture: Floats, frame: FrameRGB) -> Floats:
    return np.asarray(cv2.resize(picture, frame.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _contrasted(matte: Floats) -> Floats:
    return np.asarray(np.clip((matte - 0.25) / 0.5, 0, 1), np.float32)
