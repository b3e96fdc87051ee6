# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the matte of a clip from chattering, whether the camera stands still or moves."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Float32Array, FrameRGB, Matte
from .interface import PreviousFrame

_Levels = NDArray[np.uint8]
#: Most that the past counts.
MOST = 0.8
#: Change of a pixel, in 8-bit grey levels, at which the past counts for little: the least, and, with more noise, the
#: most of that multiple of it.
CHANGE = 12.0
NOISY_CHANGE = 20.0
NOISE = 2.0
#: Long side of the images that the motion is found on, and the least short side that it can be found on.
SIZE = 640
LEAST = 32


def temporally_smoothed(frame: FrameRGB, matte: Matte, previous: PreviousFrame | None) -> Matte:
    """Mix in the matte (0..1) of the frame before, moved along, where the image it belongs to still looks the same.

    The motion is dense inverse search (Kroeger et al. 2016) on small images. A pixel that an edge has crossed, or
    whose motion is not understood, looks different from the one it is thought to come from: nothing is carried over
    to it, so that nothing smears.
    """
    if previous is None or previous.frame.shape != frame.shape:
        return matte
    height, width = matte.shape
    now, before = _grey(frame), _grey(previous.frame)
    columns, rows = _origins(now, before)
    # Cubic, because what is carried on from frame to frame would lose its edges otherwise.
    past = cv2.remap(previous.matte, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    moved = cv2.remap(before, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    fraction = _trust(now, np.asarray(moved, np.uint8))
    fraction[(columns < -0.5) | (columns > width - 0.5) | (rows < -0.5) | (rows > height - 0.5)] = 0
    if previous.stale is not None:
        stale = previous.stale.astype(np.uint8)
        fraction[cv2.remap(stale, columns, rows, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE) > 0] = 0
    result = past.astype(np.float32)
    result *= np.float32(1 / 65535)
    result -= matte
    result *= fraction
    result += matte
    return np.asarray(result, np.float32)


def _grey(frame: FrameRGB) -> _Levels:
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)


def _origins(now: _Levels, before: _Levels) -> tuple[Float32Array, Float32Array]:
    """Column and row in the image before at which each pixel was."""
    height, width = now.shape
    columns = np.arange(width, dtype=np.float32)[None]
    rows = np.arange(height, dtype=np.float32)[:, None]
    scale = min(1.0, SIZE / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    if min(small) < LEAST or np.array_equal(now, before):
        return np.repeat(columns, height, axis=0), np.repeat(rows, width, axis=1)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    # Passing motion on from patch to patch would make the result depend on the number of threads.
    search.setUseSpatialPropagation(False)
    reduced = [cv2.resize(image, small, interpolation=cv2.INTER_AREA) for image in (now, before)]
    motion = search.calc(reduced[0], reduced[1], None)  # type: ignore[call-overload]
    across, down = cv2.split(cv2.resize(motion, (width, height), interpolation=cv2.INTER_LINEAR))
    across *= np.float32(width / small[0])
    down *= np.float32(height / small[1])
    across += columns
    down += rows
    return across, down


def _trust(now: _Levels, moved: _Levels) -> Float32Array:
    """How much the past counts at each pixel, by how much it looks as it did."""
    change = cv2.absdiff(now, moved)
    least = np.clip(NOISE * float(np.median(change[::4, ::4])), CHANGE, NOISY_CHANGE)
    fraction = (MOST * np.exp(-((np.arange(256) / least) ** 2))).astype(np.float32)
    return np.asarray(cv2.LUT(cv2.blur(change, (3, 3)), fraction), np.float32)
