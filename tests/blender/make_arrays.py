# SPDX-License-Identifier: GPL-3.0-or-later
"""Matte and sky of the output folders that the tests make: plain arrays, alike in both Pythons."""

from __future__ import annotations

import numpy as np

#: Frames in a made output folder; a result may use fewer.
FRAMES = 60
TINT = [1.2, 0.9, 0.6]
#: Stops by which the made sky is said to be brighter, and its colour at the horizon.
STOPS, HAZE = -0.8, [0.6, 0.5, 0.3]
#: Of its grain: deviations, scene-linear, and how many images there are.
GRAIN, GRAINS = [0.03, 0.02, 0.05], 8
#: Images of its rain.
RAINS = 5


def made_matte(number: int, width: int, height: int) -> np.ndarray:
    """Matte of frame ``number`` (from 1), 0..1: a soft level edge that sinks by a pixel per frame."""
    rows = np.arange(height, dtype=np.float64)[:, None] * np.ones((1, width))
    return np.clip((height / 2 + number - rows) / 6 + 0.5, 0, 1)


def made_sky(number: int, frames: int, width: int, height: int) -> np.ndarray:
    """Sky of frame ``number``, scene-linear: red grows to the right, blue from frame to frame."""
    red = np.linspace(0, 1.5, width)[None, :, None] * np.ones((height, 1, 1))
    return np.concatenate([red, np.full_like(red, 0.2), np.full_like(red, number / frames)], 2)


def made_plate(number: int, width: int, height: int) -> np.ndarray:
    """Clean plate of frame ``number``, scene-linear, and the sky visibility as its alpha: four channels."""
    rows = np.linspace(0, 1, height)[:, None, None] * np.ones((1, width, 1))
    return np.concatenate([0.2 + 0.1 * rows, 0.3 + 0.1 * rows, 0.7 + 0 * rows, 1 - 0.8 * rows], 2)


def made_mirror(number: int, width: int, height: int) -> np.ndarray:
    """What frame ``number`` mirrors: gain in R, G, B, and how far each place is a mirror, four channels."""
    columns = np.linspace(0, 1, width)[None, :, None] * np.ones((height, 1, 1))
    rows = np.linspace(0, 1, height)[:, None, None] * np.ones((1, width, 1))
    return np.concatenate([2.5 * columns, 0.3 + columns, 1.2 - columns + number / FRAMES, rows * columns], 2)


def made_grain(number: int, width: int, height: int) -> np.ndarray:
    """Grain of frame ``number`` (from 1) in 256 levels of 0..1."""
    shown = (number - 1) % GRAINS
    noise = np.random.default_rng(shown).normal(0.5, 0.1, (height, width))
    return np.rint(np.clip(noise, 0, 1) * 255) / 255


def made_rain(number: int, width: int, height: int) -> np.ndarray:
    """Rain of frame ``number`` (from 1) in 256 levels of 0..1: some columns, others in each image."""
    shown = (number - 1) % RAINS
    columns = np.arange(width)[None, :] * np.ones((height, 1))
    return np.rint(np.where(columns % RAINS == shown, columns / width, 0) * 255) / 255
