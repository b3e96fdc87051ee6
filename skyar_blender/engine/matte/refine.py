# SPDX-License-Identifier: GPL-3.0-or-later
"""From a coarse matte to one with the edges of the full image."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from ..types import Float32Array, FrameRGB, Matte
from .foliage import crowns
from .refinement.colours import (
    ColourLine,
    ColourModel,
    Size,
    colour_line,
    colour_model,
    enlarged,
    mean_within,
    posterior,
    products,
)
from .refinement.full_size import Findings, apply
from .refinement.scratch_buffers import SCRATCH
from .refinement.thin import among_leaves, as_grey, gaps, straight_wires, wire_like, wires
from .refinement.unknown_region import (
    agreed,
    around_edges,
    in_doubt,
    softened,
    sure_edges,
    training_pixels,
    two_class_mixture,
    unsharp,
)

#: Long side of the maps that hold what is learnt; the small image, on which the coarse matte is judged, is twice,
#: the finer one, which teaches the colours of twigs, four times as large: whole ratios are several times as quick.
MAPS = 160
#: As shares of the small picture's long side: how far the coarse edge may be wrong, and how far around a place its
#: colours are learnt, first and then.
WRONG = 5 / 384
AROUND = 18 / 384
CLOSER = 10 / 384
#: As a share of the small picture's long side: what is wider than twice this is an area, which stays what it was.
AREA = 6 / 384
#: As a share of the finer picture's long side: how far around a place a smooth mixture is looked for.
MIXED = 3 / 640
#: What pixels near the coarse edge count among those that show what sky looks like, first and then.
AT_FIRST = 0.02
THEN = 0.5
#: A coarse matte below is taken for 0, above for 1.
ALL_BUT_SURE = (0.3, 0.7)


def refine(frame: FrameRGB, coarse: Matte, edge_pixels: float = 1.0) -> Matte:
    """Matte of ``frame``'s size (0..1) from a matte of any size up to it.

    ``edge_pixels``: to how many of its own pixels the coarse matte knows where an edge is; 1 for an exact one, more
    for one that was judged by what is around each pixel.

    Near the coarse edge, and wherever the coarse matte is in doubt, the image decides: by the colours that sure sky
    and sure foreground have nearby, first each pixel of a small image is given to one of them, then, with what that
    teaches, each pixel of the full image is placed on the line between their colours. What is no edge but an area
    stays on the side that the coarse matte gives it. Where the colours cannot tell, the coarse matte stands, with
    more contrast. It stands as it is where its edges are as sharp as the frame's pixels. Where it is nothing but sky
    or nothing but foreground the image is not asked. Wires and gaps between leaves are found at full size.
    """
    coarse = np.asarray(np.clip(np.nan_to_num(coarse), 0, 1), np.float32)
    scale = max(frame.shape[1] / coarse.shape[1], frame.shape[0] / coarse.shape[0])
    maps = maps_size(frame.shape[:2])
    size, fine_size = ((maps[0] * times, maps[1] * times) for times in (2, 4))
    free = unsharp(coarse, scale * edge_pixels, size)
    matte = _decided(coarse, free, frame)
    if coarse.min() > 0.5 or coarse.max() < 0.5:
        return matte
    fine = _reduced(frame, fine_size)
    small = _reduced(fine, size)
    prior = _fitted(coarse, size)
    long = max(size)
    near = around_edges(prior, WRONG * long) | in_doubt(prior)
    dark, bright = (SCRATCH.bytes(name, frame.shape[:2]) for name in ("dark", "bright"))

    def thin_things() -> tuple[Float32Array, Float32Array]:
        grey = as_grey(frame)
        straight = straight_wires(fine)
        wires(grey, straight, dark)
        gaps(grey, fine, bright)
        leaves = among_leaves(_reduced(small, maps), enlarged(prior, maps), AROUND * max(maps))
        return leaves, wire_like(fine, straight, size, AROUND * long)

    with ThreadPoolExecutor(1) as beside:
        thin = beside.submit(thin_things)
        line = _learnt(small, fine, prior, near.astype(np.float32), maps)
        leaves, like_wires = thin.result()
    known = enlarged(line.confidence, size)
    place = line.place(fine)
    leafy = crowns(small, AREA * long)
    kept = agreed(_fitted(place, size), prior, leafy, AREA * long)
    found = Findings(
        line,
        trust=known
        * softened(near, WRONG * long / 4)
        * free
        * two_class_mixture(place, MIXED * max(fine_size), size)
        * np.maximum(kept, softened(sure_edges(prior, WRONG * long), 1)),
        free=free * like_wires,
        gaps=enlarged(leaves, size) * known * free * leafy,
        dark=dark,
        bright=bright,
    )
    return apply(frame, matte, found)


def _decided(coarse: Matte, free: Float32Array, frame: FrameRGB) -> Matte:
    """The coarse matte at the frame's size, with what is all but sure made sure, unless it is sharp already."""
    low, high = ALL_BUT_SURE
    sure = np.clip((coarse - low) / (high - low), 0, 1)
    decided = coarse + (sure - coarse) * enlarged(free, coarse.shape[1::-1])
    return enlarged(np.asarray(decided, np.float32), frame.shape[1::-1])


def _learnt(small: FrameRGB, fine: FrameRGB, prior: Matte, near: Float32Array, maps: Size) -> ColourLine:
    """The colour line around each place: from sure pixels, then from what those teach about the others, twice."""
    fine_size = (fine.shape[1], fine.shape[0])
    around, closer = AROUND * max(maps), CLOSER * max(maps)

    def models(
        terms: list[Float32Array], weights: tuple[Float32Array, Float32Array], reach: float, name: str
    ) -> Iterator[ColourModel]:
        space = SCRATCH.floats(f"weighted of {name}", terms[0].shape)
        return (colour_model(terms, weight, reach, maps, space) for weight in weights)

    smooth = np.clip(mean_within(prior, 1), 0.02, 0.98)
    odds = np.asarray(np.log(smooth / (1 - smooth)), np.float32)
    terms = products(small, "small")
    sky, ground = models(terms, training_pixels(prior, near, None, AT_FIRST), around, "small")
    matte = np.where(near > 0, posterior(terms, sky, ground, odds), prior).astype(np.float32)
    odds = _fitted(odds, maps)
    sky, ground = models(terms, training_pixels(matte, near, prior, THEN), closer, "small")
    line = colour_line(sky, ground, odds)
    matte, prior, near = (enlarged(kind, fine_size) for kind in (matte, prior, near))
    matte = matte + (line.place(fine) - matte) * enlarged(line.confidence, fine_size) * near
    sky, ground = models(products(fine, "fine"), training_pixels(matte, near, prior, THEN), closer, "fine")
    return colour_line(sky, ground, odds)


def maps_size(shape: tuple[int, ...]) -> Size:
    """Size of the maps of a frame (height, width): for small frames, such that the small image is as large."""
    fraction = min(MAPS / max(shape), 0.5)
    return max(1, round(shape[1] * fraction)), max(1, round(shape[0] * fraction))


def _reduced(image: FrameRGB, size: Size) -> FrameRGB:
    """A smaller image: halved as often as that goes, which is quickest, then between its pixels."""
    while image.shape[1] >= 2 * size[0] and image.shape[0] >= 2 * size[1]:
        half = (image.shape[1] // 2, image.shape[0] // 2)
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _fitted(maps: Float32Array, size: Size) -> Float32Array:
    return np.asarray(cv2.resize(maps, size, interpolation=cv2.INTER_AREA), np.float32)
