# SPDX-License-Identifier: GPL-3.0-or-later
"""Still water: what it shows is the sky, upside down, so that a network takes it for sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ...types import BoolMask, Float32Array, FrameRGB
from .interface import Prediction

#: Long side in pixels at which an image is compared with itself, and how far it is blurred for that.
_SIZE = 128
_BLUR = 1.5
#: A sky below is looked at when it is so much of the picture's width, and of its area; the sky above, of its area.
_LOOKED_AT = (0.4, 0.04, 0.05)
#: The same for what is water where the clip is known to mirror.
_WATER = (0.05, 0.002, 0.0)
#: Least share of the picture's height that is compared.
_TALL = 0.25
#: Correlation from which it is a mirrored copy. A lake has .83, other skies below land up to .62, an image without
#: sky .73.
_ALIKE = 0.75
#: Change of the picture's rows, in grey levels squared, below which there is nothing to compare.
_PLAIN = 4.0
#: Log odds that a mirror is given.
_GROUND = -4.0


def mirrors(found: Sequence[Prediction]) -> bool:
    """Whether still water mirrors the sky in most of those frames of a clip that have a sky below their land."""
    votes = [_mirrored(one.small, piece) for one in found if (piece := _below(one.logits, _LOOKED_AT)) is not None]
    return sum(votes) * 2 > len(votes)


def without_mirror(found: Prediction) -> Prediction:
    """What is called sky below the land, in a clip that :func:`mirrors`, as ground."""
    piece = _below(found.logits, _WATER)
    if piece is None:
        return found
    size = found.logits.shape[1::-1]
    large = cv2.resize(piece.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.25
    logits = np.where(large & (found.logits > _GROUND), np.float32(_GROUND), found.logits)
    return replace(found, logits=np.asarray(logits, np.float32))


def _below(logits: Float32Array, least: tuple[float, float, float]) -> BoolMask | None:
    """Pieces of sky at the lower edge, apart from all that reaches the upper one; at the size for comparing."""
    wide, large, above = least
    scale = _SIZE / max(logits.shape)
    size = (max(8, round(logits.shape[1] * scale)), max(8, round(logits.shape[0] * scale)))
    sky = cv2.resize(logits, size, interpolation=cv2.INTER_AREA) > 0
    count, labels, metadata, _ = cv2.connectedComponentsWithStats(sky.astype(np.uint8), connectivity=8)
    upper, lower = (np.bincount(labels[row], minlength=count) > 0 for row in (0, -1))
    upper[0] = False
    lower &= (
        ~upper
        & (metadata[:, cv2.CC_STAT_WIDTH] >= wide * size[0])
        & (metadata[:, cv2.CC_STAT_AREA] >= large * sky.size)
    )
    lower[0] = False
    if not lower.any() or metadata[upper, cv2.CC_STAT_AREA].sum() < above * sky.size:
        return None
    return np.asarray(lower[labels], np.bool_)


def _mirrored(small: FrameRGB, piece: BoolMask) -> bool:
    """Whether ``piece`` and what is beside it repeat what is above, upside down.

    Compared is what differs along the rows, by normalised cross-correlation: how light a sky is from row to row is
    alike in many images. The row between both is the horizon, which what is near may hide.
    """
    height, width = piece.shape
    grey = cv2.cvtColor(cv2.resize(small, (width, height), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    rows = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _BLUR)
    rows -= rows.mean(axis=1, keepdims=True)
    top = int(np.flatnonzero(piece.any(axis=1))[0])
    for both in range(max(height // 2, 2 * top - height // 2), 2 * top + height // 32):
        lower = np.arange(max(top, both // 2 + 1), min(height, both + 1))
        if len(lower) < _TALL * height:
            continue
        one, other = rows[lower], rows[both - lower]
        spread = [float(np.square(each).mean()) for each in (one, other)]
        if min(spread) > _PLAIN and float((one * other).mean()) >= _ALIKE * np.sqrt(spread[0] * spread[1]):
            return True
    return False
