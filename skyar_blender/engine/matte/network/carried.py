# SPDX-License-Identifier: GPL-3.0-or-later
"""What a network said of the frame before, moved along: every second frame need not be put to it.

Where the frame does not look like the one before moved along, something new may have come: there nothing is carried,
and the network is asked.
"""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np

from ...types import BoolMask, Float32Array, FrameRGB
from ..dense_motion import Motion

#: Change of a pixel from which it is another one, in 8-bit grey levels: so many times the usual change of a pixel,
#: and within these.
_NOISE = 3.0
_CHANGED = (14.0, 24.0)
#: As a share of the small image's long side: the side of a patch that may be something new.
_PATCH = 9 / 512
#: Share of a patch's pixels that must have changed for that.
_MOST_OF_IT = 0.6
#: Share of all pixels that must have changed for another image, and log odds of sky below which a patch is ground,
#: whatever comes there; the same for a draft, in which leaves in the wind are carried on too.
_USUAL = (0.04, -4.0)
_ROUGHLY = (0.12, 1.0)


class Carried:
    """The way from the pixels of a small image (height, width, 3) to those of the one before."""

    def __init__(self, small: FrameRGB, before: FrameRGB, motion: Motion) -> None:
        """``motion``: that of the frames which these were made of."""
        height, width = small.shape[:2]
        across, down = Motion((height, width), motion.small).origins(slice(0, height), slice(0, width))
        self._origins = across, down
        moved = np.asarray(cv2.remap(before, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
        red, green, blue = cv2.split(cv2.absdiff(small, moved))
        change = cv2.blur(cv2.max(cv2.max(red, green), blue), (3, 3))
        limit = float(np.clip(_NOISE * float(np.median(change[::2, ::2])), *_CHANGED))
        self._changed = (change > limit).astype(np.float32)

    def anything_new(self, logits: Float32Array, roughly: bool) -> bool:
        """Whether there may be another thing than in the frame before where there may be sky.

        ``logits``: log odds of sky (height, width), moved along; ``roughly``: where it need not be told so surely.
        """
        most, ground = _ROUGHLY if roughly else _USUAL
        if self._changed.mean() > most:
            return True
        return bool((self._patches & (logits > ground)).any())

    @cached_property
    def _patches(self) -> BoolMask:
        """Where most of what lies around has changed, (height, width)."""
        side = 2 * max(1, round(_PATCH * max(self._changed.shape) / 2)) + 1
        return np.asarray(cv2.blur(self._changed, (side, side)) > _MOST_OF_IT)

    def floats(self, maps: Float32Array) -> Float32Array:
        """``maps`` (height, width) of the image before, moved along."""
        moved = cv2.remap(maps, *self._origins, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.float32)

    def mask(self, marks: BoolMask) -> BoolMask:
        """The same of what is either or."""
        moved = cv2.remap(marks.astype(np.uint8), *self._origins, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.bool_)
