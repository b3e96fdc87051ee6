# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky apart from the open sky, in a colour that the open sky does not have: windows, walls, water, lorries.

A window mirrors a part of the sky that the image does not show, through darker glass; a gap between leaves shows
the very sky that is beside it. So a piece of sky for itself is none where its colour is nowhere in the open sky and
the network is less sure of it. It needs no motion, and holds where the camera stands still.

The limits are of 466 labelled and rendered images that were not trained on, with 1,141 such pieces, 355 of them no
sky: beyond the middle of both ramps lie 70 pieces that are none (.67 images full) and 7 that are sky (.007).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float32Array, FrameRGB

#: Median log odds that the largest piece must have to be the open sky.
_OPEN = 3.0
#: Least share of the image for a piece, and how many are looked at, the largest first.
_LEAST = 0.0004
_MOST = 40
#: Distance of a piece's colour from the nearest ones of the open sky, mean of the channels in 8-bit grey levels, from
#: which it may be no sky, and from which it is none.
_APART = (17.0, 23.0)
#: How sure the network is of the piece (its log odds) as a share of how sure it is of the open sky, likewise.
_LESS_SURE = (1.0, 0.8)
#: Percentile of a piece's log odds that counts, of the distances from the open sky's colours, and of pixels of the
#: open sky that are compared.
_SUREST = 90
_NEAREST = 1
_COMPARED = 3000
#: Log odds that it gets, and how far around it, in pixels, its soft rim goes.
_GROUND = -4.0
_RIM = 4


def without_foreign(small: FrameRGB, logits: Float32Array) -> Float32Array:
    """Log odds (height, width) of an image of that size, without such pieces."""
    sky = (logits > 0).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(sky, connectivity=8)
    sizes = stats[:, cv2.CC_STAT_AREA].copy()
    sizes[0] = 0
    order = np.argsort(-sizes, kind="stable")
    pieces = [int(piece) for piece in order[1 : _MOST + 1] if sizes[piece] >= _LEAST * sky.size]
    if not pieces:
        return logits
    largest = labels == order[0]
    usual = float(np.median(logits[largest]))
    if usual < _OPEN:
        return logits
    colours = cv2.blur(small, (3, 3)).astype(np.float32)
    open_sky = colours[largest & (logits > usual / 2)]
    open_sky = open_sky[:: max(1, len(open_sky) // _COMPARED)]
    fraction = np.zeros(len(stats), np.float32)
    for piece in pieces:
        left, top, width, height = stats[piece, : cv2.CC_STAT_AREA]
        box = slice(top, top + height), slice(left, left + width)
        fraction[piece] = _foreign(labels[box] == piece, logits[box], colours[box], open_sky, usual)
    return _lowered(logits, np.asarray(labels, np.int32), fraction) if fraction.any() else logits


def _foreign(
    inside: NDArray[np.bool_], logits: Float32Array, colours: Float32Array, open_sky: Float32Array, usual: float
) -> float:
    """How far (0..1) a piece is no sky."""
    odds = logits[inside]
    less_sure = _rising(float(np.percentile(odds, _SUREST)) / usual, _LESS_SURE)
    if less_sure == 0:
        return 0.0
    colour = np.median(colours[inside][odds >= np.median(odds)], axis=0)
    distance = np.percentile(np.abs(open_sky - colour).mean(axis=1), _NEAREST)
    return less_sure * _rising(float(distance), _APART)


def _lowered(logits: Float32Array, labels: NDArray[np.int32], fraction: Float32Array) -> Float32Array:
    """The pieces lowered to ground by their ``fraction``, with their soft rims, but nothing of other pieces."""
    size = np.ones((2 * _RIM + 1,) * 2, np.uint8)
    wide = cv2.dilate(fraction[labels], size)
    others = cv2.dilate(((labels > 0) & (fraction[labels] == 0)).astype(np.uint8), np.ones((3, 3), np.uint8))
    wide[others > 0] = 0
    return np.asarray(logits + wide * (np.minimum(logits, np.float32(_GROUND)) - logits), np.float32)


def _rising(value: float, between: tuple[float, float]) -> float:
    low, high = between
    return min(max((value - low) / (high - low), 0.0), 1.0)
