# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the matte of a clip from chattering; see :mod:`..temporal_smoothing`."""

from __future__ import annotations

import cv2
import torch
from torch import Tensor

from ...tensors.colours import as_grey
from ...tensors.filters import mean_within
from ...tensors.resizing import reduced, to_levels
from ...tensors.sampling import sampled
from .. import dense_motion
from .. import temporal_smoothing as limits
from .flow import motion


def smoothed(frame: Tensor, matte: Tensor, before: Tensor, past: Tensor, stale: Tensor | None) -> Tensor:
    """Mix in the matte of the frame before, moved along, where the image it belongs to still looks the same.

    Args:
        frame: (3, height, width), 0..255.
        matte: its matte, (height, width), 0..1.
        before: the frame before, as ``frame``.
        past: its matte, 0..65535.
        stale: 1 where nothing may be carried over from there; None is nowhere.
    """
    height, width = matte.shape
    now, then = as_grey(frame), as_grey(before)
    columns, rows = _origins(now, then)
    moved = to_levels(sampled(then, columns, rows))
    fraction = _trust((now - moved).abs())
    outside = (columns < -0.5) | (columns > width - 0.5) | (rows < -0.5) | (rows > height - 0.5)
    if stale is not None:
        outside |= sampled(stale, columns, rows, "nearest") > 0
    # Cubic, because what is carried on from frame to frame would lose its edges otherwise.
    carried = sampled(past, columns, rows, "bicubic").clamp(0, 65535) / 65535
    return matte + (carried - matte) * fraction.masked_fill(outside, 0)


def _origins(now: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
    """Column and row in the image before at which each pixel was."""
    height, width = now.shape
    columns = torch.arange(width, device=now.device, dtype=torch.float32).expand(height, width)
    rows = torch.arange(height, device=now.device, dtype=torch.float32)[:, None].expand(height, width)
    scale = min(1.0, dense_motion.SIZE / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    if min(small) < dense_motion.LEAST:
        return columns, rows
    found = motion(*(to_levels(reduced(image, small)) for image in (now, before)))
    # What did not change at all did not move.
    found = found * (now != before).any()
    across, down = _at_size(found, (height, width))
    return columns + across, rows + down


def _at_size(found: Tensor, shape: tuple[int, int]) -> Tensor:
    large = torch.nn.functional.interpolate(found[None], size=shape, mode="bilinear", align_corners=False)[0]
    scale = [shape[1] / found.shape[2], shape[0] / found.shape[1]]
    return large * found.new_tensor(scale)[:, None, None]


def _trust(change: Tensor) -> Tensor:
    """How much the past counts at each pixel, by how much it looks as it did, in grey levels."""
    some = change[::4, ::4].flatten().sort().values
    middle = (some[(len(some) - 1) // 2] + some[len(some) // 2]) / 2
    least = (limits.NOISE * middle).clamp(limits.CHANGE, limits.NOISY_CHANGE)
    around = to_levels(mean_within(change, 1, cv2.BORDER_REFLECT_101))
    return limits.MOST * torch.exp(-((around / least) ** 2))
