# SPDX-License-Identifier: GPL-3.0-or-later
"""A photograph of a sky that has ground in it: the ground is found, cut off, and what still stands up is filled."""

from __future__ import annotations

import cv2
import numpy as np

from ..colour import frame_from_linear
from ..composite.clean_plate import clean_plate, sky_samples
from ..matte.interface import MatteMethod
from ..matte.samples import sample_of
from ..types import LinearRGB, Matte

# Less sky than this in the whole image: what was found is not to be trusted; less ground than this is none.
_LEAST_SKY = 0.12
_LEAST_GROUND = 0.004
# Less than this part of the height is not worth having.
_LEAST_KEPT = 0.12
# The image ends where less than this part of a row is sky.
_ROW = 0.6
# A row of the kept image that is nowhere surely sky gives no colours to fill with.
_SURE = 0.9
# Long side at which it is looked at, and the percentile of a float image that is its white.
_SIZE = 960
_WHITE = 99.0
# Pixels of the matte's edge, at the size it was found, whose colour is partly that of the ground.
_RIM = 5


def without_ground(image: LinearRGB, method: MatteMethod) -> tuple[LinearRGB, float]:
    """The part of a flat (height, width, 3) scene-linear image that is sky, and how much of its height that is.

    ``method`` finds the sky. Rows that are mostly ground are cut off below; trees, roofs and wires that stand before
    the rest become the sky around them. An image with next to no sky in it (or with one that is not found: stars,
    fire, paintings) and one with no ground are given back as they are, with 1.
    """
    height = image.shape[0]
    exposed = image / max(1.0, float(np.percentile(image[::4, ::4], _WHITE)))
    frame = sample_of(frame_from_linear(np.asarray(exposed, np.float32)), max(method.sample_size, _SIZE))
    matte = method.fit([sample_of(frame, method.sample_size)]).matte(frame, None)
    mean = float(matte.mean())
    if mean < _LEAST_SKY or mean > 1 - _LEAST_GROUND:
        return image, 1.0
    rows = matte.mean(axis=1)
    mostly = np.flatnonzero(rows >= _ROW)
    if not len(mostly) or not (matte > _SURE).any() or mostly[-1] < _LEAST_KEPT * len(rows):
        return image, 1.0
    bottom = int(mostly[-1]) + 1
    kept = max(1, min(height, round(bottom * height / len(rows))))
    image = image[:kept]
    return _filled(image, matte[:bottom]), kept / height


def _filled(image: LinearRGB, matte: Matte) -> LinearRGB:
    """What is not sky becomes the sky around it."""
    inner = np.asarray(cv2.erode(matte, np.ones((_RIM, _RIM), np.uint8)), np.float32)
    if float(inner.min()) > _SURE:
        return image
    size = (matte.shape[1], matte.shape[0])
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)
    plate = clean_plate(sky_samples(small, inner))
    shown = (image.shape[1], image.shape[0])
    behind, fraction = (cv2.resize(each, shown, interpolation=cv2.INTER_LINEAR) for each in (plate, inner))
    return np.asarray(behind + (image - behind) * np.clip(fraction, 0, 1)[..., None], np.float32)
