# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames as tensors: from what is decoded, to grey."""

from __future__ import annotations

import torch
from torch import Tensor

from ..types import FrameRGB
from .device import TorchDevice


def frame_tensor(frame: FrameRGB, device: TorchDevice) -> Tensor:
    """A frame (height, width, 3) on the device as (3, height, width), uint8."""
    return device.uploaded(frame).permute(2, 0, 1).contiguous()


def as_levels(frame: Tensor) -> Tensor:
    """The same as float32, 0..255, to compute with."""
    return frame.to(torch.float32)


def as_grey(image: Tensor) -> Tensor:
    """Brightness (h, w), 0..255 in whole levels, of (3, h, w), with the whole numbers that OpenCV weighs by."""
    red, green, blue = image
    return ((red * 9798 + green * 19235 + blue * 3735 + 16384) / 32768).floor_()
