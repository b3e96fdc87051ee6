# SPDX-License-Identifier: GPL-3.0-or-later
"""What the teacher learns: from tokens of a large network, and a glance at the image itself, to log odds of sky."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from .backbone import TAPPED, WIDTH

_CHANNELS = 64


class Head(nn.Module):
    """Tokens (N, 3 x 384, h, w) and image (N, 3, H, W), 0..1, in; log odds of sky (N, 1, 4 h, 4 w) out.

    It is told nothing of where in the image a place is but what the tokens know.
    """

    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout2d(0.1)
        self.reduce = _convolution(len(TAPPED) * WIDTH, _CHANNELS, 1)
        self.around = _convolution(2 * _CHANNELS, _CHANNELS, 3)
        self.glance = nn.Sequential(_convolution(3, 16, 3), _convolution(16, 16, 3))
        self.join = nn.Sequential(_convolution(_CHANNELS + 16, 40, 3), _convolution(40, 24, 3), nn.Conv2d(24, 1, 1))

    def forward(self, tokens: Tensor, image: Tensor) -> Tensor:
        size = (4 * tokens.shape[2], 4 * tokens.shape[3])
        found = self.reduce(self.drop(tokens))
        found = self.around(torch.cat([found, found.mean(dim=(2, 3), keepdim=True).expand_as(found)], 1))
        seen = functional.interpolate(image, size=size, mode="bilinear", antialias=True) * 2 - 1
        larger = functional.interpolate(found, size=size, mode="bilinear")
        logits: Tensor = self.join(torch.cat([larger, self.glance(seen)], 1))
        return logits


def _convolution(before: int, after: int, size: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, size, 1, size // 2, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )
