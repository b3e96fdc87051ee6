# SPDX-License-Identifier: GPL-3.0-or-later
"""What a frame tells of where its light comes from, in some hundred numbers.

The sky grows brighter and whiter towards the sun; surfaces that face it are bright, so that land seen against the
light is dark beside its sky; and what stands upright is brighter on one side than on the other. All numbers are of
the frame as it hangs in the world: by azimuth from the middle of the view, and by elevation.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..colour import LUMINANCE, linear_from_frame
from ..lens import Lens
from ..types import FrameRGB, Matrix3, Matte

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Long side at which a frame is looked at.
SIZE = 96
# Matte above and below which a pixel is sky and ground, and fewer of them than this tell nothing.
_SKY, _GROUND, _FEW, _FEW_IN_PART = 0.97, 0.03, 40, 20
# Levels below this are black, those above it are clipped.
_BLACK, _CLIPPED = 2e-3, 0.97
_PERCENTILES = (2, 10, 25, 50, 75, 90, 98)
_PERCENTILES_OF_PART = (10, 50, 90)
# Radians from the middle of the view to its left and its right part.
_MIDDLE = 0.12
# How firmly each term of a trend is held at 0: constant, azimuth, elevation, and their squares.
_HELD = np.array([0.01, 0.5, 0.5, 1.0, 1.0])


def describe(frame: FrameRGB, matte: Matte, rotation: Matrix3, lens: Lens) -> Floats:
    """The numbers of one frame, float64.

    ``frame`` (height, width, 3) and ``matte`` (height, width; 0..1) of one size, ``lens`` of that size too;
    ``rotation`` maps world directions (x right, y down, z forward at the horizon) to camera directions.
    """
    height, width = matte.shape
    scale = SIZE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = linear_from_frame(np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8))
    share = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA))
    azimuth, elevation = _directions(size, (width, height), rotation, lens)
    red, blue = (np.maximum(small[..., channel].astype(np.float64), _BLACK) for channel in (0, 2))
    strongest = small.max(axis=2).astype(np.float64)
    level = np.log(np.maximum(small.astype(np.float64) @ LUMINANCE, _BLACK))
    warmth = np.log(red / blue)
    purity = 1 - small.min(axis=2) / np.maximum(strongest, 1e-3)
    clipped = (strongest > _CLIPPED).astype(np.float64)
    sky, ground = share > _SKY, share < _GROUND
    numbers: list[float] = []
    for channel in (level, warmth, purity, clipped):
        numbers += _trend(channel, sky, azimuth, elevation)
    for channel in (level, warmth, purity):
        numbers += _trend(channel, ground, azimuth, elevation)
    for mask in (sky, ground):
        numbers += list(np.percentile(level[mask] if mask.sum() > _FEW else np.zeros(1), _PERCENTILES))
    for part in (azimuth < -_MIDDLE, np.abs(azimuth) <= _MIDDLE, azimuth > _MIDDLE):
        for half in (elevation < 0, elevation >= 0):
            numbers += _levels(level, ground & part & half)
        numbers += _means((level, purity, warmth), sky & part)
    numbers += _sides(level, ground)
    middle = elevation[elevation.shape[0] // 2, elevation.shape[1] // 2]
    numbers += [float(share.mean()), float(middle), float(np.log(lens.focal / max(height, width)))]
    return np.array(numbers)


def heading(rotation: Matrix3) -> float:
    """Azimuth of the middle of the view, radians to the right of the world's forward."""
    return float(np.arctan2(rotation[2, 0], rotation[2, 2]))


def _directions(size: tuple[int, int], full: tuple[int, int], rotation: Matrix3, lens: Lens) -> tuple[Floats, Floats]:
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


def _trend(channel: Floats, mask: Mask, azimuth: Floats, elevation: Floats) -> list[float]:
    """A channel over azimuth and elevation: five terms of a quadratic fit, what it leaves, and that there was one."""
    if mask.sum() < _FEW:
        return [0.0] * 7
    across, up = np.sin(azimuth[mask]), np.sin(elevation[mask]) - 0.3
    terms = np.stack([np.ones(len(across)), across, up, across**2, up**2], axis=1)
    values = channel[mask]
    fit = np.linalg.solve(terms.T @ terms + np.diag(_HELD), terms.T @ values)
    return [*fit, float((values - terms @ fit).std()), 1.0]


def _levels(level: Floats, mask: Mask) -> list[float]:
    if mask.sum() <= _FEW_IN_PART:
        return [0.0] * (len(_PERCENTILES_OF_PART) + 1)
    return [*np.percentile(level[mask], _PERCENTILES_OF_PART), 1.0]


def _means(channels: tuple[Floats, ...], mask: Mask) -> list[float]:
    if mask.sum() <= _FEW_IN_PART:
        return [0.0] * (len(channels) + 1)
    return [*(float(channel[mask].mean()) for channel in channels), 1.0]


def _sides(level: Floats, ground: Mask) -> list[float]:
    """Whether edges of what stands on the ground are brighter to the right or to the left."""
    slope = cv2.Sobel(cv2.GaussianBlur(level, (0, 0), 1.2), cv2.CV_64F, 1, 0)
    inside = cv2.erode(ground.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if inside.sum() <= _FEW:
        return [0.0, 0.0]
    return [float(slope[inside].mean()), float((slope[inside] ** 3).mean())]
