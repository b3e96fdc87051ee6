# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the image may correct the matte, and which pixels teach what sky and foreground look like."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float32Array, Matte
from .colours import Size, enlarged, mean_within, rising

#: Between these a matte is in doubt.
DOUBT = (0.08, 0.92)
#: Below and above these a matte is all but sure, for one side of an edge.
SIDES = (0.25, 0.75)
#: How much of the rim of such a neighbourhood is kept with it, as a share of its half width.
RIM = 0.4
#: Share of an edge's rise within two pixels of the frame that tells one of that size (1) from an enlarged one (0).
SHARP = (0.5, 0.7)
#: Smooth mixture around a place from which the colour line is trusted less, and not at all.
SMOOTH = (0.3, 0.6)
#: Change of a neighbourhood's mean against the prior, times how sure that is: what is allowed, and what is too much.
AGAINST_SKY = (0.03, 0.1)
AGAINST_GROUND = (0.2, 0.4)
#: Rise of a matte below which there is no edge.
LEAST_RISE = 0.1


def around_edges(matte: Matte, reach: float) -> NDArray[np.bool_]:
    """True within ``reach`` pixels of where the matte crosses one half.

    (H, W), bool, of the size of the matte.
    """
    sky = (matte > 0.5).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(sky, cv2.MORPH_GRADIENT, disc(reach)) > 0)


def sure_edges(matte: Matte, reach: float) -> NDArray[np.bool_]:
    """True where there is all but sure sky and all but sure ground within ``reach`` pixels.

    (H, W), bool, of the size of the matte.
    """
    around = disc(reach)
    sky, ground = (cv2.dilate(side.astype(np.uint8), around) > 0 for side in (matte > SIDES[1], matte < SIDES[0]))
    return np.asarray(sky & ground)


def in_doubt(matte: Matte) -> NDArray[np.bool_]:
    """True where the matte is neither all but sure sky nor all but sure foreground: (H, W), bool."""
    return np.asarray((matte > DOUBT[0]) & (matte < DOUBT[1]))


def softened(mask: NDArray[np.bool_], reach: float) -> Float32Array:
    """``mask`` (H, W), blurred by a Gaussian of ``reach`` pixels, at least one: float32, 0..1."""
    return np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(1.0, reach)), np.float32)


def training_pixels(
    matte: Matte, unknown_region: Float32Array, prior: Matte | None, inside: float
) -> tuple[Float32Array, Float32Array]:
    """Weights (0..1) of the pixels that show pure sky and pure foreground.

    Those in the ``unknown_region`` count ``inside`` as much. What the ``prior`` takes for a mixture counts less, so
    that twigs thinner than a pixel do not teach a foreground of half their contrast.

    All are (H, W), float32, of one size.
    """
    counted = 1 - unknown_region * np.float32(1 - inside)
    sky, ground = np.clip(matte * 5 - 4, 0, 1) * counted, np.clip(1 - matte * 5, 0, 1) * counted
    if prior is not None:
        sky, ground = sky * prior, ground * (1 - prior)
    return np.asarray(sky, np.float32), np.asarray(ground, np.float32)


def two_class_mixture(place: Float32Array, reach: float, size: Size) -> Float32Array:
    """1 where colours on the line between foreground (0) and sky (1) are of the two, and mixed at edges only.

    0 where a whole neighbourhood (``reach`` pixels of ``place``) lies smoothly in between: a far ridge in the haze, a
    cloud of another colour. That is a third colour, and no mixture. A map of ``size``.

    ``place``: (h, w), float32.
    """
    mean = mean_within(place, reach)
    squared = mean_within(place * place, reach)
    mixed, spread = mean - squared, squared - mean * mean
    smooth = (4 * mixed - 6 * spread - SMOOTH[0]) / (SMOOTH[1] - SMOOTH[0])
    return 1 - np.asarray(cv2.resize(np.clip(smooth, 0, 1), size, interpolation=cv2.INTER_AREA), np.float32)


def agreed(place: Float32Array, prior: Matte, leafy: Float32Array, reach: float) -> Float32Array:
    """1 where ``place`` (0..1) only adds detail to the ``prior`` (0..1), 0 where it takes another side of an area.

    All have one size. What counts is the mean within ``reach`` pixels, which twigs and wires hardly change; a cloud
    that is called ground and a wall that is called sky do. Drawing nearer to the prior's own side is no other side,
    and the less the prior is in doubt, the less may be taken from it. ``leafy``: where crowns are (0..1), which have
    gaps that a coarse matte does not see, so that any ground may be sky.

    All are (H, W), float32.
    """
    found, before = mean_within(place, reach), mean_within(prior, reach)
    against = np.asarray(np.maximum((before - found) * (2 * before - 1), 0), np.float32)
    lost = np.where(before > 0.5, rising(against, AGAINST_SKY), rising(against, AGAINST_GROUND) * (1 - leafy))
    # The rim of an area is no edge of its own either.
    return np.asarray(cv2.erode((1 - lost).astype(np.float32), disc(RIM * reach)), np.float32)


def unsharp(coarse: Matte, scale: float, size: Size) -> Float32Array:
    """1 where the matte can be coarser than the frame, 0 where it has edges as sharp as the frame's own pixels.

    An edge of the matte is known to ``scale`` pixels of the frame; the map is of ``size`` (width, height).
    """
    if 1 / scale <= SHARP[0]:
        return np.ones(size[::-1], np.float32)
    steep, whole = (cv2.morphologyEx(coarse, cv2.MORPH_GRADIENT, np.ones((width, width))) for width in (3, 9))
    rise = steep / np.maximum(whole, LEAST_RISE) / np.float32(scale)
    sharp = np.clip((rise - SHARP[0]) / (SHARP[1] - SHARP[0]), 0, 1).astype(np.float32)
    sharp = np.asarray(cv2.dilate(sharp, disc(max(1.0, max(coarse.shape) / max(size)))), np.float32)
    nearby = cv2.dilate(enlarged(sharp, size), disc(max(size) / 64))
    return 1 - mean_within(np.asarray(nearby, np.float32), 2)


def disc(reach: float) -> NDArray[np.uint8]:
    """A disc (size, size) of ``reach`` pixels, at least one, around its middle: 1 in it, 0 outside."""
    size = 2 * max(1, round(reach)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
