# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of *Castle in the Sky* (Zou 2020), as far as its published checkpoint needs it.

Written from a description of its layers and of the names in the checkpoint: the encoder of ResNet-50 (He et al. 2016)
behind a first convolution of its own, and a decoder of six convolutions with sums across. Each convolution that is
not ResNet's also sees how far down a place is.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

#: Height and width of the images that it was trained on.
SIZE = 384
#: Inner channels and number of blocks of ResNet-50's four layers.
_LAYERS = ((64, 3), (128, 4), (256, 6), (512, 3))
#: Channels into and out of the convolutions of the decoder.
_DECODER = ((2048, 1024), (1024, 512), (512, 256), (256, 64))


class CastleNetwork(nn.Module):
    """(N, 3, 384, 384) RGB in 0..1 in, log odds of sky (N, 1, 384, 384) out."""

    def __init__(self) -> None:
        super().__init__()
        self.resnet = _Encoder()
        self.conv_in = _WithRows(3, 64, size=7, stride=2)
        for number, (before, after) in enumerate(_DECODER, start=1):
            setattr(self, f"conv_fpn{number}", _WithRows(before, after))
        self.conv_pred_1 = _WithRows(64, 64)
        self.conv_pred_2 = _WithRows(64, 1)

    def forward(self, image: Tensor) -> Tensor:
        encoded = self.resnet(self.conv_in(image))
        found = encoded.pop()
        for number in range(1, len(_DECODER) + 1):
            found = _doubled(functional.relu(getattr(self, f"conv_fpn{number}")(found)))
            if encoded:
                found = found + encoded.pop()
        found = _doubled(functional.relu(self.conv_pred_1(found)))
        logits: Tensor = self.conv_pred_2(found)
        return logits


class _WithRows(nn.Module):
    """A convolution with one more channel, the last: the row as a share of the height."""

    def __init__(self, before: int, after: int, size: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before + 1, after, size, stride, size // 2)

    def forward(self, features: Tensor) -> Tensor:
        count, _, height, width = features.shape
        rows = torch.arange(height, device=features.device, dtype=features.dtype) / height
        fraction = rows.view(1, 1, height, 1).expand(count, 1, height, width)
        return torch.as_tensor(self.conv(torch.cat([features, fraction], 1)))


class _Encoder(nn.Module):
    """ResNet-50 without its first convolution and its classifier; features at 1/4, 1/8, 1/16 and 1/32."""

    def __init__(self) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(64)
        before = 64
        for number, (width, count) in enumerate(_LAYERS, start=1):
            blocks = []
            for index in range(count):
                blocks.append(_Bottleneck(before, width, 2 if index == 0 and number > 1 else 1))
                before = 4 * width
            setattr(self, f"layer{number}", nn.Sequential(*blocks))

    def forward(self, features: Tensor) -> list[Tensor]:
        found = functional.max_pool2d(functional.relu(self.bn1(features)), 3, 2, 1)
        encoded = []
        for number in range(1, len(_LAYERS) + 1):
            found = getattr(self, f"layer{number}")(found)
            encoded.append(found)
        return encoded


class _Bottleneck(nn.Module):
    """Three convolutions beside a shortcut, the middle one with the stride."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample: nn.Sequential | None = None
        if stride > 1 or before != 4 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(before, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )

    def forward(self, features: Tensor) -> Tensor:
        shortcut = features if self.downsample is None else self.downsample(features)
        found = functional.relu(self.bn1(self.conv1(features)))
        found = functional.relu(self.bn2(self.conv2(found)))
        return functional.relu(self.bn3(self.conv3(found)) + shortcut)


def _doubled(features: Tensor) -> Tensor:
    return functional.interpolate(features, scale_factor=2.0, mode="nearest")
