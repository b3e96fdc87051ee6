# SPDX-License-Identifier: GPL-3.0-or-later
"""Any image as the network wants it: its long side of one size, undistorted, padded to a full multiple."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...types import Float32Array, FrameRGB
from .interface import Prediction

#: Height and width of the network's input are multiples of this.
MULTIPLE = 32


@dataclass(frozen=True)
class Letterbox:
    """``small``: the image scaled, (height, width, 3) 8-bit RGB.

    ``tensor``: (1, 4, H, W) float32, H and W multiples of 32: red, green, blue in 0..1 as displayed, and y, which is
    0 at the picture's top row, 1 at its lowest, and goes on rising below it. The image is at the upper left; right
    of it and below it its edges are repeated.
    """

    small: FrameRGB
    tensor: Float32Array

    def unboxed(self, answer: Float32Array) -> Prediction:
        """The network's answer (1 or 2, H/2, W/2) at the size of ``small``, without the padding.

        ``answer``: float32 log odds, and how sure they are where there is a second map.
        """
        height, width = self.small.shape[:2]
        maps = [
            np.ascontiguousarray(
                cv2.resize(each, self.tensor.shape[:1:-1], interpolation=cv2.INTER_LINEAR)[:height, :width],
                np.float32,
            )
            for each in answer
        ]
        return Prediction(self.small, *maps)


def letterboxed(frame: FrameRGB, long_side: int) -> Letterbox:
    """``frame`` of any size, scaled to a long side of ``long_side`` pixels (a multiple of 32), and padded."""
    small = scaled(frame, long_side)
    height, width = small.shape[:2]
    below, right = -height % MULTIPLE, -width % MULTIPLE
    padded = cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE)
    tensor = np.empty((1, 4, height + below, width + right), np.float32)
    np.multiply(padded.transpose(2, 0, 1), np.float32(1 / 255), out=tensor[0, :3])
    rows = np.arange(height + below, dtype=np.float32) / np.float32(max(1, height - 1))
    tensor[0, 3] = rows[:, None]
    return Letterbox(small, tensor)


def scaled(frame: FrameRGB, long_side: int) -> FrameRGB:
    """``frame`` with a long side of ``long_side`` pixels, larger or smaller than it was."""
    size = scaled_size(frame.shape[:2], long_side)
    if size == frame.shape[1::-1]:
        return frame
    interpolation = cv2.INTER_AREA if long_side < max(frame.shape[:2]) else cv2.INTER_LINEAR
    return cv2.resize(frame, size, interpolation=interpolation).astype(np.uint8, copy=False)


def scaled_size(shape: tuple[int, ...], long_side: int) -> tuple[int, int]:
    """Width and height, with that long side, of an image of ``shape`` (height, width)."""
    scale = long_side / max(shape)
    return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))
