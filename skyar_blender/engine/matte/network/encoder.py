# SPDX-License-Identifier: GPL-3.0-or-later
"""The encoder of the matting network: EfficientNet-Lite2 (Tan & Le 2019, without squeezing and swish).

Inverted residual blocks (Sandler et al. 2018) with ReLU6, widths 1.1 and depths 1.2 times those of the smallest.
It is padded as TensorFlow pads, since the weights that training starts from were trained so.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Stage:
    """``blocks`` of one width, all of one kernel and expansion; the first of them takes the ``stride``."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    width: int
    #: Whether what this stage gives is handed to the decoder.
    tapped: bool


STEM_WIDTH = 32
STAGES = (
    Stage(1, 3, 1, 1, 16, tapped=True),
    Stage(3, 3, 2, 6, 24, tapped=True),
    Stage(3, 5, 2, 6, 48, tapped=True),
    Stage(4, 3, 2, 6, 88, tapped=False),
    Stage(4, 5, 1, 6, 120, tapped=True),
    Stage(5, 5, 2, 6, 208, tapped=False),
    Stage(1, 3, 1, 6, 352, tapped=True),
)
#: Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the size.
WIDTHS = tuple(stage.width for stage in STAGES if stage.tapped)
#: Of the batch normalisations, as TensorFlow has them.
_EPSILON = 1e-3
_MOMENTUM = 0.01


class Encoder(nn.Module):
    """Image in, features of five sizes out.

    Input: float (N, 3, H, W), -1..1, H and W multiples of 32. Output: one tensor (N, C, h, w) for each of
    :data:`WIDTHS`, finest first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = _ConvNorm(3, STEM_WIDTH, kernel=3, stride=2)
        self.stages = nn.ModuleList()
        before = STEM_WIDTH
        for stage in STAGES:
            blocks: list[nn.Module] = []
            for index in range(stage.blocks):
                blocks.append(InvertedResidual(before, stage, stage.stride if index == 0 else 1))
                before = stage.width
            self.stages.append(nn.Sequential(*blocks))

    def forward(self, image: Tensor) -> list[Tensor]:
        found = functional.relu6(self.stem(image))
        features = []
        for stage, module in zip(STAGES, self.stages, strict=True):
            found = module(found)
            if stage.tapped:
                features.append(found)
        return features


class InvertedResidual(nn.Module):
    """Widen, filter each channel by itself, narrow; beside a shortcut where size and width stay."""

    def __init__(self, before: int, stage: Stage, stride: int) -> None:
        super().__init__()
        wide = before * stage.expansion
        self.expand = _ConvNorm(before, wide, kernel=1) if stage.expansion > 1 else None
        self.depthwise = _ConvNorm(wide, wide, stage.kernel, stride, groups=wide)
        self.project = _ConvNorm(wide, stage.width, kernel=1)
        self.shortcut = stride == 1 and before == stage.width

    def forward(self, features: Tensor) -> Tensor:
        wide = features if self.expand is None else functional.relu6(self.expand(features))
        narrow: Tensor = self.project(functional.relu6(self.depthwise(wide)))
        return features + narrow if self.shortcut else narrow


class _ConvNorm(nn.Module):
    """Convolution and batch normalisation; of an even size halved, TensorFlow pads one side more than the other."""

    def __init__(self, before: int, after: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__()
        self.lopsided = (kernel - 2) // 2 if stride == 2 else None
        padding = kernel // 2 if self.lopsided is None else 0
        self.convolution = nn.Conv2d(before, after, kernel, stride, padding, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(after, _EPSILON, _MOMENTUM)

    def forward(self, features: Tensor) -> Tensor:
        if self.lopsided is not None:
            less, more = self.lopsided, self.lopsided + 1
            features = functional.pad(features, (less, more, less, more))
        normed: Tensor = self.norm(self.convolution(features))
        return normed
