# SPDX-License-Identifier: GPL-3.0-or-later
"""Images between their pixels."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def sampled(image: Tensor, columns: Tensor, rows: Tensor, mode: str = "bilinear") -> Tensor:
    """``image`` (..., h, w), float32, at these of its pixels, (height, width); beyond it its border goes on.

    ``mode``: ``bilinear``, ``bicubic`` (the cubic of Keys 1981 with -0.75, as OpenCV's) or ``nearest``.
    """
    height, width = image.shape[-2:]
    grid = torch.stack([_normalised(columns, width), _normalised(rows, height)], dim=-1)[None]
    planes = image.reshape(1, -1, height, width)
    found = functional.grid_sample(planes, grid, mode=mode, padding_mode="border", align_corners=True)
    return found.reshape(*image.shape[:-2], *columns.shape)


def _normalised(places: Tensor, size: int) -> Tensor:
    """-1 in the middle of the first pixel, 1 in that of the last."""
    return places * (2 / (size - 1)) - 1 if size > 1 else torch.zeros_like(places)
