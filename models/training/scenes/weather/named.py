# SPDX-License-Identifier: GPL-3.0-or-later
"""Skies that are asked for by name, to replace one by another; `heading` is where the camera looks, in degrees."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .clear import air_light, grey_of, towards
from .clouds import paint_clouds
from .world import Weather, World


def add_noon(rng: np.random.Generator, heading: float) -> Weather:
    """A cloudless sky with the sun high up."""
    return _physical("noon", rng, _beside(rng, heading, 180), float(rng.uniform(52, 68)), 1.0, None)


def add_blue(rng: np.random.Generator, heading: float) -> Weather:
    """A deep blue sky of dry air, the sun at half height behind the camera."""
    return _physical("blue", rng, _beside(rng, heading + 180, 80), float(rng.uniform(28, 42)), 0.3, None)


def add_day(rng: np.random.Generator, heading: float) -> Weather:
    """Fair weather: white clouds and sun."""
    return _physical("day", rng, _beside(rng, heading + 180, 120), float(rng.uniform(35, 55)), 0.8, 0.35)


def add_cloudy(rng: np.random.Generator, heading: float) -> Weather:
    """Broken clouds, and the sun behind one of them."""
    azimuth, elevation = _beside(rng, heading, 150), float(rng.uniform(30, 50))
    return _physical("cloudy", rng, azimuth, elevation, 1.5, 0.7, disc=False)


def add_sunset(rng: np.random.Generator, heading: float) -> Weather:
    """The sun just above the horizon, ahead and to one side, under a few clouds lit from below."""
    return _physical("sunset", rng, _beside(rng, heading, 35), float(rng.uniform(0.8, 2.5)), 2.0, 0.3, low=True)


def add_overcast(rng: np.random.Generator, heading: float) -> Weather:
    """A closed grey layer, brighter above than at the horizon, with faint structure."""
    world = World("overcast")
    above = world.math("MAXIMUM", world.height(), 0.0)
    dome = world.blend(world.math("POWER", above, 0.6), (0.6, 0.63, 0.66), (1.2, 1.24, 1.28))
    dark, lit = world.scale(dome, 0.78), world.scale(dome, 1.08)
    dome = paint_clouds(world, dome, lit, dark, towards(_beside(rng, heading, 180), 50.0), rng, 0.55, dome)
    world.finish(dome, 1.0, 256)
    return Weather("overcast", None, 12000.0)


def add_storm(rng: np.random.Generator, heading: float) -> Weather:
    """Dark, torn clouds in two layers; what light there is comes from a pale strip at the horizon."""
    world = World("storm")
    above = world.math("MAXIMUM", world.height(), 0.0)
    strip = (0.26, 0.29, 0.27)
    dome = world.blend(world.stretch(above, 0.02, 0.35), strip, (0.055, 0.066, 0.078))
    sun = towards(_beside(rng, heading, 90), 20.0)
    for cover in (0.75, 0.55):
        dome = paint_clouds(world, dome, world.scale(dome, 1.35), world.scale(dome, 0.3), sun, rng, cover, dome)
    world.finish(dome, 1.0, 512)
    return Weather("storm", None, 5000.0)


def add_night(rng: np.random.Generator, heading: float) -> Weather:
    """A clear night: stars, a full moon high behind the camera, and the glow of a town at the horizon."""
    world = World("night")
    above = world.math("MAXIMUM", world.height(), 0.0)
    dome = world.blend(world.math("POWER", above, 0.45), (0.016, 0.019, 0.026), (0.0030, 0.0052, 0.0115))
    stars = world.node("ShaderNodeTexVoronoi", {"Vector": world.direction, "Scale": float(rng.uniform(70, 110))})
    near = world.math("LESS_THAN", stars.outputs["Distance"], 0.05)
    bright = world.node("ShaderNodeSeparateXYZ", {0: stars.outputs["Color"]}).outputs[0]
    shine = world.math("MULTIPLY", near, world.math("MULTIPLY", world.math("POWER", bright, 8.0), 0.15))
    dome = world.vector("ADD", dome, world.scale(world.vector("ADD", (1.0, 1.0, 1.0)), shine))
    moon = (_beside(rng, heading + 180, 80), float(rng.uniform(35, 55)))
    dome = world.vector("ADD", dome, _disc(world, moon, 1.5, (7.0, 7.6, 8.6)))
    world.finish(dome, 1.0, 1024)
    return Weather("night", None, 20000.0, {"moon_azimuth_elevation": moon})


def add_alien(rng: np.random.Generator, heading: float) -> Weather:
    """Violet above, green at the horizon, bands of orange dust, and two suns: a white one and a small red one."""
    world = World("alien")
    above = world.math("MAXIMUM", world.height(), 0.0)
    dome = world.blend(world.math("POWER", above, 0.55), (0.34, 0.74, 0.42), (0.20, 0.07, 0.42))
    suns = (
        (_beside(rng, heading, 35), float(rng.uniform(18, 30)), 2.2, (150.0, 165.0, 190.0), (0.30, 0.34, 0.44)),
        (_beside(rng, heading + 90, 60), float(rng.uniform(8, 16)), 1.2, (230.0, 60.0, 40.0), (0.40, 0.10, 0.06)),
    )
    first = towards(*suns[0][:2])
    dust = paint_clouds(world, dome, (0.95, 0.45, 0.22), (0.30, 0.10, 0.16), first, rng, 0.4, dome)
    for azimuth, elevation, radius, disc, glow in suns:
        near = world.math("MAXIMUM", world.dot(world.direction, towards(azimuth, elevation)), 0.0)
        halo = world.scale(world.vector("ADD", glow), world.math("POWER", near, 24.0))
        dust = world.vector("ADD", dust, world.vector("ADD", halo, _disc(world, (azimuth, elevation), radius, disc)))
    world.finish(dust, 1.0, 1024)
    return Weather("alien", (suns[0][0], suns[0][1]), 9000.0, {"second_sun": [suns[1][0], suns[1][1]]})


#: Every sky by its name.
SKIES: dict[str, Callable[[np.random.Generator, float], Weather]] = {
    "noon": add_noon,
    "blue": add_blue,
    "day": add_day,
    "cloudy": add_cloudy,
    "sunset": add_sunset,
    "overcast": add_overcast,
    "storm": add_storm,
    "night": add_night,
    "alien": add_alien,
}


def _beside(rng: np.random.Generator, heading: float, spread: float) -> float:
    """An azimuth within `spread` degrees of `heading`."""
    return float((heading + rng.uniform(-spread, spread)) % 360)


def _disc(world: World, where: tuple[float, float], radius: float, light: tuple[float, float, float]) -> Any:
    """An even disc of `radius` degrees at an azimuth and an elevation; black around it."""
    near = world.dot(world.direction, towards(*where))
    inside = world.math("GREATER_THAN", near, math.cos(math.radians(radius)))
    return world.scale(world.vector("ADD", light), inside)


def _physical(
    kind: str,
    rng: np.random.Generator,
    azimuth: float,
    elevation: float,
    aerosols: float,
    cover: float | None,
    disc: bool = True,
    low: bool = False,
) -> Weather:
    """Blender's physical sky, with clouds over the share `cover` of it; below the horizon its lowest row goes on.

    A `low` sun colours the clouds as it colours the sky beside it.
    """
    world = World(kind)
    settings = {
        "sun_elevation": math.radians(elevation), "sun_rotation": math.radians(azimuth), "air_density": 1.0,
        "aerosol_density": aerosols, "ozone_density": 1.0, "altitude": 100.0,
    }  # fmt: skip
    parts = world.node("ShaderNodeSeparateXYZ", {0: world.direction}).outputs
    above = world.math("MAXIMUM", parts[2], 0.002)
    lifted = world.node("ShaderNodeCombineXYZ", {0: parts[0], 1: parts[1], 2: above}).outputs[0]
    sky: Any = air_light(world, settings, False, world.vector("NORMALIZE", lifted))
    if disc:
        # With its disc the texture is black below the horizon.
        whole = air_light(world, settings, True, None)
        sky = world.blend(world.math("GREATER_THAN", parts[2], 0.002), sky, whole)
    if cover is not None:
        level = air_light(world, settings, False, towards(azimuth + (12 if low else 60), 4.0 if low else 10.0))
        grey = grey_of(world, level)
        lit = world.scale(world.blend(0.1 if low else 0.6, level, grey), 1.3 if low else 2.0)
        dark = world.scale(world.blend(0.5 if low else 1.0, level, grey), 0.25 if low else 0.7)
        sky = paint_clouds(world, sky, lit, dark, towards(azimuth, 0.0), rng, cover, level)
    world.finish(sky, 0.1, 1024)
    return Weather(
        kind, (azimuth, elevation), 30000.0 if low else 60000.0 / (1 + 2 * aerosols), {"clouds": cover or 0.0}
    )
