# SPDX-License-Identifier: GPL-3.0-or-later
"""Matte and sky of the output folders that the tests make: plain arrays, alike in both Pythons."""

from __future__ import annotations

import numpy as np

#: Frames in a made output folder; a result may use fewer.
FRAMES = 60
TINT = [1.2, 0.9, 0.6]


def made_matte(number: int, width: int, height: int) -> np.ndarray:
    """Matte of frame ``number`` (from 1), 0..1: a soft level edge that sinks by a pixel per frame."""
    rows = np.arange(height, dtype=np.float64)[:, None] * np.ones((1, width))
    return np.clip((height / 2 + number - rows) / 6 + 0.5, 0, 1)


def made_sky(number: int, frames: int, width: int, height: int) -> np.ndarray:
    """Sky of frame ``number``, scene-linear: red grows to the right, blue from frame to frame."""
    red = np.linspace(0, 1.5, width)[None, :, None] * np.ones((height, 1, 1))
    return np.concatenate([red, np.full_like(red, 0.2), np.full_like(red, number / frames)], 2)
