# SPDX-License-Identifier: GPL-3.0-or-later
"""The matting network, in torch: for training, and for running on a GPU.

A plain encoder and decoder with sums across (as in U-Net, Ronneberger et al. 2015), full 3x3 convolutions rather than
depthwise ones, which are slower on a processor for the same accuracy, and a summary of the whole picture (as in
PSPNet, Zhao et al. 2017) before the decoder: whether a smooth pale area is sky depends on all that is around it.
Normalisation is by batch statistics in training and folded into the convolutions on export.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

#: Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the size.
WIDTHS = (16, 24, 48, 96, 144)
#: Residual blocks at 1/4, 1/8, 1/16 and 1/32.
DEPTHS = (0, 1, 2, 3)
#: Height and width of the input must be multiples of this.
STRIDE = 32


class SkyNetwork(nn.Module):
    """Picture in, log odds of sky out.

    Input: float, (N, 4, H, W): red, green, blue (0..1, sRGB as displayed) and y (0 at the top row of the picture, 1
    at its lowest), H and W multiples of 32. Output: float, (N, 1, H/2, W/2), positive where there is sky.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS, depths: tuple[int, ...] = DEPTHS) -> None:
        super().__init__()
        half, *deeper = widths
        self.stem = _convolution(4, half, stride=2)
        self.stages = nn.ModuleList()
        before = half
        for width, depth in zip(deeper, depths, strict=True):
            blocks = [_Block(width) for _ in range(depth)]
            self.stages.append(nn.Sequential(_convolution(before, width, stride=2), *blocks))
            before = width
        self.context = _Context(before)
        self.up = nn.ModuleList(
            _Up(deep, shallow) for shallow, deep in reversed(list(zip(widths, deeper, strict=False)))
        )
        self.head = nn.Conv2d(half, 1, 3, padding=1)

    def forward(self, picture: Tensor) -> Tensor:
        features = [self.stem((picture - 0.5) * 4.0)]
        for stage in self.stages:
            features.append(stage(features[-1]))
        found = self.context(features.pop())
        for up in self.up:
            found = up(found, features.pop())
        logits: Tensor = self.head(found)
        return logits


def _convolution(before: int, after: int, stride: int = 1, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, size, stride, size // 2, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )


class _Block(nn.Module):
    """Two convolutions beside a shortcut (He et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _convolution(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, features: Tensor) -> Tensor:
        return functional.relu(features + self.second(self.first(features)))


class _Context(nn.Module):
    """Adds what the picture is like as a whole, and by thirds of its height, to every place."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.whole = nn.Sequential(nn.Conv2d(width, width, 1), nn.ReLU(inplace=True))
        self.mix = _convolution(2 * width, width, size=1)

    def forward(self, features: Tensor) -> Tensor:
        mean = features.mean(dim=(2, 3), keepdim=True)
        mixed: Tensor = self.mix(torch.cat([features, self.whole(mean).expand_as(features)], 1))
        return mixed


class _Up(nn.Module):
    """To twice the size, with the finer features of the encoder added."""

    def __init__(self, deep: int, shallow: int) -> None:
        super().__init__()
        self.reduce = _convolution(deep, shallow, size=1)
        self.across = nn.Conv2d(shallow, shallow, 1)
        self.smooth = _convolution(shallow, shallow)

    def forward(self, deep: Tensor, shallow: Tensor) -> Tensor:
        larger = functional.interpolate(self.reduce(deep), scale_factor=2.0, mode="nearest")
        smooth: Tensor = self.smooth(larger + self.across(shallow))
        return smooth
