# SPDX-License-Identifier: GPL-3.0-or-later
"""Closed skies: white, grey, rain-dark, fog; from almost featureless to heavily structured."""

from __future__ import annotations

import numpy as np

from .clouds import paint_clouds
from .world import Weather, World


def add_dull_sky(rng: np.random.Generator) -> Weather:
    """An overcast sky; the sun is behind it, and may be felt."""
    world = World("dull sky")
    above = world.math("MAXIMUM", world.height(), 0.0)
    cool = float(rng.uniform(-0.04, 0.12))
    top = (1.0 - cool, 1.0 - cool * 0.4, 1.0)
    # From the CIE overcast sky (three times brighter above than at the horizon) to the even white of thin fog.
    zenith = float(rng.uniform(0.6, 2.0))
    level = float(rng.uniform(0.8, 1.0))
    low = (level * (1 - cool * 0.5), level * (1 - cool * 0.2), level)
    dome = world.blend(world.math("POWER", above, 0.6), low, tuple(c * zenith for c in top))
    azimuth, elevation = float(rng.uniform(0, 360)), float(rng.uniform(10, 60))
    a, e = np.radians([azimuth, elevation])
    sun = (float(np.sin(a) * np.cos(e)), float(np.cos(a) * np.cos(e)), float(np.sin(e)))
    glow = world.math("POWER", world.math("MAXIMUM", world.dot(world.direction, sun), 0.0), float(rng.uniform(3, 30)))
    dome = world.scale(dome, world.math("ADD", world.math("MULTIPLY", glow, float(rng.uniform(0, 1.5))), 1.0))
    structure = float(rng.choice([0.0, 0.25, 0.6], p=[0.3, 0.4, 0.3]))
    if structure:
        for _ in range(int(rng.integers(1, 3))):
            dark = world.scale(dome, 1 - structure * float(rng.uniform(0.4, 1.0)))
            lit = world.scale(dome, 1 + 0.3 * structure)
            dome = paint_clouds(world, dome, lit, dark, sun, rng, float(rng.uniform(0.3, 0.8)), dome)
    world.finish(dome, 1.0, 256)
    foggy = rng.random() < 0.3
    haze = float(np.exp(rng.uniform(np.log(60), np.log(600)) if foggy else rng.uniform(np.log(1500), np.log(20000))))
    return Weather("fog" if foggy else "overcast", None, haze, {"structure": structure})


def add_night_sky(rng: np.random.Generator) -> Weather:
    """A dark sky: the glow of a town at the horizon, stars or lit cloud, sometimes the last blue of dusk."""
    world = World("night sky")
    above = world.math("MAXIMUM", world.height(), 0.0)
    dusk = rng.random() < 0.35
    zenith = (0.010, 0.022, 0.06) if dusk else (0.0015, 0.002, 0.004)
    glow = [(0.06, 0.035, 0.015), (0.03, 0.03, 0.035), (0.012, 0.02, 0.045)][int(rng.integers(3))]
    strength = float(rng.uniform(0.3, 2.5))
    dome = world.blend(
        world.math("POWER", above, float(rng.uniform(0.3, 0.8))), tuple(c * strength for c in glow), zenith
    )
    clouded = rng.random() < 0.5
    if clouded:
        lit = tuple(c * strength * 0.9 for c in glow)
        dome = paint_clouds(world, dome, lit, tuple(c * 0.4 for c in lit), (0.0, 0.0, 1.0), rng, 0.6, dome)
    elif rng.random() < 0.6:
        stars = world.node("ShaderNodeTexVoronoi", {"Vector": world.direction, "Scale": float(rng.uniform(60, 160))})
        near = world.math("LESS_THAN", stars.outputs["Distance"], 0.06)
        parts = world.node("ShaderNodeSeparateXYZ", {0: stars.outputs["Color"]}).outputs
        shine = world.math("MULTIPLY", world.math("POWER", parts[0], 8.0), 0.8)
        dome = world.vector(
            "ADD", dome, world.scale(world.vector("ADD", (1.0, 1.0, 1.0)), world.math("MULTIPLY", near, shine))
        )
    world.finish(dome, 1.0, 256)
    return Weather(
        "night", None, float(np.exp(rng.uniform(np.log(1500), np.log(15000)))), {"clouds": clouded, "dusk": dusk}
    )
