# SPDX-License-Identifier: GPL-3.0-or-later
"""From a coarse matte to one with the edges of the full image; see :mod:`..refine` for what each step is for."""

from __future__ import annotations

import torch
from torch import Tensor

from ...tensors.colours import as_grey
from ...tensors.filters import mean_within
from ...tensors.resizing import Size, enlarged, reduced, resized_levels, to_levels
from .. import refine as limits
from ..foliage import DARK, GREEN, NONE
from ..refinement.full_size import LEAF, SETTLED, SKY
from .colours import (
    ColourLine,
    colour_line,
    colour_models,
    posterior,
    products,
    rising,
    straightened,
)
from .foliage import crowns
from .thin import among_leaves, gaps, standing, straight_wires, wire_like, wires
from .unknown_region import agreed, edges, in_doubt, softened, training_pixels, two_class_mixture, unsharp


def refined(frame: Tensor, coarse: Tensor, edge_pixels: float = 1.0) -> Tensor:
    """Matte (height, width), 0..1, of ``frame`` (3, height, width), 0..255, from one of any size up to it."""
    coarse = coarse.nan_to_num().clamp(0, 1)
    height, width = frame.shape[-2:]
    scale = max(width / coarse.shape[1], height / coarse.shape[0])
    maps = limits.maps_size((height, width))
    size, fine_size = ((maps[0] * times, maps[1] * times) for times in (2, 4))
    free = unsharp(coarse, scale * edge_pixels, size)
    matte = _decided(coarse, free, (width, height))
    if coarse.min() > 0.5 or coarse.max() < 0.5:
        return matte
    fine = _smaller(frame, fine_size)
    small = _smaller(fine, size)
    prior = reduced(coarse, size)
    long = max(size)
    around, sure = edges(prior, limits.WRONG * long)
    near = around | in_doubt(prior)
    line = _learnt(small, fine, prior, near.to(torch.float32), maps)
    known = enlarged(line.confidence, size)
    place = line.place(fine)
    leafy = crowns(small, limits.AREA * long)
    kept = agreed(reduced(place, size), prior, leafy, limits.AREA * long)
    trust = (
        known
        * softened(near, limits.WRONG * long / 4)
        * free
        * two_class_mixture(place, limits.MIXED * max(fine_size), size)
        * torch.maximum(kept, softened(sure, 1))
    )
    grey, fine_grey = as_grey(frame), as_grey(fine)
    straight = straight_wires(fine_grey)
    leaves = among_leaves(_smaller(small, maps), enlarged(prior, maps), limits.AROUND * max(maps))
    among = enlarged(leaves, size) * known * free * leafy
    like_wires = free * wire_like(fine_grey, straight, size, limits.AROUND * long)
    shares = torch.stack([trust, like_wires, among])
    return _applied(frame, matte, line, shares, wires(grey, straight), gaps(grey, fine_grey))


def without_foliage(frame: Tensor, matte: Tensor, roughness: Tensor) -> Tensor:
    """A matte of ``frame`` less what is foliage; see :func:`..foliage.without_foliage`."""
    red, green, blue = frame
    others = red + blue
    excess = rising((2 * green - others) / (others + green).clamp(min=DARK), GREEN)
    greenest = (green > torch.maximum(red, blue)) & (matte > NONE)
    return matte * (1 - excess * greenest * enlarged(roughness, (matte.shape[1], matte.shape[0])))


def _decided(coarse: Tensor, free: Tensor, size: Size) -> Tensor:
    """The coarse matte at the frame's size, with what is all but sure made sure, unless it is sharp already."""
    sure = rising(coarse, limits.ALL_BUT_SURE)
    return enlarged(coarse + (sure - coarse) * enlarged(free, (coarse.shape[1], coarse.shape[0])), size)


def _learnt(small: Tensor, fine: Tensor, prior: Tensor, near: Tensor, maps: Size) -> ColourLine:
    """The colour line around each place: from sure pixels, then from what those teach about the others, twice."""
    fine_size = fine.shape[-1], fine.shape[-2]
    around, closer = limits.AROUND * max(maps), limits.CLOSER * max(maps)
    smooth = mean_within(prior, 1).clamp(0.02, 0.98)
    odds = torch.log(smooth / (1 - smooth))
    terms = products(small)
    sky, ground = colour_models(terms, training_pixels(prior, near, None, limits.AT_FIRST), around, maps)
    matte = torch.where(near > 0, posterior(terms, sky, ground, odds), prior)
    odds = reduced(odds, maps)
    sky, ground = colour_models(terms, training_pixels(matte, near, prior, limits.THEN), closer, maps)
    line = colour_line(sky, ground, odds)
    matte, prior, near = enlarged(torch.stack([matte, prior, near]), fine_size)
    matte = matte + (line.place(fine) - matte) * enlarged(line.confidence, fine_size) * near
    weights = training_pixels(matte, near, prior, limits.THEN)
    return colour_line(*colour_models(products(fine), weights, closer, maps), odds)


def _applied(frame: Tensor, matte: Tensor, line: ColourLine, shares: Tensor, dark: Tensor, bright: Tensor) -> Tensor:
    """What was found on small images, applied to the full one; see :func:`..refinement.full_size.apply`."""
    size = frame.shape[-1], frame.shape[-2]
    # In whole steps as on the processor, for what is beside a limit is to fall on the same side of it.
    trust, free, among = _in_steps(shares, size)
    known = _in_steps(line.confidence, size)
    maps = enlarged(torch.cat([line.weights, line.constant[None]]), size)
    place = straightened(maps[3] + (maps[:3] * frame).sum(0), line.bend)
    open_to_thin = trust * 255 <= SETTLED + 0.5
    dark, bright = standing(dark) * free * open_to_thin, standing(bright) * among * open_to_thin
    result = matte + (place - matte) * trust
    result = torch.maximum(result, rising(place, (LEAF, SKY)) * bright)
    return (result * (1 - (1 - place * known) * dark * (1 - trust))).clamp(0, 1)


def _in_steps(shares: Tensor, size: Size) -> Tensor:
    return resized_levels(to_levels(shares * 255), size) / 255


def _smaller(image: Tensor, size: Size) -> Tensor:
    """A smaller image: halved as often as that goes, then between its pixels, in whole grey levels."""
    while image.shape[-1] >= 2 * size[0] and image.shape[-2] >= 2 * size[1]:
        image = to_levels(reduced(image, (image.shape[-1] // 2, image.shape[-2] // 2)))
    return resized_levels(image, size)
