# SPDX-License-Identifier: GPL-3.0-or-later
"""Which areas of a frame the other frames of its shot contradict."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...types import BoolMask, Matte
from ..hints import Hints
from .prediction import StoredPrediction
from .seen import Fractions, open_sky

#: Fewest predictions in which a direction must have been seen, and least share of the shot's.
_FRAMES = 5
_SEEN = 0.1
#: Of a direction that is ground: how often it is so at least and how often it is open sky at most; then the same for
#: what is beside such an area.
_GROUND = (0.5, 0.15)
_LOOSE_GROUND = (0.35, 0.25)
#: The same for a place among leaves, whose gaps no map of directions shows.
_SURELY = (0.8, 0.03)
#: Of a direction that is sky: how often it is open sky at least and how often it is ground at most.
_SKY = (0.6, 0.2)
#: Log odds that are no more than this share of the shot's sky may be overruled; and how sure ground may be.
_OVERRULED = 0.65
_DOUBT = 2.5
_UNSURE = 1.0
#: How far around a piece of faint sky, in pixels, and down to which log odds, its soft rim goes.
_SOFT_RIM = 3
_FAINT = 2.0
#: Least share of the image for a piece of it.
_LEAST = 0.002
#: Half the width in pixels of what is an area and no edge.
_AREA = 3
#: Matte from which a pixel belongs to a piece of the sky; how soft the rim of a part of one is, in pixels.
_SOME = 0.03
_SOFT = 0.7
#: Share of a piece of faint sky, and of a piece of the matte, that must be ground for the whole of it to be.
_WHOLE = 0.5
_MOSTLY = 0.3


def typical_sky(predictions: list[StoredPrediction]) -> float:
    """The usual log odds of open sky in some predictions of a shot; 0 where there is none."""
    levels = [float(np.median(each.logits[where])) for each in predictions if (where := open_sky(each)).any()]
    return float(np.median(levels)) if levels else 0.0


@dataclass(frozen=True)
class MatteCorrection:
    """Areas of a prediction that are sky, those that are ground, and the share of the image that changes sides.

    ``flickers``: whether a piece of any size is taken for the other here than all frames together say.
    """

    areas: Hints
    fraction: float
    flickers: bool


def correction(
    found: StoredPrediction, fractions: Fractions, typical: float, followed: Hints
) -> MatteCorrection | None:
    """What the shot says of a prediction's directions, where it says something else.

    ``followed``: see :meth:`.pieces.Pieces.areas`.

    Only what the prediction itself is not sure of is overruled: pieces of faint sky apart from the open sky whose
    directions are ground in most frames (a window that mirrors, a wall, a lorry), and doubtful ground whose
    directions are open sky in most frames (a cloud). Edges stay where they are, and so do crowns, which have gaps.
    """
    open_ = open_sky(found, typical)
    known = fractions.frames >= max(_FRAMES, _SEEN * fractions.of)
    leafless = ~found.crowns | ((fractions.ground > _SURELY[0]) & (fractions.sky < _SURELY[1]))
    pieces = _grown(_apart(found.logits > 0, open_), _SOFT_RIM) & (found.logits > -_FAINT) & ~open_
    apart = pieces & known & leafless
    faint = apart & (found.logits < _OVERRULED * typical)
    ground = _areas(faint & (fractions.ground > _GROUND[0]) & (fractions.sky < _GROUND[1]))
    ground = _whole(
        apart & (fractions.ground > _LOOSE_GROUND[0]) & (fractions.sky < _LOOSE_GROUND[1]), ground, _WHOLE
    )
    rim = _grown(followed.ground, _SOFT_RIM) & (found.logits > -_FAINT) & (found.logits <= 0)
    ground = _large(ground) | followed.ground | rim
    doubtful = known & ~found.crowns & (found.logits < 1) & ((found.logits > -_DOUBT) | (found.sureness < _UNSURE))
    sky = _areas(doubtful & (fractions.sky > _SKY[0]) & (fractions.ground < _SKY[1]))
    sky = (sky | followed.sky) & ~ground
    fraction = float(np.mean(ground | (sky & (found.logits < 0))))
    if fraction == 0:
        return None
    flickers = (followed.ground & (found.logits > 0)) | (followed.sky & ~ground & (found.logits < 0))
    return MatteCorrection(Hints(sky, ground), fraction, bool(flickers.any()))


def without(matte: Matte, ground: BoolMask) -> Matte:
    """A matte (height, width) without the sky in areas, of any size, that are ground.

    Where much of a connected piece of the sky goes, all of it goes with its soft rim; otherwise the areas, which fade
    out at theirs.
    """
    size = ground.shape[1::-1]
    pieces = cv2.resize(matte, size, interpolation=cv2.INTER_AREA) > _SOME
    whole = _grown(_whole(pieces, ground & pieces, _MOSTLY), 1)
    whole &= ~_grown(pieces & ~whole, 1)
    kept = np.clip(2 * cv2.GaussianBlur(1 - (ground | whole).astype(np.float32), (0, 0), _SOFT) - 1, 0, 1)
    return np.asarray(matte * cv2.resize(kept, matte.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _large(places: BoolMask) -> BoolMask:
    """Without connected pieces that are too small to be noticed, and too small to be sure of."""
    _, labels, metadata, _ = cv2.connectedComponentsWithStats(places.astype(np.uint8), connectivity=8)
    kept = metadata[:, cv2.CC_STAT_AREA] >= _LEAST * places.size
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)


def _apart(sky: BoolMask, open_: BoolMask) -> BoolMask:
    """Pieces of ``sky`` that hold nothing of the open sky."""
    count, labels = cv2.connectedComponents(sky.astype(np.uint8), connectivity=4)
    alone = np.bincount(labels[open_], minlength=count) == 0
    alone[0] = False
    return np.asarray(alone[labels], np.bool_)


def _grown(places: BoolMask, reach: int) -> BoolMask:
    return np.asarray(cv2.dilate(places.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)) > 0)


def _areas(places: BoolMask) -> BoolMask:
    """Without what is as narrow as an edge."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _AREA + 1, 2 * _AREA + 1))
    kept = cv2.morphologyEx(places.astype(np.uint8), cv2.MORPH_OPEN, disc)
    return np.asarray((cv2.dilate(kept, disc) > 0) & places, np.bool_)


def _whole(pieces: BoolMask, areas: BoolMask, fraction: float) -> BoolMask:
    """``areas``, and the whole of those connected ``pieces`` of which they are at least this ``fraction``."""
    count, labels = cv2.connectedComponents(pieces.astype(np.uint8), connectivity=4)
    sizes = np.bincount(labels.ravel(), minlength=count)
    found = np.bincount(labels[areas], minlength=count)
    taken = found >= fraction * np.maximum(sizes, 1)
    taken[0] = False
    return np.asarray(areas | taken[labels], np.bool_)
