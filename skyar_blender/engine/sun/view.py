# SPDX-License-Identifier: GPL-3.0-or-later
"""A small frame as it hangs in the world: what is seen in which direction."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..colour import LUMINANCE, linear_from_frame
from ..lens import Lens
from ..types import BoolMask, Float64Array, FrameRGB, Matrix3, Matte

# Matte above and below which a pixel is sky and ground.
_SKY = 0.97
_GROUND = 0.03
# Levels below this are black, those above it are clipped.
_BLACK = 2e-3
_CLIPPED = 0.97


@dataclass(frozen=True)
class LevelledView:
    """All (height, width).

    Attributes:
        level: logarithm of the linear luminance.
        warmth: logarithm of red over blue.
        purity: how far a pixel is from grey, 0..1.
        strongest: the largest of red, green and blue, linear.
        clipped: 1 where that is at its limit, else 0.
        fraction: of sky, 0..1.
        sky: surely sky.
        ground: surely not.
        azimuth: radians to the right of the middle of the view.
        elevation: radians above the horizon.
    """

    level: Float64Array
    warmth: Float64Array
    purity: Float64Array
    strongest: Float64Array
    clipped: Float64Array
    fraction: Float64Array
    sky: BoolMask
    ground: BoolMask
    azimuth: Float64Array
    elevation: Float64Array


def view_of(frame: FrameRGB, matte: Matte, rotation: Matrix3, lens: Lens, size: int) -> LevelledView:
    """``frame`` at a long side of ``size``; see :func:`.describe.describe`."""
    height, width = matte.shape
    scale = size / max(height, width)
    small_size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = linear_from_frame(np.asarray(cv2.resize(frame, small_size, interpolation=how), np.uint8))
    colour = small.astype(np.float64)
    fraction = np.asarray(cv2.resize(matte, small_size, interpolation=how), np.float64)
    azimuth, elevation = _directions(small_size, (width, height), rotation, lens)
    strongest = colour.max(axis=2)
    red, blue = (np.maximum(colour[..., channel], _BLACK) for channel in (0, 2))
    return LevelledView(
        level=np.log(np.maximum(colour @ LUMINANCE, _BLACK)),
        warmth=np.log(red / blue),
        purity=1 - colour.min(axis=2) / np.maximum(strongest, 1e-3),
        strongest=strongest,
        clipped=(strongest > _CLIPPED).astype(np.float64),
        fraction=fraction,
        sky=fraction > _SKY,
        ground=fraction < _GROUND,
        azimuth=azimuth,
        elevation=elevation,
    )


def heading(rotation: Matrix3) -> float:
    """Azimuth of the middle of the view, radians to the right of the world's forward."""
    return float(np.arctan2(rotation[2, 0], rotation[2, 2]))


def _directions(
    size: tuple[int, int], full: tuple[int, int], rotation: Matrix3, lens: Lens
) -> tuple[Float64Array, Float64Array]:
    """Azimuth from the middle of the view and elevation of each small pixel, radians."""
    columns = (np.arange(size[0]) + 0.5) * full[0] / size[0] - full[0] / 2
    rows = (np.arange(size[1]) + 0.5) * full[1] / size[1] - full[1] / 2
    x, y = np.meshgrid(columns, rows)
    flat = lens.ideal(np.stack([x.ravel(), y.ravel()], axis=1))
    rays = np.concatenate([flat / lens.focal, np.ones((len(flat), 1))], axis=1)
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    world = rays @ rotation
    azimuth = np.arctan2(world[:, 0], world[:, 2]) - heading(rotation)
    azimuth = (azimuth + np.pi) % (2 * np.pi) - np.pi
    return azimuth.reshape(size[::-1]), np.arcsin(np.clip(-world[:, 1], -1, 1)).reshape(size[::-1])
