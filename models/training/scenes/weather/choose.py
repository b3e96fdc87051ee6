# SPDX-License-Identifier: GPL-3.0-or-later
"""Which sky a view gets."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .clear import add_clear_sky
from .dull import add_dull_sky, add_night_sky
from .panorama import add_panorama, usable
from .world import Weather

SKYBOXES = Path(__file__).parents[4] / "skyboxes"


def add_weather(rng: np.random.Generator, night: bool, panoramas: Path | None) -> Weather:
    """Give the scene a world drawn from `rng`; `panoramas` is a folder of skies, or None."""
    images = usable(panoramas, night) if panoramas else []
    draw = rng.random()
    if night:
        if images and draw < 0.25:
            return add_panorama(images[int(rng.integers(len(images)))], rng, float(rng.uniform(0.005, 0.02)))
        return add_night_sky(rng)
    if not panoramas:
        draw *= 0.7
    if draw < 0.35:
        return add_clear_sky(rng)
    if draw < 0.62:
        return add_dull_sky(rng)
    if draw < 0.70 or not images:
        own = sorted(SKYBOXES.glob("*/sky.exr"))
        return add_panorama(own[int(rng.integers(len(own)))], rng)
    return add_panorama(images[int(rng.integers(len(images)))], rng)


def add_sunlit_weather(rng: np.random.Generator, bare: bool = False) -> Weather:
    """Give the scene a clear sky, or one time in ten a dull one; a ``bare`` clear one has no clouds."""
    return add_dull_sky(rng) if rng.random() < 0.1 else add_clear_sky(rng, bare)
