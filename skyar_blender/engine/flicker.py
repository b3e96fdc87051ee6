# SPDX-License-Identifier: GPL-3.0-or-later
"""Flicker of a matte without any truth: what changes in it though the image only moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from .types import FrameRGB, Matte, StoredMatte

#: Long side, in pixels, at which flicker is looked for.
_SIZE = 320
#: How far, in these small pixels, a point may end from where it began when it is followed there and back.
_ASTRAY = 0.7
#: Change of brightness, in 8-bit grey levels, beyond which what was followed is another thing.
_OTHER = 10.0
#: Share of the image that must have been followed for a figure to mean anything.
_LEAST_SEEN = 0.1
#: The flow crashes on images of fewer than 32 pixels on a side, so those get a border.
_LEAST_SIDE = 64


@dataclass(frozen=True)
class SmallFrame:
    """A frame and its matte at reduced size: grey, uint8, and 0..1, float32; both (height, width)."""

    grey: NDArray[np.uint8]
    matte: Matte


def small_frame(frame: FrameRGB, matte: StoredMatte) -> SmallFrame:
    """Reduce a frame and its 16-bit matte for :func:`flicker`."""
    factor = max(1, -(-max(frame.shape[:2]) // _SIZE))
    size = (max(1, frame.shape[1] // factor), max(1, frame.shape[0] // factor))
    step = max(1, factor // 2)  # two rows in each small pixel are enough, and reading all of them takes the time
    rows = slice(step // 2, None, step)
    grey = cv2.cvtColor(cv2.resize(frame[rows], size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(matte[rows], size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return SmallFrame(grey.astype(np.uint8, copy=False), small * np.float32(1 / 65535))


def flicker(before: SmallFrame, now: SmallFrame) -> float | None:
    """Mean absolute difference (0..1) of the matte and the earlier one, moved along with the image.

    The motion is dense optical flow (DIS, Kroeger et al. 2016). Only pixels count that lead back to where they came
    from and look there as they do here, so that what comes into view is no flicker. None where that leaves too
    little of the image, as at a cut.

    Raises:
        ValueError: the frames differ in size.
    """
    if before.grey.shape != now.grey.shape:
        raise ValueError(f"frames of {before.grey.shape} and {now.grey.shape} cannot be compared")
    back = _flow(now.grey, before.grey)
    there = cv2.merge([*cv2.split(_flow(before.grey, now.grey)), before.grey.astype(np.float32), before.matte])
    place = back + _grid(*now.grey.shape)
    outside = (1e6, 1e6, 0, 0)  # far astray
    moved = cv2.remap(there, place, None, cv2.INTER_LINEAR, borderValue=outside)  # type: ignore[call-overload]
    x, y, grey, matte = cv2.split(moved)
    astray = cv2.magnitude(x + back[..., 0], y + back[..., 1])
    seen = (astray < _ASTRAY) & (cv2.absdiff(grey, now.grey.astype(np.float32)) < _OTHER)
    if np.count_nonzero(seen) < _LEAST_SEEN * seen.size:
        return None
    return float(cv2.mean(cv2.absdiff(matte, now.matte), seen.astype(np.uint8))[0])


def _flow(start: NDArray[np.uint8], end: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Where each pixel of ``start`` went in ``end``: (height, width, 2), pixels, x first."""
    height, width = start.shape
    missing = (0, max(0, _LEAST_SIDE - height), 0, max(0, _LEAST_SIDE - width))
    padded = [cv2.copyMakeBorder(image, *missing, cv2.BORDER_REPLICATE) for image in (start, end)]
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    flow = method.calc(*padded, None)  # type: ignore[call-overload]
    return np.asarray(flow[:height, :width], np.float32)


@lru_cache(maxsize=4)
def _grid(height: int, width: int) -> NDArray[np.float32]:
    """Each pixel's own place, x first."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return np.stack([columns, rows], axis=-1)
