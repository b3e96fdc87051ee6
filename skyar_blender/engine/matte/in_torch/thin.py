# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too thin for the coarse matte: wires, and gaps between leaves; see :mod:`..refinement.thin`.

Images are (3, h, w), grey ones (h, w), all float32 in grey levels, 0..255.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import torch
from torch import Tensor
from torch.nn import functional

from ...tensors.filters import dilated, mean_within, opened, padded, thin_bright, thin_dark
from ...tensors.resizing import Size, reduced, resized_levels, to_levels
from ..refinement import thin as limits
from .colours import rising


def wires(grey: Tensor, straight: Tensor) -> Tensor:
    """By how many grey levels thin dark things stand out; ``straight`` (0..255, of any size) counts as if it did."""
    sure = resized_levels(straight, (grey.shape[1], grey.shape[0]))
    return torch.maximum(thin_dark(grey, _reach(limits.WIRE, grey)), to_levels(sure * (limits.SURE / 255)))


def straight_wires(grey: Tensor) -> Tensor:
    """How surely (0..255) there is a thin dark straight line at each pixel of a smaller image of the frame."""
    thin = thin_dark(grey, 2).clamp(max=limits.HELD)
    reach = limits.PLACES // 2 * limits.APART
    wide = padded(thin, (reach, reach), cv2.BORDER_REPLICATE)
    best = functional.conv2d(wide[None, None], _lines(reach, grey.device)).amax(1)[0]
    around = to_levels(mean_within(thin, reach, cv2.BORDER_REFLECT_101))
    line = best - (around * (2 * limits.PLACES)).clamp(max=255)
    return (rising(line / limits.PLACES, limits.LINE) * 255).floor()


def wire_like(grey: Tensor, straight: Tensor, size: Size, reach: float) -> Tensor:
    """1 where what stands out nearby is dark, as wires are, and along what is ``straight``; 0 among stars and noise.

    A map of ``size``, means within ``reach`` of its pixels.
    """
    side = _reach(limits.WIRE, grey)
    thin = torch.stack([thin_dark(grey, side), thin_bright(grey, side)])
    dark, bright = mean_within(reduced(thin, size), reach)
    line = to_levels(reduced(dilated(straight, 1, 1), size))
    return torch.maximum(((dark + 0.2) / (bright + 0.2) - 1.2).clamp(0, 1), line / 255)


def gaps(grey: Tensor, fine: Tensor) -> Tensor:
    """By how many grey levels small bright things stand out; what is around them is found in the ``fine`` grey."""
    around = resized_levels(opened(fine, _reach(limits.GAP, fine)), (grey.shape[1], grey.shape[0]))
    return (grey - around).clamp(min=0)


def among_leaves(small: Tensor, coarse: Tensor, reach: float) -> Tensor:
    """1 where leaves stand before sky nearby, so that gaps between them may show it; 0 elsewhere."""
    sky, sky_share = _mean_colour(small, coarse > 0.93, 3 * reach)
    dark = (coarse < 0.07) & (small.mean(0) < sky.mean(0) - 40)
    colour, dark_share = _mean_colour(small, dark, reach)
    warm = ((colour[:2].amin(0) - colour[2] - 3) / 6).clamp(0, 1)
    black = ((45 - colour.mean(0)) / 15).clamp(0, 1)
    near = (sky_share * 20 - 0.2).clamp(0, 1) * (dark_share * 20).clamp(0, 1)
    return torch.maximum(warm, black) * near


def standing(levels: Tensor) -> Tensor:
    """How far (0..1) grey levels stand out."""
    return rising(levels, (limits.LEAST, limits.SURE))


def _mean_colour(image: Tensor, chosen: Tensor, reach: float) -> tuple[Tensor, Tensor]:
    weight = chosen.to(torch.float32)
    total = mean_within(torch.cat([weight[None], image * weight]), reach)
    return total[1:] / total[0].clamp(min=1e-6), total[0]


def _reach(half: float, grey: Tensor) -> int:
    return int(max(2, round(half * max(grey.shape))))


@lru_cache(8)
def _lines(reach: int, device: torch.device) -> Tensor:
    """The places of lines of all directions, (directions, 1, side, side), each 1."""
    kernels = torch.zeros(limits.DIRECTIONS, 1, 2 * reach + 1, 2 * reach + 1)
    for direction, places in enumerate(limits.line_places(reach)):
        for across, down in places:
            kernels[direction, 0, reach + down, reach + across] += 1
    return kernels.to(device)
