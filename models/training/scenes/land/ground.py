# SPDX-License-Identifier: GPL-3.0-or-later
"""The mesh of the land, all around and out to the horizon, and what covers it: grass, sand, rock, snow, woods."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ..materials import Colour, Shader
from ..meshes import grid_quads, mesh_from, place, tint
from ..noise import fractal_noise
from .relief import Relief

#: How far the land reaches, in metres: from a camera 80 m up, the sky begins 0.2 degrees above its edge.
REACH = 24000.0


@dataclass(frozen=True)
class Cover:
    """Linear colours of the land. Snow lies above `snow_line` metres, rock shows where steeper than `rock_slope`."""

    low: Colour = (0.06, 0.085, 0.022)
    high: Colour = (0.125, 0.135, 0.042)
    grain: float = 2.5
    relief: float = 0.04
    fields: Colour | None = None
    rock: Colour = (0.19, 0.175, 0.16)
    rock_slope: float = 0.75
    snow_line: float = 1e9
    snow: Colour = (0.86, 0.88, 0.92)
    woods: float = 0.0
    wood: Colour = (0.03, 0.045, 0.02)


def add_ground(relief: Relief, cover: Cover) -> bpy.types.Object:
    """A fan of points, dense near the origin."""
    radius = np.concatenate([[0.0], np.geomspace(0.8, REACH, 270)])
    angle = np.linspace(0, 2 * np.pi, 420, endpoint=False)
    x = (radius[:, None] * np.cos(angle)[None]).ravel()
    y = (radius[:, None] * np.sin(angle)[None]).ravel()
    z = relief.height(x, y)
    away = np.hypot(x, y)
    woods = np.zeros_like(x)
    if cover.woods > 0:
        patches = fractal_noise(x / (120 + away * 0.09), y / (120 + away * 0.09), relief.seed + 71, 4)
        woods = np.clip((patches + 2 * cover.woods - 1) * 4 + 0.5, 0, 1) * (away > 150)
        woods *= np.clip((cover.snow_line - z) / 200.0 + 0.3, 0, 1)
        tops = np.abs(fractal_noise(x / 9.0, y / 9.0, relief.seed + 81, 2)) + 0.6
        z = z + 11.0 * woods * tops
    mesh = mesh_from("land", np.stack([x, y, z], axis=1), grid_quads(len(radius), len(angle), closed=True))
    slope = relief.slope(x, y)
    tint(mesh, "steep", np.clip((slope - cover.rock_slope) / 0.35 + 0.5, 0, 1), "POINT")
    rough = 60.0 * fractal_noise(x / 300.0, y / 300.0, relief.seed + 91, 4)
    white = np.clip((z - cover.snow_line + rough) / 60.0 + 0.5, 0, 1) * np.clip((1.3 - slope) / 0.4, 0, 1)
    tint(mesh, "snow", white, "POINT")
    tint(mesh, "woods", woods, "POINT")
    mesh.materials.append(_material(cover))
    return place(mesh)


def _material(cover: Cover) -> bpy.types.Material:
    shader = Shader("land")
    broad = shader.stretch(shader.noise(0.05, 5.0, 0.6), 0.35, 0.65)
    fine = shader.noise(cover.grain, 6.0, 0.72)
    colour = shader.blend(broad, cover.low, cover.high)
    dark = tuple(c * 0.55 for c in cover.low)
    colour = shader.blend(shader.stretch(fine, 0.4, 0.75), colour, dark)
    if cover.fields is not None:
        place_on = shader.node("ShaderNodeTexCoord").outputs["Object"]
        cells = shader.node("ShaderNodeTexVoronoi", {"Vector": place_on, "Scale": 0.006}, distance="CHEBYCHEV")
        pick = shader.node("ShaderNodeSeparateColor", {"Color": cells.outputs["Color"]}).outputs
        colour = shader.blend(pick[0], colour, cover.fields)
        colour = shader.blend(shader.stretch(pick[1], 0.75, 0.8), colour, (0.17, 0.11, 0.065))
    if cover.woods > 0:
        tops = shader.noise(0.12, 4.0, 0.75)
        trees = shader.blend(shader.stretch(tops, 0.35, 0.7), tuple(c * 0.4 for c in cover.wood), cover.wood)
        colour = shader.blend(shader.stretch(shader.attribute("woods"), 0.35, 0.6), colour, trees)
    big = shader.noise(0.02, 6.0, 0.65)
    stone = shader.blend(shader.stretch(big, 0.35, 0.65), tuple(c * 0.45 for c in cover.rock), cover.rock)
    colour = shader.blend(shader.stretch(shader.attribute("steep"), 0.3, 0.7), colour, stone)
    normal = shader.bump(fine, 0.8, cover.relief)
    if cover.snow_line < 1e8:
        fraction = shader.node("ShaderNodeMath", {0: shader.attribute("snow"), 1: big}, operation="ADD").outputs[0]
        snowy = shader.stretch(fraction, 0.7, 1.0)
        drift = shader.stretch(shader.noise(0.5, 4.0, 0.6), 0.3, 0.75)
        white = shader.blend(drift, cover.snow, tuple(c * 0.93 for c in cover.snow))
        colour = shader.blend(snowy, colour, white)
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {"Base Color": colour, "Roughness": 0.95, "Normal": normal, "Specular IOR Level": 0.2},
    ).outputs[0]
    return shader.finish(surface)
