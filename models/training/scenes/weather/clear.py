# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's physical sky, with painted clouds or without."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .clouds import paint_clouds
from .world import Weather, World


def add_clear_sky(rng: np.random.Generator, bare: bool = False) -> Weather:
    """A sky of Rayleigh and Mie scattering with the sun anywhere from just below the horizon to the zenith.

    A ``bare`` one has no clouds.
    """
    draw = rng.random()
    elevation = float(
        rng.uniform(-4, 3) if draw < 0.15 else rng.uniform(3, 15) if draw < 0.4 else rng.uniform(15, 72)
    )
    azimuth = float(rng.uniform(0, 360))
    clouded = rng.random() < 0.6 and not bare
    hidden = clouded and rng.random() < 0.35
    aerosols = float(rng.choice([0.3, 1.0, 2.5, 6.0], p=[0.25, 0.35, 0.25, 0.15]) * rng.uniform(0.7, 1.4))
    world = World("clear sky")
    settings = {
        "sun_elevation": math.radians(elevation), "sun_rotation": math.radians(azimuth),
        "air_density": float(rng.uniform(0.7, 1.6)), "aerosol_density": aerosols,
        "ozone_density": float(rng.uniform(0.5, 2.5)), "altitude": float(rng.uniform(0, 1500)),
    }  # fmt: skip
    # Nothing may be seen below the horizon, where that model is black: the lowest row of the sky goes on downwards.
    parts = world.node("ShaderNodeSeparateXYZ", {0: world.direction}).outputs
    above = world.math("MAXIMUM", parts[2], 0.002)
    lifted = world.node("ShaderNodeCombineXYZ", {0: parts[0], 1: parts[1], 2: above}).outputs[0]
    sky = air_light(world, settings, not hidden, world.vector("NORMALIZE", lifted))
    if clouded:
        sun = (math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth)), 0.0)
        # The clouds' light is the clear sky's own, low and to the side of the sun. Only one such look: every further
        # texture of this kind costs half a second.
        level = air_light(world, settings, False, towards(azimuth + 60, 10.0))
        grey = grey_of(world, level)
        lit = world.scale(world.blend(0.6, level, grey), float(rng.uniform(1.0, 2.6)))
        dark = world.scale(grey, float(rng.uniform(0.35, 1.0)))
        sky = paint_clouds(world, sky, lit, dark, sun, rng, float(rng.uniform(0.15, 0.85)), level)
    world.finish(sky, 0.1)
    haze = float(np.exp(rng.uniform(np.log(3000), np.log(60000))) / (1 + aerosols * 0.5))
    about = {"clouds": clouded, "aerosols": round(aerosols, 3)}
    return Weather("clear", (azimuth, elevation) if not hidden else None, haze, about)


def air_light(world: World, settings: dict[str, float], disc: bool, where: Any) -> Any:
    """The physical sky's light towards `where`, with the sun's disc or without."""
    # With its disc the texture takes no direction but the ray's own.
    inputs = {} if disc else {"Vector": where}
    return world.node("ShaderNodeTexSky", inputs, sky_type="MULTIPLE_SCATTERING", sun_disc=disc, **settings).outputs[
        0
    ]


def towards(azimuth: float, elevation: float) -> tuple[float, float, float]:
    """The direction of an azimuth and an elevation in degrees."""
    a, e = math.radians(azimuth), math.radians(elevation)
    return math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)


def grey_of(world: World, colour: Any) -> Any:
    """The colour's brightness in all three channels."""
    level = world.dot(colour, (0.3, 0.5, 0.2))
    return world.node("ShaderNodeCombineXYZ", {0: level, 1: level, 2: level}).outputs[0]
