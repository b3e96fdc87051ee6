# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the matte of a clip from chattering, whether the camera stands still or moves."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import BoolMask, Float32Array, FrameRGB, Matte, StoredMatte
from .dense_motion import Motion, grey, motion_between
from .interface import PreviousFrame

_Levels = NDArray[np.uint8]
#: Most that the past counts.
MOST = 0.8
#: Change of a pixel, in 8-bit grey levels, at which the past counts for little: the least, and, with more noise, the
#: most of that multiple of it.
CHANGE = 12.0
NOISY_CHANGE = 20.0
NOISE = 2.0
#: Side in pixels of the parts of a frame in which the past is looked at or not.
_PART = 32
#: Every so manieth pixel of a row and of a column tells how noisy a frame is.
_STRIDE = 4
#: Mattes that are nearer than this to 0 or 1 are stored as 0 or 1.
_SURE = 4e-6


def temporally_smoothed(
    frame: FrameRGB, matte: Matte, previous: PreviousFrame | None, motion: Motion | None = None
) -> Matte:
    """Mix in the matte (0..1) of the frame before, moved along, where the image it belongs to still looks the same.

    A pixel that an edge has crossed, or whose motion is not understood, looks different from the one it is thought
    to come from: nothing is carried over to it, so that nothing smears. Where both mattes are all sky or all ground
    nothing is asked. ``motion``: that between the two frames, where it is known already.
    """
    if previous is None or previous.frame.shape != frame.shape:
        return matte
    now, before = grey(frame), grey(previous.frame)
    if motion is None:
        motion = motion_between(now, before)
    fraction = _fraction_of_change(_noise(now, before, motion))
    result = matte.copy()
    for rows, columns in _boxes(_asked(matte, previous.matte, motion), matte.shape):
        result[rows, columns] = _mixed(now, before, matte, previous, motion, (rows, columns), fraction)
    return result


def _mixed(
    now: _Levels,
    before: _Levels,
    matte: Matte,
    previous: PreviousFrame,
    motion: Motion,
    box: tuple[slice, slice],
    fraction_of: Float32Array,
) -> Matte:
    """The matte within a ``box`` of the frame, with the past mixed in."""
    height, width = now.shape
    # One pixel more on each side: what has changed is looked at with its neighbours.
    top, left = max(box[0].start - 1, 0), max(box[1].start - 1, 0)
    rows, columns = slice(top, min(box[0].stop + 1, height)), slice(left, min(box[1].stop + 1, width))
    across, down = motion.origins(rows, columns)
    moved = cv2.remap(before, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    fraction = np.asarray(cv2.LUT(cv2.blur(cv2.absdiff(now[rows, columns], moved), (3, 3)), fraction_of), np.float32)
    inner = (
        slice(box[0].start - top, box[0].stop - top),
        slice(box[1].start - left, box[1].stop - left),
    )
    across, down, fraction = (np.ascontiguousarray(each[inner]) for each in (across, down, fraction))
    # Cubic, because what is carried on from frame to frame would lose its edges otherwise.
    past = cv2.remap(previous.matte, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    fraction[(across < -0.5) | (across > width - 0.5) | (down < -0.5) | (down > height - 0.5)] = 0
    if previous.stale is not None:
        stale = previous.stale.view(np.uint8)
        fraction[cv2.remap(stale, across, down, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE) > 0] = 0
    result = past.astype(np.float32)
    result *= np.float32(1 / 65535)
    result -= matte[box]
    result *= fraction
    result += matte[box]
    return np.asarray(result, np.float32)


def _noise(now: _Levels, before: _Levels, motion: Motion) -> float:
    """By how much a usual pixel changes that is followed, in grey levels."""
    across, down = motion.origins(slice(0, now.shape[0], _STRIDE), slice(0, now.shape[1], _STRIDE))
    moved = cv2.remap(before, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return float(np.median(cv2.absdiff(np.ascontiguousarray(now[::_STRIDE, ::_STRIDE]), moved)))


def _fraction_of_change(noise: float) -> Float32Array:
    """How much the past counts at a pixel, for each change of it in grey levels (256,)."""
    least = np.clip(NOISE * noise, CHANGE, NOISY_CHANGE)
    return np.asarray(MOST * np.exp(-((np.arange(256) / least) ** 2)), np.float32)


def _asked(matte: Matte, past: StoredMatte, motion: Motion) -> BoolMask:
    """Which parts of a frame, (rows, columns) of about :data:`_PART` pixels, are anything but all sky or all ground.

    In ``matte`` or, as far as anything has moved, in ``past``.
    """
    height, width = matte.shape
    parts = max(1, height // _PART), max(1, width // _PART)
    asked = _any(np.asarray(cv2.inRange(matte, _SURE, 1 - _SURE), np.uint8), parts)
    # What is neither has an edge of soft pixels nearly everywhere; where it has none, few pixels tell.
    middle = cv2.resize(matte, parts[::-1], interpolation=cv2.INTER_NEAREST) > 0.5
    before = _any(np.asarray(cv2.inRange(past, 1, 65534), np.uint8), parts)
    sky = cv2.resize(past, parts[::-1], interpolation=cv2.INTER_NEAREST) > 32767
    reach = int(np.ceil((motion.farthest + 2) / min(height / parts[0], width / parts[1])))
    around = np.ones((2 * reach + 1,) * 2, np.uint8)
    any_unsure, any_sky, all_sky = (
        of(each.astype(np.uint8), around) for of, each in ((cv2.dilate, before), (cv2.dilate, sky), (cv2.erode, sky))
    )
    return np.asarray(asked | (any_unsure > 0) | (any_sky != middle) | (all_sky != middle), np.bool_)


def _any(mask: _Levels, parts: tuple[int, int]) -> BoolMask:
    """Whether anything of each part of a ``mask`` is set, (rows, columns)."""
    tops, lefts = (_borders(length, count)[:-1] for length, count in zip(mask.shape, parts, strict=True))
    return np.asarray(np.maximum.reduceat(np.maximum.reduceat(mask, tops, axis=0), lefts, axis=1) > 0, np.bool_)


def _borders(length: int, parts: int) -> NDArray[np.intp]:
    """Where ``parts`` of ``length`` pixels begin and end."""
    return np.asarray(np.rint(np.arange(parts + 1) * (length / parts)), np.intp)


def _boxes(asked: BoolMask, shape: tuple[int, int]) -> list[tuple[slice, slice]]:
    """Rows and columns of pixels of what is ``asked``, neighbours in a row of parts together."""
    tops, lefts = (_borders(length, count) for length, count in zip(shape, asked.shape, strict=True))
    found = []
    for row, places in enumerate(asked):
        ends = np.flatnonzero(np.diff(np.concatenate([[False], places, [False]]).astype(np.int8)))
        found += [
            (slice(int(tops[row]), int(tops[row + 1])), slice(int(lefts[first]), int(lefts[last])))
            for first, last in ends.reshape(-1, 2)
        ]
    return found
