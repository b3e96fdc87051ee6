# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the image may correct the matte, and which pixels teach colours; see :mod:`..refinement.unknown_region`."""

from __future__ import annotations

import torch
from torch import Tensor

from ...tensors.filters import (
    blurred,
    dilated,
    dilated_by,
    eroded,
    eroded_by,
    mean_within,
    touched_by,
)
from ...tensors.resizing import Size, enlarged, reduced
from ..refinement import unknown_region as limits
from .colours import rising


def edges(matte: Tensor, reach: float) -> tuple[Tensor, Tensor]:
    """Bool, (h, w): within ``reach`` of where the matte crosses one half; where sure sky and sure ground both are."""
    low, high = limits.SIDES
    sides = torch.stack([matte > 0.5, matte <= 0.5, matte > high, matte < low])
    sky, ground, sure_sky, sure_ground = touched_by(sides, limits.disc(reach))
    return sky & ground, sure_sky & sure_ground


def in_doubt(matte: Tensor) -> Tensor:
    """Bool: neither all but sure sky nor all but sure foreground."""
    low, high = limits.DOUBT
    return (matte > low) & (matte < high)


def softened(mask: Tensor, reach: float) -> Tensor:
    """A bool ``mask`` blurred by a Gaussian of ``reach`` pixels, at least one: 0..1."""
    deviation = max(1.0, reach)
    return blurred(mask.to(torch.float32), deviation, round(deviation * 4 * 2 + 1) | 1)


def training_pixels(matte: Tensor, unknown_region: Tensor, prior: Tensor | None, inside: float) -> Tensor:
    """Weights (0..1) of the pixels that show pure sky and pure foreground: (2, h, w)."""
    counted = 1 - unknown_region * (1 - inside)
    both = torch.stack([(matte * 5 - 4).clamp(0, 1), (1 - matte * 5).clamp(0, 1)]) * counted
    return both if prior is None else both * torch.stack([prior, 1 - prior])


def two_class_mixture(place: Tensor, reach: float, size: Size) -> Tensor:
    """1 where colours are of the two kinds and mixed at edges only, 0 where a third colour lies smoothly between."""
    mean, squared = mean_within(torch.stack([place, place * place]), reach)
    low, high = limits.SMOOTH
    smooth = (4 * (mean - squared) - 6 * (squared - mean * mean) - low) / (high - low)
    return 1 - reduced(smooth.clamp(0, 1), size)


def agreed(place: Tensor, prior: Tensor, leafy: Tensor, reach: float) -> Tensor:
    """1 where ``place`` only adds detail to the ``prior``, 0 where it takes another side of an area."""
    found, before = mean_within(torch.stack([place, prior]), reach)
    against = ((before - found) * (2 * before - 1)).clamp(min=0)
    of_ground = rising(against, limits.AGAINST_GROUND) * (1 - leafy)
    lost = torch.where(before > 0.5, rising(against, limits.AGAINST_SKY), of_ground)
    return eroded_by(1 - lost, limits.disc(limits.RIM * reach))


def unsharp(coarse: Tensor, scale: float, size: Size) -> Tensor:
    """1 where the matte can be coarser than the frame, 0 where its edges are as sharp as the frame's own pixels."""
    low, high = limits.SHARP
    if 1 / scale <= low:
        return coarse.new_ones(size[::-1])
    steep, whole = (dilated(coarse, reach, reach) - eroded(coarse, reach, reach) for reach in (1, 4))
    rise = steep / whole.clamp(min=limits.LEAST_RISE) / scale
    sharp = dilated_by(rising(rise, (low, high)), limits.disc(max(1.0, max(coarse.shape) / max(size))))
    return 1 - mean_within(dilated_by(enlarged(sharp, size), limits.disc(max(size) / 64)), 2)
