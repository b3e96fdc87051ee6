# SPDX-License-Identifier: GPL-3.0-or-later
"""Real geometry in a sky: rendered by itself with Cycles, lit by the sky's sun, then put between its layers.

Lengths are kilometres, the eye is at the origin; forward is +Y, right +X, up +Z, as in `world.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from .render import prepare_scene, render_pixels, write_exr
from .world import Colour, direction_vector

Build = Callable[[], None]


@dataclass(frozen=True)
class Light:
    """What objects are lit by.

    Attributes:
        sun: azimuth and elevation of the sun in degrees; may lie below the horizon, for what is beyond the air.
        sunlight: radiance of a white surface that faces the sun, R, G, B.
        skylight: radiance that comes from everywhere else.
        sharpness: angle of the sun's disc in degrees: small for hard shadows.
    """

    sun: tuple[float, float]
    sunlight: Colour
    skylight: Colour
    sharpness: float = 0.53


def place(distance: float, azimuth: float, elevation: float) -> Colour:
    """Where something is that is seen in this direction."""
    x, y, z = direction_vector(azimuth, elevation)
    return x * distance, y * distance, z * distance


def render_objects(
    build: Build, light: Light, width: int, samples: int, seed: int, folder: Path
) -> tuple[Path, Path]:
    """Renders what `build` adds to an empty scene; the image (multiplied by its cover) and the cover, both EXR.

    A render that lies in `folder` already is taken as it is: so a long one is not lost.
    """
    image, cover = folder / "objects.exr", folder / "cover.exr"
    if image.is_file() and cover.is_file():
        return image, cover
    scene = prepare_scene(width, samples, seed)
    scene.render.film_transparent = True
    scene.cycles.shading_system = False
    scene.cycles.max_bounces = 4
    _light(scene, light)
    build()
    pixels = render_pixels(scene, channels=4)
    folder.mkdir(parents=True, exist_ok=True)
    write_exr(pixels[..., :3], image, quality=100)
    write_exr(np.repeat(pixels[..., 3:], 3, axis=2), cover, quality=100)
    return image, cover


def _light(scene: Any, light: Light) -> None:
    lamp = bpy.data.lights.new("sun", "SUN")
    lamp.angle = math.radians(light.sharpness)
    strongest = max(light.sunlight)
    lamp.energy = strongest * math.pi  # a white surface that faces it then has that radiance
    lamp.color = [channel / strongest for channel in light.sunlight]
    holder = bpy.data.objects.new("sun", lamp)
    # The lamp shines along its own -Z.
    azimuth, elevation = (math.radians(angle) for angle in light.sun)
    holder.rotation_euler = (math.pi / 2 - elevation, 0, math.pi - azimuth)
    scene.collection.objects.link(holder)
    world = bpy.data.worlds.new("around")
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (*light.skylight, 1)
    scene.world = world
