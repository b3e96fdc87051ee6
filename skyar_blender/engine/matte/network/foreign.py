# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky apart from the open sky, in a colour that the open sky does not have: windows, walls, water, lorries.

A window mirrors a part of the sky that the image does not show, through darker glass; a gap between leaves shows
the very sky that is beside it. So a piece of sky for itself is none where its colour is nowhere in the open sky and
the network is less sure of it. It needs no motion, and holds where the camera stands still.

Gaps between leaves are ragged, panes of glass and boards are not: a piece without dents, of which the network says
that it may well be wrong, is none where its colour is only near those of the open sky.

The limits are of labelled and rendered images that were not trained on, with the pieces that they have: those of
colour alone of 466 images, beyond the middle of both ramps 70 pieces that are none (.67 images full) and 7 that are
sky (.007); those of shape of 533.
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
#: The same for a piece without dents; its share of its convex hull from which it is ragged no more, and of which it
#: has none; and the network's log odds of being right from which it counts as ragged again, wholly and not at all.
_NEAR = (5.0, 8.0)
_COMPACT = (0.80, 0.87)
_DOUBTFUL = (1.6, 1.2)
#: A piece is this many times as large while its outline is drawn, as that goes through the middle of pixels.
_DRAWN = 4
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


def without_foreign(small: FrameRGB, logits: Float32Array, sureness: Float32Array | None = None) -> Float32Array:
    """Log odds (height, width) of an image of that size, without such pieces.

    ``sureness``: log odds that their sign is right, of that size, where the network says so; float32.
    """
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
        inside = labels[box] == piece
        compact = 0.0 if sureness is None else _compact(inside, sureness[box])
        fraction[piece] = _foreign(inside, logits[box], colours[box], open_sky, usual, compact)
    return _lowered(logits, np.asarray(labels, np.int32), fraction) if fraction.any() else logits


def _foreign(
    inside: NDArray[np.bool_],
    logits: Float32Array,
    colours: Float32Array,
    open_sky: Float32Array,
    usual: float,
    compact: float,
) -> float:
    """How far (0..1) a piece is no sky."""
    odds = logits[inside]
    less_sure = _rising(float(np.percentile(odds, _SUREST)) / usual, _LESS_SURE)
    if less_sure == 0:
        return 0.0
    colour = np.median(colours[inside][odds >= np.median(odds)], axis=0)
    distance = np.percentile(np.abs(open_sky - colour).mean(axis=1), _NEAREST)
    low, high = ((1 - compact) * ragged + compact * near for ragged, near in zip(_APART, _NEAR, strict=True))
    return less_sure * _rising(float(distance), (low, high))


def _compact(inside: NDArray[np.bool_], sureness: Float32Array) -> float:
    """How far (0..1) a piece has no dents, and the network is in doubt about it."""
    doubtful = 1 - _rising(float(np.median(sureness[inside])), _DOUBTFUL[::-1])
    if doubtful == 0:
        return 0.0
    drawn = cv2.resize(inside.astype(np.uint8), None, fx=_DRAWN, fy=_DRAWN, interpolation=cv2.INTER_NEAREST)
    outlines, _ = cv2.findContours(drawn, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    hull = max(cv2.contourArea(cv2.convexHull(outline)), 1.0)
    return doubtful * _rising(cv2.contourArea(outline) / hull, _COMPACT)


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
