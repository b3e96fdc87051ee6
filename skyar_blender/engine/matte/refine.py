# SPDX-License-Identifier: GPL-3.0-or-later
"""From a coarse matte to one with the edges of the full picture."""

from __future__ import annotations

from dataclasses import dataclass

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
#: Half the width, as a share of the long side, of wires before the sky and of gaps between leaves.
_THIN, _GAP = 0.004, 0.02
#: 0 for less than 22 grey levels, 1 from 70 on.
_RISING = np.clip((np.arange(256) - 22) / 48, 0, 1).astype(np.float32)
#: Positions on the colour line below and above which a pixel is all foreground or all sky, so that noise is cut off.
_LINE_START, _LINE_END = 0.12, 0.88
#: Rows that are worked on at once: they fit the processor's cache, and strips without an edge are left out.
_STRIP = 64


def refine(frame: FrameRGB, coarse: Matte) -> Matte:
    """Matte of ``frame``'s size from a matte of any smaller size.

    Around the coarse edge each pixel is placed on the line between the mean colours of the sure sky and the sure
    foreground nearby (Levin et al. 2008 call it the colour line); where there is no sure foreground, as around a
    wire, by how far it is from the sky's colour; where the two are alike, the coarse matte stands. Wires and gaps
    between leaves are found at full size. Inside and outside are left exactly 1 and 0. As in the fast guided filter
    (He & Sun 2015), all else is found at the coarse size and applied at the full one.
    """
    size = (coarse.shape[1], coarse.shape[0])
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    reach = max(2.0, 0.014 * max(size))
    sure_sky = (coarse > _SURE_SKY).astype(np.float32)
    sky_mean, sky_weight = _local_mean(small, sure_sky, reach)
    ground_mean, ground_weight = _local_mean(small, (coarse < _SURE_GROUND).astype(np.float32), reach)
    axis = sky_mean - ground_mean
    length = np.sqrt((axis * axis).sum(axis=-1))
    grounded = np.minimum(ground_weight * 40, 1)
    compared = grounded * np.clip(length / _TELLING - 1, 0, 1)
    telling = compared + (1 - grounded)
    trust = telling * _enough(sky_weight * 40) * _band(coarse, reach)
    far_mean, far_weight = _local_mean(small, sure_sky, 4 * reach)
    maps = _Maps(
        line=_line(axis, ground_mean, length * length),
        sky=np.where((sky_weight > 0.01)[..., None], sky_mean, far_mean),
        compared=np.asarray(compared / np.maximum(telling, 1e-6), np.float32),
        trust=np.asarray(trust, np.float32),
        gaps=np.asarray(_enough(far_weight * 20) * _leafy(small, coarse, far_mean, reach), np.float32),
    )
    return _applied(frame, coarse, maps)


@dataclass(frozen=True)
class _Maps:
    """What was found at the coarse size.

    ``line``: see :func:`_line`; ``sky``: the sky's colour nearby; ``compared``: 1 where there is foreground of
    another colour to compare with; ``trust``: how far the picture decides; ``gaps``: 1 where leaves stand before
    sky nearby, so that gaps between them may show it.
    """

    line: list[Floats]
    sky: Floats
    compared: Floats
    trust: Floats
    gaps: Floats


def _enough(weight: Floats) -> Floats:
    """0 up to a trace, then rising to 1, so that places far from any sky are left exactly as they are."""
    return np.asarray(np.clip(weight - 0.2, 0, 1), np.float32)


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


def _applied(frame: FrameRGB, coarse: Matte, maps: _Maps) -> Matte:
    """The coarse matte at full size, with the picture's answer mixed in where the maps say so.

    The colour line answers where there is foreground to compare with, elsewhere the sky's colour.
    """
    matte = _contrasted(_resized(coarse, frame))
    share, gaps, compared = (_resized(kind, frame) for kind in (maps.trust, maps.gaps, maps.compared))
    sky = _resized(maps.sky, frame)
    weights = [_resized(weight, frame) for weight in maps.line]
    grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)
    bright = _standing_out(grey, cv2.MORPH_TOPHAT, _GAP)
    for top in range(0, len(frame), _STRIP):
        rows = slice(top, top + _STRIP)
        columns = np.flatnonzero((share[rows] + gaps[rows]).max(axis=0))
        if not len(columns):
            continue
        part = (rows, slice(int(columns[0]), int(columns[-1]) + 1))
        place = weights[3][part].copy()
        for channel in range(3):
            place += weights[channel][part] * frame[part][..., channel]
        alone = _like_sky(frame[part], sky[part])
        answer = alone + (np.clip(place, 0, 1) - alone) * compared[part]
        matte[part] += (answer - matte[part]) * share[part]
        matte[part] = np.maximum(matte[part], alone * _rising(bright[part]) * gaps[part])
    dark = _standing_out(grey, cv2.MORPH_BLACKHAT, _THIN)
    return np.asarray(np.clip(matte, 0, 1) * (1 - _rising(dark)), np.float32)


def _like_sky(frame: FrameRGB, sky: Floats) -> Floats:
    """1 where a pixel has the sky's colour, 0 where it is far from it."""
    far = np.abs(frame.astype(np.float32) - sky).max(axis=-1)
    return np.asarray(np.clip((_STRANGE[1] - far) / (_STRANGE[1] - _STRANGE[0]), 0, 1), np.float32)


def _leafy(small: Floats, coarse: Matte, sky: Floats, reach: float) -> Floats:
    """1 where the darker foreground nearby has the colour of leaves and bark, or is all but black against the light.

    Blue is their weakest colour; in the bands of a facade, glass and concrete, it is not.
    """
    dark = (coarse < _SURE_GROUND) & (small.mean(axis=-1) < sky.mean(axis=-1) - 40)
    colour, _ = _local_mean(small, dark.astype(np.float32), reach)
    warm = np.clip((colour[..., :2].min(axis=-1) - colour[..., 2] - 3) / 6, 0, 1)
    black = np.clip((45 - colour.mean(axis=-1)) / 15, 0, 1)
    return np.asarray(np.maximum(warm, black), np.float32)


def _standing_out(grey: NDArray[np.uint8], kind: int, half: float) -> NDArray[np.uint8]:
    """By how many grey levels small bright (top hat) or dark (black hat) things stand out from what is around."""
    size = 2 * max(2, round(half * max(grey.shape))) + 1
    return np.asarray(cv2.morphologyEx(grey, kind, np.ones((size, size), np.uint8)), np.uint8)


def _rising(levels: NDArray[np.uint8]) -> Floats:
    return _RISING[levels]


def _resized(picture: Floats, frame: FrameRGB) -> Floats:
    return np.asarray(cv2.resize(picture, frame.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _contrasted(matte: Floats) -> Floats:
    return np.asarray(np.clip((matte - 0.25) / 0.5, 0, 1), np.float32)
