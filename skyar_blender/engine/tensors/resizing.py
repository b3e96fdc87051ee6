# SPDX-License-Identifier: GPL-3.0-or-later
"""Images at other sizes, with the weights that OpenCV uses, so that both implementations see the same images.

All take and give float32 tensors (..., height, width); sizes are (width, height), as OpenCV wants them.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional

Size = tuple[int, int]


def planes(image: Tensor) -> Tensor:
    """(..., height, width) as (1, planes, height, width)."""
    return image.reshape(1, -1, *image.shape[-2:])


def enlarged(image: Tensor, size: Size) -> Tensor:
    """Linearly interpolated (``INTER_LINEAR``)."""
    if (image.shape[-1], image.shape[-2]) == size:
        return image
    found = functional.interpolate(planes(image), size=size[::-1], mode="bilinear", align_corners=False)
    return found.reshape(*image.shape[:-2], *size[::-1])


def reduced(image: Tensor, size: Size) -> Tensor:
    """The mean of what each pixel covers (``INTER_AREA``); larger along an axis only as OpenCV does it then."""
    height, width = image.shape[-2:]
    if (width, height) == size:
        return image
    if width % size[0] == 0 and height % size[1] == 0:
        found = functional.avg_pool2d(planes(image), (height // size[1], width // size[0]))
        return found.reshape(*image.shape[:-2], *size[::-1])
    smaller = width >= size[0] and height >= size[1]
    across, down = (_weights(*axis, smaller, image.device) for axis in ((width, size[0]), (height, size[1])))
    return down @ (image @ across.T)


def to_levels(image: Tensor) -> Tensor:
    """Rounded to whole grey levels, 0..255, still float32."""
    return image.add(0.5).floor_().clamp_(0, 255)


def resized_levels(image: Tensor, size: Size) -> Tensor:
    """Linearly interpolated whole grey levels (0..255), with the whole-number weights that OpenCV has for 8 bits.

    Rounded in another way a flat sky gets other faint lines, which the search for wires sees.
    """
    if (image.shape[-1], image.shape[-2]) == size:
        return image
    left, right, near, far = _steps(image.shape[-1], size[0], image.device)
    whole = image.to(torch.int32)
    across = whole.index_select(-1, left) * near + whole.index_select(-1, right) * far
    upper, lower, near, far = _steps(image.shape[-2], size[1], image.device)
    across >>= 4
    above = (across.index_select(-2, upper) * near[:, None]) >> 16
    below = (across.index_select(-2, lower) * far[:, None]) >> 16
    return ((above + below + 2) >> 2).to(torch.float32)


@lru_cache(64)
def _steps(before: int, after: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The two old pixels that each new one lies between, and how much of them it holds, in 1/2048."""
    place = (torch.arange(after, dtype=torch.float64) + 0.5) * (before / after) - 0.5
    place = place.to(torch.float32).clamp(0, before - 1)
    left = place.floor()
    far = ((place - left) * 2048).round()
    right = (left + 1).clamp(max=before - 1)
    near = 2048 - far
    left, right, near, far = (each.to(device, torch.int32) for each in (left, right, near, far))
    return left, right, near, far


@lru_cache(64)
def _weights(before: int, after: int, smaller: bool, device: torch.device) -> Tensor:
    """How much of each old pixel is in each new one, (after, before)."""
    scale = before / after
    new = torch.arange(after, dtype=torch.float64)[:, None]
    old = torch.arange(before, dtype=torch.float64)[None]
    if smaller:
        both = torch.minimum((new + 1) * scale, old + 1) - torch.maximum(new * scale, old)
        weights = both.clamp(min=0) / scale
    else:
        left = (new * scale).floor()
        part = (new + 1) - (left + 1) / scale
        part = torch.where(part <= 0, 0.0, part - part.floor())
        right = (left + 1).clamp(max=before - 1)
        weights = (old == left) * (1 - part) + (old == right) * part
    return weights.to(torch.float32).to(device)
