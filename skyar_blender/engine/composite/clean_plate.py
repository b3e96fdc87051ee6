# SPDX-License-Identifier: GPL-3.0-or-later
"""The clean plate of the old sky: the sky as it would be behind trees and buildings, in scene-linear light.

Where the matte is sure the plate is the image itself. Elsewhere it is filled by normalised convolution (Knutsson
and Westin 1993) on a pyramid: each place takes the weighted mean of the sky within the smallest reach that has any,
so that a gap between branches keeps its own cloud, and a wall gets the sky beside it. Coarse levels also take in the
frames around, so that a matte that chatters and the grain of the image do not make the plate flicker. Nothing is
carried over from other frames to places whose sky is in view, so a moving camera leaves no ghosts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...common.stored_sizes import made_size
from ..colour import linear_from_frame
from ..types import Float32Array, FrameRGB, LinearRGB, Matte
from .plate_size import MOST

#: Frames on either side that a plate looks at.
REACH = 4

#: Long side up to which a level takes in the frames around.
_STEADY_SIZE = 480
#: Matte values, and how much they count.
_COUNTED = ((0.3, 0.8, 0.9, 0.98), (0.0, 0.003, 0.03, 1.0))
#: Shares of the weight: for the pixel alone, for its neighbours too, and for all within the reach of a soft edge.
_FRACTIONS = (0.01, 0.79, 0.2)
#: How much the sky farther away counts beside a full weight nearby.
_FARTHER = np.float32(0.03)
#: Relative difference of two skies at which the other frame counts for a third: noise stays below it.
_UNLIKE = 0.04
#: Long side of the small images that tell how alike two frames are.
_GLANCE = 64
#: Overlap of two skies, as a fraction of the image, from which it tells whether they are alike.
_OVERLAP = 0.002
#: Sum of the matte, as a fraction of the image, below which there is nothing to take a colour from.
_NOTHING = 1e-4


@dataclass(frozen=True)
class _Level:
    """Sky colours multiplied by their weights (height, width, 3), and the weights (height, width)."""

    colour: Float32Array
    weight: Float32Array


@dataclass(frozen=True)
class SkySamples:
    """What one frame shows of its sky.

    Attributes:
        size: width and height of the frame.
        fine: levels that only this frame decides, each half the size of the one before.
        steady: the level that frames share; it goes on where ``fine`` ends.
        glance: the same, small, to compare frames.
        image: the whole frame, as small as ``glance``.
        doubtful: colour of what may be sky (3), and how much of the image it is, where no pixel is sure.
    """

    size: tuple[int, int]
    fine: tuple[_Level, ...]
    steady: _Level
    glance: _Level
    image: LinearRGB
    doubtful: tuple[Float32Array, float]


def sky_samples(frame: FrameRGB | LinearRGB, matte: Matte, most: int = MOST) -> SkySamples:
    """Look at one frame: (height, width, 3), 8-bit display-referred or scene-linear float, and its matte (0..1).

    ``most``: pixels of the long side at which the plate is made. NaN and infinity in a float image count as black.
    Raises ValueError when the sizes differ.
    """
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.shape[:2] != matte.shape:
        raise ValueError(f"frame {frame.shape} and matte {matte.shape} differ in size")
    height, width = matte.shape
    size = made_size((width, height), most)
    # The mean of 8-bit values is as good where all of them are sky, and the rest does not count.
    linear = _linear(_reduced(frame, size))
    level = _Level(linear, _weight(matte, size, most))
    level = _Level(np.asarray(cv2.multiply(linear, _thrice(level.weight)), np.float32), level.weight)
    fine = []
    while max(level.weight.shape) > _STEADY_SIZE:
        fine.append(level)
        level = _coarser(level)
    glance = level
    while max(glance.weight.shape) > _GLANCE:
        glance = _coarser(glance)
    seen = glance.weight.shape[::-1]
    half = level.weight.shape[::-1]  # by way of it: quicker than all at once
    small, cover = (_reduced(_reduced(each, half), seen) for each in (linear, _reduced(matte, size)))
    return SkySamples((width, height), tuple(fine), level, glance, small, _doubtful(small, cover))


def clean_plate(samples: SkySamples, around: Sequence[SkySamples] = ()) -> LinearRGB:
    """The plate of the frame of ``samples``, (height, width, 3) float32 scene-linear, finite and >= 0.

    ``around`` as in :func:`small_plate`.
    """
    filled = small_plate(samples, around)
    if filled.shape[1::-1] != samples.size:
        filled = np.asarray(cv2.resize(filled, samples.size, interpolation=cv2.INTER_LINEAR), np.float32)
    return filled


def small_plate(samples: SkySamples, around: Sequence[SkySamples] = ()) -> LinearRGB:
    """As :func:`clean_plate`, at :func:`.plate_size.made_size`.

    ``around``: the frames near it in time, it aside, up to :data:`REACH` on either side, in any order; those of
    another shot or size do not count. Without any sky in view or around, the plate is black: there is
    nothing to take away from the image.
    """
    near = [(samples, 1.0)] + [(other, _likeness(samples, other)) for other in around]
    near = [(each, fraction) for each, fraction in near if fraction > 0.01]
    levels = [*samples.fine, _mean([(each.steady, fraction) for each, fraction in near])]
    while max(levels[-1].weight.shape) > 2:
        levels.append(_coarser(levels[-1]))
    total = sum(fraction * each.doubtful[1] for each, fraction in near)
    colour = sum(np.float32(fraction) * each.doubtful[0] for each, fraction in near) / np.float32(
        max(total, _NOTHING)
    )
    filled = np.full_like(levels[-1].colour, colour)
    for level in reversed(levels):
        height, width = level.weight.shape
        if filled.shape[:2] != (height, width):
            filled = np.asarray(cv2.pyrUp(filled, dstsize=(width, height)), np.float32)
        known = cv2.scaleAdd(filled, float(_FARTHER), level.colour)
        filled = np.asarray(cv2.divide(known, _thrice(level.weight + _FARTHER)), np.float32)
    return filled


def _reduced(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if image.shape[1::-1] == size:
        return image
    height, width = image.shape[:2]
    if width >= 4 * size[0] and height >= 4 * size[1] and not (width % 2 or height % 2):
        image = cv2.resize(image, (width // 2, height // 2), interpolation=cv2.INTER_AREA)  # a half is quick to make
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _linear(image: np.ndarray) -> LinearRGB:
    if image.dtype == np.uint8:
        return np.asarray(cv2.LUT(image, _LINEAR), np.float32)
    finite = np.nan_to_num(image.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    return np.asarray(np.maximum(finite, 0), np.float32)


def _thrice(weight: Float32Array) -> Float32Array:
    return np.asarray(cv2.merge([weight, weight, weight]), np.float32)


def _coarser(level: _Level) -> _Level:
    return _Level(np.asarray(cv2.pyrDown(level.colour)), np.asarray(cv2.pyrDown(level.weight)))


def _weight(matte: Matte, size: tuple[int, int], most: int) -> Float32Array:
    """How surely each pixel shows nothing but sky; less near the foreground, whose colour spreads by blur,
    sharpening and compression."""
    levels = cv2.convertScaleAbs(matte, alpha=255)
    reach = 1 + -(-max(matte.shape) // most)
    times = max(1, reach // 4)
    if times > 1:  # of a small plate: what is least in each block does, and is less to look at
        levels, reach = _least_of_blocks(np.asarray(levels, np.uint8), times), (reach - 1) // times
    weight = np.zeros(size[::-1], np.float32)
    for radius, fraction in zip((0, (reach + 1) // 2, reach), _FRACTIONS, strict=True):
        square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
        least = cv2.erode(levels, square) if radius else levels
        weight += cv2.LUT(_reduced(least, size), (fraction * _WEIGHT_OF_CODE).astype(np.float32))
    return weight


def _least_of_blocks(levels: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """The least of each square block of so many pixels; those at the end may be smaller."""
    height, width = levels.shape
    levels = np.pad(levels, ((0, -height % times), (0, -width % times)), mode="edge")
    for _ in range(2):  # along the columns, then the rows
        levels = np.minimum.reduce([levels[first::times] for first in range(times)]).T
    return np.ascontiguousarray(levels)


def _doubtful(image: LinearRGB, matte: Matte) -> tuple[Float32Array, float]:
    fraction = np.square(matte)
    return np.asarray((image * fraction[..., None]).mean(axis=(0, 1)), np.float32), float(fraction.mean())


def _mean(near: Sequence[tuple[_Level, float]]) -> _Level:
    if len(near) == 1:
        return near[0][0]
    total = sum(fraction for _, fraction in near)
    colour, weight = np.zeros_like(near[0][0].colour), np.zeros_like(near[0][0].weight)
    for level, fraction in near:
        cv2.scaleAdd(level.colour, fraction / total, colour, colour)
        cv2.scaleAdd(level.weight, fraction / total, weight, weight)
    return _Level(colour, weight)


def _likeness(one: SkySamples, other: SkySamples) -> float:
    """0..1: how much the other frame may say of the sky of this one."""
    if one.size != other.size:
        return 0.0
    both = np.minimum(one.glance.weight, other.glance.weight)
    if both.mean() > _OVERLAP:
        images = [level.colour / (level.weight[..., None] + 1e-6) for level in (one.glance, other.glance)]
    else:  # the skies do not meet: is it at least the same image?
        both, images = np.ones_like(both), [one.image, other.image]
    difference = (np.abs(images[0] - images[1]).mean(axis=2) * both).sum()
    light = ((images[0] + images[1]).mean(axis=2) * both).sum() / 2 + 0.01 * both.sum()
    return float(np.exp(-((difference / light / _UNLIKE) ** 2)))


_LINEAR = linear_from_frame(np.arange(256, dtype=np.uint8))
_WEIGHT_OF_CODE = np.interp(np.arange(256) / 255, *_COUNTED).astype(np.float32)
