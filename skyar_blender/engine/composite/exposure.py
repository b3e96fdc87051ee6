# SPDX-License-Identifier: GPL-3.0-or-later
"""How a shot's exposure changes from frame to frame: flashes, steps of an automatic exposure, flicker of time lapses.

Each frame is laid over the one before by the camera's motion. Where both show land, the median of how much brighter
it got, in stops, is the change of exposure; what is black or blown out tells nothing. A sky that was seen, and did
not follow the land, as under a lamp's flash, says how far the new one follows: the slope of its changes over the
land's, by least squares. Changes are added up, and what grows slowly is taken out again: small errors add up too, and
nobody sees a sky that takes seconds to change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..colour import LUMINANCE, linear_from_frame
from ..types import FrameRGB, Matrix3, Matte

Levels = NDArray[np.float32]
#: Long side in pixels of what is compared.
_SIZE = 160
#: Linear light that tells, from and to; mattes of land, and of sky.
_DARK = 0.004
_BRIGHT = 0.8
_LAND = 0.05
_SKY = 0.95
#: Pixels that must tell, and spread of what they tell (stops, median absolute deviation) from which they do not.
_LEAST = 150
_SPREAD = 0.35
#: Stops per frame below which nothing has changed: noise, and what slowly comes into view. Where pixels disagree, so
#: many standard errors of their median, with so many neighbours that are alike.
_STILL = 0.015
_SURE = 3.0
_ALIKE = 16
#: Seconds to each side whose mean is what grows slowly.
_SLOW = 2.0
#: Changes (stops) from which the sky's are compared with the land's; least of the shot's, all squared.
_TELLS = 0.04
_LEAST_CHANGES = 0.01
#: Most stops by which a frame differs from its shot.
MOST = 3.0


@dataclass(frozen=True)
class Sight:
    """What is compared of a frame.

    Attributes:
        size: width and height of the frame.
        light: linear luminance (height, width), small.
        matte: the matte, 0..1, of the same size.
    """

    size: tuple[int, int]
    light: Levels
    matte: Levels

    @classmethod
    def of(cls, frame: FrameRGB, matte: Matte) -> Sight:
        """That of a frame and its matte (0..1) of the same size."""
        scale = min(1.0, _SIZE / max(frame.shape[:2]))
        size = max(2, round(frame.shape[1] * scale)), max(2, round(frame.shape[0] * scale))
        shrunk = np.asarray(cv2.resize(linear_from_frame(frame), size, interpolation=cv2.INTER_AREA), np.float32)
        small = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.float32)
        return cls((frame.shape[1], frame.shape[0]), np.asarray(shrunk @ LUMINANCE, np.float32), small)

    @property
    def bytes(self) -> int:
        """Memory that it takes."""
        return self.light.nbytes + self.matte.nbytes


@dataclass(frozen=True)
class ExposureChange:
    """By how many stops the land and the old sky got brighter since the frame before; None where they do not tell."""

    land: float | None
    sky: float | None


class ExposureMeter:
    """Compares each frame with the one before."""

    def __init__(self) -> None:
        self._last: Sight | None = None

    def add(self, now: Sight, step: Matrix3 | None) -> ExposureChange:
        """Take in the next frame, and the homography from the frame before.

        ``step`` is one of the frame's pixels; None where a shot begins.
        """
        before, self._last = self._last, now
        if before is None or step is None:
            return ExposureChange(None, None)
        size = (now.light.shape[1], now.light.shape[0])
        to = np.diag([size[0] / now.size[0], size[1] / now.size[1], 1.0])
        small = np.asarray(to @ step @ np.linalg.inv(to))
        light, seen = (
            np.asarray(cv2.warpPerspective(each, small, size, borderValue=border), np.float32)
            for each, border in ((before.light, 0.0), (before.matte, 0.5))
        )
        tells = (np.minimum(light, now.light) > _DARK) & (np.maximum(light, now.light) < _BRIGHT)
        land, sky = (
            tells & (np.maximum(seen, now.matte) < _LAND),
            tells & (np.minimum(seen, now.matte) > _SKY),
        )
        return ExposureChange(_median(light, now.light, land), _median(light, now.light, sky))


def exposures(changes: Sequence[ExposureChange], rate: float) -> list[float]:
    """By how many stops each frame of a shot is exposed above those around it, as far as the sky follows.

    ``changes``: those of the shot's frames, the first of which has none; ``rate``: frames per second.
    """
    total = np.cumsum([each.land or 0.0 for each in changes])
    reach = min(max(1, round(_SLOW * rate)), len(total) - 1)
    if reach < 1 or not total.any():
        return [0.0] * len(changes)
    # Mirrored about both ends, so that an even growth goes on there.
    longer = np.pad(total, reach, mode="reflect", reflect_type="odd")
    slow = np.convolve(longer, np.full(2 * reach + 1, 1 / (2 * reach + 1)), mode="valid")
    found = np.clip((total - slow) * _followed(changes), -MOST, MOST)
    return [float(each) for each in found]


def _followed(changes: Sequence[ExposureChange]) -> float:
    """How far the old sky follows the land, 0..1; 1 where it does not tell."""
    pairs = [
        (each.land, each.sky)
        for each in changes
        if each.land is not None and each.sky is not None and abs(each.land) > _TELLS
    ]
    squares = sum(land * land for land, _ in pairs)
    if squares < _LEAST_CHANGES:
        return 1.0
    return float(np.clip(sum(land * sky for land, sky in pairs) / squares, 0, 1))


def _median(before: Levels, now: Levels, where: NDArray[np.bool_]) -> float | None:
    if where.sum() < _LEAST:
        return None
    stops = np.log2(now[where] / before[where])
    middle = float(np.median(stops))
    spread = float(np.median(np.abs(stops - middle)))
    if spread > _SPREAD:
        return None
    error = 1.48 * spread * math.sqrt(_ALIKE / len(stops))
    return middle if abs(middle) > max(_STILL, _SURE * error) else 0.0
