# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves and grass are no sky, however bright the sun makes them and whatever shines through between them.

They are told by their colour, excess green 2 G - R - B over R + G + B (Woebbecke et al. 1995): of the pixels within
the labelled skies of eight hundred photographs fewer than one in a hundred thousand reach 0.2, of leaves in the sun
most do. A sky that is green itself (an aurora, a tinted shot) is smooth, leaves are rough: smooth green stays.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Float32Array, FrameRGB, Matte
from .refinement.colours import rising

#: Excess green from which a pixel may be foliage, and from which it is.
GREEN = (0.2, 0.35)
#: The same in a small image, whose pixels hold leaves and the gaps between them.
_GREEN_SMALL = (0.12, 0.3)
#: Mean contrast with what is around from which green counts, and from which it counts fully.
ROUGH = (0.04, 0.1)
#: Sum of the three colours (0..765) below which noise could look green.
DARK = 60.0
#: Matte that 8 bits cannot tell from none.
NONE = 0.5 / 255
#: Side of the neighbourhood that is rough or smooth, as a share of the small picture's long side.
AROUND = 7 / 384


def foliage(small: FrameRGB) -> Float32Array:
    """How surely (0..1) there is foliage at each pixel of a small image, such as a network looks at.

    (H, W), float32, of the size of ``small``.
    """
    return np.asarray(_green(small, _GREEN_SMALL) * rough(small) * _greenest(small), np.float32)


def rough(small: FrameRGB) -> Float32Array:
    """(height, width): 1 where a small image has as much contrast as leaves have, 0 where it is smooth."""
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) + np.float32(DARK / 3)
    side = 2 * max(1, round(AROUND * max(small.shape) / 2)) + 1
    around = cv2.blur(grey, (side, side))
    contrast = cv2.blur(np.abs(grey - around), (side, side)) / around
    return rising(np.asarray(contrast, np.float32), ROUGH)


def crowns(small: FrameRGB, reach: float) -> Float32Array:
    """1 where a small image is rough as a crown of leaves is, over more than ``reach`` pixels to each side.

    An edge between two smooth things is rough too, but narrow (an opening takes it away).

    (H, W), float32, of the size of ``small``.
    """
    kernel = np.ones((2 * round(reach) + 1,) * 2, np.uint8)
    return np.asarray(cv2.morphologyEx(np.minimum(2 * rough(small), 1), cv2.MORPH_OPEN, kernel), np.float32)


def without_foliage(frame: FrameRGB, matte: Matte, roughness: Float32Array) -> Matte:
    """A matte (height, width) of ``frame`` less what is foliage; ``roughness``: :func:`rough` of it, of any size."""
    large = cv2.resize(roughness, matte.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    # Few pixels are asked: green is mostly ground.
    places = np.flatnonzero(_greenest(frame) & (matte > NONE) & (large > 0))
    cleared = matte.ravel().copy()
    cleared[places] *= 1 - _green(frame.reshape(-1, 3)[places], GREEN) * large.ravel()[places]
    return np.asarray(cleared.reshape(matte.shape), np.float32)


def _greenest(image: FrameRGB) -> NDArray[np.bool_]:
    """Neither yellow as a sunset nor blue-green as the clearest skies."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.compare(green, cv2.max(red, blue), cv2.CMP_GT), np.bool_)


def _green(colours: NDArray[np.uint8], limits: tuple[float, float]) -> Float32Array:
    """0 .. 1 for colours (..., 3)."""
    red, green, blue = np.moveaxis(colours.astype(np.float32), -1, 0)
    others = red + blue
    return rising((2 * green - others) / np.maximum(others + green, np.float32(DARK)), limits)
