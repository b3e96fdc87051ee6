# SPDX-License-Identifier: GPL-3.0-or-later
"""A panorama as the world, turned at random; what stands at its horizon is pushed below ours."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from .world import Weather, World

#: These show buildings or trees high up, as a sky they would be labelled wrongly; the last one has no red.
PLACES = {"city.hdr", "sunset.hdr", "shanghai_riverside_1k.hdr", "venice.hdr", "forest.hdr", "snowy_park_01_4k.jpg",
          "immenstadter_horn_1k.hdr", "kloofendal_48d_partly_cloudy_puresky_1k.hdr"}  # fmt: skip
#: Up to how many degrees hills, houses or trees reach above the horizon of these.
HORIZONS = {
    "dawn.hdr": 11.0,
    "blouberg_sunrise_2_1k.hdr": 12.0,
    "night.hdr": 20.0,
    "park.hdr": 16.0,
    "sunrise.hdr": 24.0,
}
NIGHTS = {"night.hdr", "starmap_4k.jpg"}


def usable(folder: Path, night: bool) -> list[Path]:
    """The panoramas of `folder` that are skies, by day or by night, in the order of their names."""
    found = [p for p in sorted(folder.iterdir()) if p.suffix.lower() in {".hdr", ".exr", ".jpg", ".png"}]
    return [p for p in found if p.name not in PLACES and (p.name in NIGHTS) == night]


def add_panorama(path: Path, rng: np.random.Generator, strength: float = 1.0) -> Weather:
    """The panorama at `path`: equirectangular, first row up, scene-linear or (8 bits) sRGB."""
    world = World("panorama")
    turn = float(rng.uniform(0, 2 * np.pi))
    base = HORIZONS.get(path.name, 0.6)
    parts = world.node("ShaderNodeSeparateXYZ", {0: world.direction}).outputs
    elevation = world.math("ARCSINE", world.math("MAXIMUM", parts[2], 0.0))
    # Our horizon shows the panorama's `base` degrees, our zenith its zenith.
    lifted = world.math("MULTIPLY_ADD", elevation, 1 - base / 90.0, float(np.radians(base)))
    flat = world.vector("NORMALIZE", world.node("ShaderNodeCombineXYZ", {0: parts[0], 1: parts[1]}).outputs[0])
    low = world.scale(flat, world.math("COSINE", lifted))
    up = world.node("ShaderNodeCombineXYZ", {2: world.math("SINE", lifted)}).outputs[0]
    where = world.node(
        "ShaderNodeVectorRotate", {0: world.vector("ADD", low, up), "Angle": turn}, rotation_type="Z_AXIS"
    )
    image = bpy.data.images.load(str(path), check_existing=True)
    colour = world.node("ShaderNodeTexEnvironment", {0: where.outputs[0]}, image=image).outputs[0]
    world.finish(colour, strength, 1024)
    about = {"panorama": f"{path.parent.name}/{path.name}", "turn_degrees": round(float(np.degrees(turn)), 2)}
    return Weather("panorama", None, float(np.exp(rng.uniform(np.log(2500), np.log(40000)))), about)
