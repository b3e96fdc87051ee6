# SPDX-License-Identifier: GPL-3.0-or-later
"""What a method says of a frame, small enough to be kept for all frames of a clip."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import BoolMask, Float32Array

#: Long side in pixels.
LONG_SIDE = 256
#: Log odds are kept in steps of 1/8, from -8 to nearly 8: seven bits each, one for the crowns, the last for what is
#: foreign.
_STEPS = 8.0
_ZERO = 64
_BITS = 7
_LAST = 2 * _BITS + 1


@dataclass(frozen=True)
class StoredPrediction:
    """Log odds of sky, and log odds that their sign is right, -8 .. 8; and where crowns of leaves are.

    ``foreign``: what was taken for sky but for its colour, see :mod:`..network.foreign`. All (height, width).
    """

    logits: Float32Array
    sureness: Float32Array
    crowns: BoolMask
    foreign: BoolMask

    @classmethod
    def of(
        cls, logits: Float32Array, sureness: Float32Array, crowns: Float32Array, foreign: Float32Array
    ) -> StoredPrediction:
        """Of maps (height, width) of one size, made as small as a prediction is; ``crowns``, ``foreign``: 0..1."""
        scale = min(1.0, LONG_SIDE / max(logits.shape))
        size = (max(1, round(logits.shape[1] * scale)), max(1, round(logits.shape[0] * scale)))
        maps = (logits, sureness, crowns, foreign)
        small = [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in maps]
        return cls.unpacked(_packed(small[0], small[1], small[2] > 0.5, small[3] > 0.5))

    def packed(self) -> NDArray[np.uint16]:
        """All in one 16-bit map (height, width). What was packed once is the same to the bit afterwards."""
        return _packed(self.logits, self.sureness, self.crowns, self.foreign)

    @classmethod
    def unpacked(cls, packed: NDArray[np.uint16]) -> StoredPrediction:
        """Inverse of :meth:`packed`.

        ``packed``: (H, W), uint16.
        """
        most = 2 * _ZERO - 1
        logits, sureness = (
            np.asarray(((packed >> shift & most).astype(np.float32) - _ZERO) / np.float32(_STEPS), np.float32)
            for shift in (_BITS + 1, 1)
        )
        return cls(logits, sureness, np.asarray(packed & 1, np.bool_), packed >= 1 << _LAST)


def _packed(
    logits: NDArray[np.generic], sureness: NDArray[np.generic], crowns: BoolMask, foreign: BoolMask
) -> NDArray[np.uint16]:
    first, second = (
        np.clip(np.rint(np.asarray(each, np.float32) * _STEPS) + _ZERO, 0, 2 * _ZERO - 1).astype(np.uint16)
        for each in (logits, sureness)
    )
    return np.asarray(foreign.astype(np.uint16) << _LAST | first << (_BITS + 1) | second << 1 | crowns, np.uint16)
