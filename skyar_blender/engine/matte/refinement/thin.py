# SPDX-License-Identifier: GPL-3.0-or-later
"""What is too thin for the coarse matte: wires before the sky, and gaps between leaves that show it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float32Array, FrameRGB, Matte
from .colours import Size, mean_within
from .scratch_buffers import SCRATCH

Levels = NDArray[np.uint8]
#: Half the width, as a share of the long side, of wires before the sky and of gaps between leaves.
WIRE = 0.004
GAP = 0.02
#: Grey levels that a thin thing has to stand out, and from which it surely is one.
LEAST = 22
SURE = 70
#: How far each of these levels is a thin thing, 0..255.
RISING = np.rint(255 * np.clip((np.arange(256) - LEAST) / (SURE - LEAST), 0, 1)).astype(np.uint8)
#: A straight line is looked for in so many directions, at so many places of it, so far apart in pixels.
DIRECTIONS = 16
PLACES = 7
APART = 2
#: By how many grey levels a line's mean stands out more than twice the mean around it, from which it may be a wire,
#: and from which it surely is one. A place counts at most so much, so that a sum of them fits into 8 bits.
LINE = (4.0, 9.0)
HELD = 255 // PLACES


def wires(grey: Levels, straight: Levels, into: Levels) -> Levels:
    """By how many grey levels thin dark things stand out from what is around them (black hat), in ``into``.

    What is ``straight`` (0..255, of any size) counts as much as if it stood out for certain.
    """
    cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, _square(WIRE, grey), dst=into)
    sure = cv2.resize(straight, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.max(into, cv2.convertScaleAbs(sure, alpha=SURE / 255), dst=into), np.uint8)


def straight_wires(fine: FrameRGB) -> Levels:
    """How surely (0..255) there is a thin dark straight line at each pixel of a smaller image of the frame.

    A wire of a tenth of a pixel's width is a tenth as dark as itself, and by noise it is broken into dashes; but it
    is straight. What stands out is added up along lines: a line detector of oriented filters.
    """
    grey = as_grey(fine)
    thin = np.minimum(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((5, 5), np.uint8)), np.uint8(HELD))
    reach = PLACES // 2 * APART
    wide = cv2.copyMakeBorder(thin, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    best, total = (SCRATCH.bytes(name, grey.shape) for name in ("best line", "line"))
    best.fill(0)
    for places in line_places(reach):
        for number, (across, down) in enumerate(places):
            left, top = reach + across, reach + down
            part = wide[top : top + grey.shape[0], left : left + grey.shape[1]]
            if number == 0:
                np.copyto(total, part)
            else:
                cv2.add(total, part, dst=total)
        cv2.max(best, total, dst=best)
    around = cv2.blur(thin, (2 * reach + 1,) * 2)
    line = cv2.subtract(best, cv2.convertScaleAbs(around, alpha=2 * PLACES))
    return np.asarray(cv2.LUT(line, np.interp(np.arange(256) / PLACES, LINE, (0, 255)).astype(np.uint8)), np.uint8)


def line_places(reach: int) -> list[list[tuple[int, int]]]:
    """For each direction the places of a line, up to ``reach`` pixels (across, down) from its middle."""
    angles = [np.pi * direction / DIRECTIONS for direction in range(DIRECTIONS)]
    steps = range(-reach, reach + 1, APART)
    return [[(round(step * np.cos(angle)), round(step * np.sin(angle))) for step in steps] for angle in angles]


def wire_like(fine: FrameRGB, straight: Levels, size: Size, reach: float) -> Float32Array:
    """1 where what stands out nearby is dark, as wires are; 0 among stars, noise and clouds, bright and dark.

    And 1 along what is ``straight`` (0..255, of the size of ``fine``), whatever is around it.

    A map of ``size``, means within ``reach`` of its pixels.

    (H, W), float32, 0..1.
    """
    grey = as_grey(fine)

    def nearby(kind: int) -> Float32Array:
        thin = cv2.morphologyEx(grey, kind, _square(WIRE, grey)).astype(np.float32)
        return mean_within(np.asarray(cv2.resize(thin, size, interpolation=cv2.INTER_AREA), np.float32), reach)

    dark, bright = nearby(cv2.MORPH_BLACKHAT), nearby(cv2.MORPH_TOPHAT)
    line = cv2.resize(cv2.dilate(straight, np.ones((3, 3), np.uint8)), size, interpolation=cv2.INTER_AREA)
    return np.asarray(
        np.maximum(np.clip((dark + 0.2) / (bright + 0.2) - 1.2, 0, 1), line / np.float32(255)), np.float32
    )


def gaps(grey: Levels, fine: FrameRGB, into: Levels) -> Levels:
    """By how many grey levels small bright things stand out from what is around them, in ``into``.

    What is around them is found at the size of ``fine`` (an opening), as that costs less.
    """
    small = as_grey(fine)
    around = cv2.morphologyEx(small, cv2.MORPH_OPEN, _square(GAP, small))
    cv2.resize(around, grey.shape[::-1], dst=into, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.subtract(grey, into, dst=into), np.uint8)


def among_leaves(small: FrameRGB, coarse: Matte, reach: float) -> Float32Array:
    """(height, width): 1 where leaves stand before sky nearby, so that gaps between them may show it; 0 elsewhere.

    Leaves and bark are darker than the sky and blue is their weakest colour, or they are all but black against the
    light; in the bands of a facade, glass and concrete, it is not.
    """
    image = small.astype(np.float32)
    sky, sky_share = _mean_colour(image, coarse > 0.93, 3 * reach)
    dark = (coarse < 0.07) & (image.mean(axis=-1) < sky.mean(axis=-1) - 40)
    colour, dark_share = _mean_colour(image, dark, reach)
    warm = np.clip((colour[..., :2].min(axis=-1) - colour[..., 2] - 3) / 6, 0, 1)
    black = np.clip((45 - colour.mean(axis=-1)) / 15, 0, 1)
    near = np.clip(sky_share * 20 - 0.2, 0, 1) * np.clip(dark_share * 20, 0, 1)
    return np.asarray(np.maximum(warm, black) * near, np.float32)


def as_grey(image: FrameRGB, into: Levels | None = None) -> Levels:
    """Brightness (H, W), uint8, as displayed; written ``into`` an array of that kind where one is given."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY, dst=into), np.uint8)


def _mean_colour(image: Float32Array, chosen: NDArray[np.bool_], reach: float) -> tuple[Float32Array, Float32Array]:
    weight = chosen.astype(np.float32)
    fraction = mean_within(weight, reach)
    total = mean_within(image * weight[..., None], reach)
    return np.asarray(total / np.maximum(fraction, 1e-6)[..., None], np.float32), fraction


def _square(half: float, grey: Levels) -> Levels:
    size = 2 * max(2, round(half * max(grey.shape))) + 1
    return np.ones((size, size), np.uint8)
