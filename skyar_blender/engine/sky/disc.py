# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sun (or the moon) of a panorama stands, from its pixels."""

from __future__ import annotations

import math

import cv2
import numpy as np

from ..types import LinearRGB

_WIDTH = 1024
# A disc is so many times as bright as most of the sky; in an image that is clipped at 1, it is what is clipped.
_TIMES = 6.0
_CLIPPED = 0.85
# Of the brightest value, what still belongs to it, unclipped and clipped; and the most of the sphere that it covers:
# unclipped a disc and its glow within six degrees, for the middle of the Milky Way is wider.
_PART = 0.4
_NEARLY = 0.95
_MOST = 0.003
_MOST_CLIPPED = 0.01
# Of all the light from above, what comes from the sun's surroundings at least: from a star it is next to nothing.
_LEAST_LIGHT = 0.004
_AROUND = math.cos(math.radians(3))
# What is bright within these 12 degrees is of the sun; where an image is clipped, nearly all that is bright must be.
_NEAR = math.cos(math.radians(12))
_ALONE = 0.9


def sun_disc(panorama: LinearRGB) -> tuple[float, float] | None:
    """Azimuth (0 in the middle of the width, growing to the right) and elevation in degrees; None without a disc.

    ``panorama`` is equirectangular, (height, width, 3) scene-linear, first row straight up.
    """
    height = max(2, min(panorama.shape[0], _WIDTH // 2))
    # Channel by channel: NumPy takes seven times as long over three values that lie side by side.
    brightest = np.maximum(np.maximum(panorama[..., 0], panorama[..., 1]), panorama[..., 2])
    small = np.asarray(cv2.resize(brightest, (2 * height, height), interpolation=cv2.INTER_AREA))
    # A lamp or a star is not the sun: what is brightest over a degree.
    small = np.asarray(cv2.GaussianBlur(small, (0, 0), height / 360), np.float64)
    elevation = math.pi / 2 - (np.arange(height) + 0.5) * math.pi / height
    small[elevation < 0] = 0.0
    weight = np.cos(elevation)[:, None]
    peak = float(small.max())
    usual = float(np.percentile(small[elevation > 0], 90))
    clipped = peak >= _CLIPPED and abs(float(brightest.max()) - 1) < 1e-3
    if not (clipped and usual < 0.8 * peak) and peak < _TIMES * usual:
        return None
    bright = small >= (_NEARLY * peak if clipped else _PART * peak)
    if float((bright * weight).sum() / (np.ones_like(small) * weight).sum()) > (_MOST_CLIPPED if clipped else _MOST):
        return None
    row, column = np.unravel_index(int(small.argmax()), small.shape)
    strength = np.where(bright, small, 0.0) * weight
    azimuth = ((np.arange(2 * height) + 0.5) / height - 1) * math.pi
    up, across = np.cos(elevation - elevation[row]), np.cos(azimuth - azimuth[column])
    light = small * weight
    if not clipped and light[np.ix_(up > _AROUND, across > _AROUND)].sum() < _LEAST_LIGHT * light.sum():
        return None
    # Other bright spots, such as clouds' edges, do not pull it away.
    near = np.zeros_like(bright)
    near[np.ix_(up > _NEAR, across > _NEAR)] = True
    if clipped and (bright & near).sum() < _ALONE * bright.sum():
        return None  # white clouds
    strength = strength * near
    flat = np.cos(elevation)[:, None]
    x, z = (float((strength * flat * side).sum()) for side in (np.sin(azimuth), np.cos(azimuth)))
    y = float((strength * np.sin(elevation)[:, None]).sum())
    return math.degrees(math.atan2(x, z)), math.degrees(math.atan2(y, math.hypot(x, z)))
