# SPDX-License-Identifier: GPL-3.0-or-later
"""The matting network, in torch: for training, and for running on a GPU.

An encoder that has seen a million photographs (EfficientNet-Lite2), and a light decoder with sums across (as in
U-Net, Ronneberger et al. 2015). Before the decoder stand a summary of the whole image (as in PSPNet, Zhao et al.
2017) and one of each row and column: whether a smooth pale area is sky depends on all that is around it.
Normalisation is by batch statistics in training and folded into the convolutions on export.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .encoder import WIDTHS, Encoder

#: Channels of the decoder at 1/32, 1/16, 1/8, 1/4 and 1/2 of the size.
DECODER = (96, 64, 40, 24, 16)
#: Height and width of the input must be multiples of this.
STRIDE = 32


class SkyNetwork(nn.Module):
    """Image in, log odds of sky out, and how sure they are.

    Input: float, (N, 4, H, W): red, green, blue (0..1, sRGB as displayed) and y (0 at the top row of the image, 1
    at its lowest; .5 all over where nobody knows which way is up), H and W multiples of 32.

    Output: float, (N, 2, H/2, W/2). First channel: log odds of sky, positive where there is sky. Second channel: log
    odds that the first one's sign is right.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.context = _Context(WIDTHS[-1], DECODER[0])
        shallow = list(reversed(WIDTHS[:-1]))
        self.up = nn.ModuleList(
            _Up(before, skip, after) for before, skip, after in zip(DECODER, shallow, DECODER[1:], strict=False)
        )
        self.head = nn.Conv2d(DECODER[-1], 1, 3, padding=1)
        self.sureness = nn.Sequential(_convolution(DECODER[-1] + 1, 8), nn.Conv2d(8, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        features = self.encoder(image[:, :3] * 2 - 1)
        y = functional.avg_pool2d(image[:, 3:], STRIDE) * 2 - 1
        found = self.context(features.pop(), y)
        for up in self.up:
            found = up(found, features.pop())
        logits = self.head(found)
        # How sure it is, is learnt from what the answer was, and does not bend the answer.
        size = functional.softsign(logits.detach().abs() / 4)
        return torch.cat([logits, self.sureness(torch.cat([found.detach(), size], 1))], 1)


def _convolution(before: int, after: int, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, size, 1, size // 2, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )


class _Context(nn.Module):
    """Adds what the image is like as a whole, in each row and in each column, to every place."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.reduce = _convolution(before, after, size=1)
        self.whole = nn.Sequential(nn.Conv2d(after, after, 1), nn.ReLU(inplace=True))
        self.row = nn.Conv2d(after, after, 1)
        self.column = nn.Conv2d(after, after, 1)
        self.mix = _convolution(2 * after + 1, after)

    def forward(self, features: Tensor, y: Tensor) -> Tensor:
        features = self.reduce(features)
        whole = self.whole(features.mean(dim=(2, 3), keepdim=True)).expand_as(features)
        across = self.row(features.mean(dim=3, keepdim=True)) + self.column(features.mean(dim=2, keepdim=True))
        mixed: Tensor = self.mix(torch.cat([features + across, whole, y], 1))
        return mixed


class _Up(nn.Module):
    """To twice the size, with the finer features of the encoder added."""

    def __init__(self, before: int, skip: int, after: int) -> None:
        super().__init__()
        self.reduce = _convolution(before, after, size=1)
        self.across = nn.Conv2d(skip, after, 1)
        self.smooth = _convolution(after, after)

    def forward(self, deep: Tensor, shallow: Tensor) -> Tensor:
        larger = functional.interpolate(self.reduce(deep), scale_factor=2.0, mode="nearest")
        smooth: Tensor = self.smooth(larger + self.across(shallow))
        return smooth
