# SPDX-License-Identifier: GPL-3.0-or-later
"""The ground around the camera, with a gravel path, and the ridges of hills behind it."""

from __future__ import annotations

import bpy
import numpy as np
from numpy.typing import NDArray

from ..materials import Colour, Shader
from ..meshes import grid_quads, mesh_from, place, tint
from ..noise import fractal_noise

Float64Array = NDArray[np.float64]


def height(x: Float64Array, y: Float64Array, seed: int) -> Float64Array:
    """Height of the meadow in metres; about zero at the origin, gently rolling, falling away in the distance."""
    near = 0.10 * fractal_noise(x / 3.0, y / 3.0, seed, 4)
    wide = 1.1 * fractal_noise(x / 34.0, y / 34.0, seed + 50, 3) * np.clip(np.hypot(x, y) / 30.0, 0, 1)
    fall = -0.00009 * np.clip(np.hypot(x, y) - 45.0, 0, None) ** 2
    return near + wide + np.maximum(fall, -14.0)


def path_centre(y: Float64Array) -> Float64Array:
    """x of the middle of the gravel path at y."""
    result: Float64Array = 0.55 + 0.02 * y - 0.0085 * y * y
    return result


def path_fraction(x: Float64Array, y: Float64Array, seed: int) -> Float64Array:
    """1 on the gravel, 0 on the grass, with a ragged edge and a grassy strip in the middle."""
    ragged = 0.22 * fractal_noise(x / 0.8, y / 0.8, seed + 7, 4)
    across = np.abs(x - path_centre(y)) + ragged
    fraction = np.clip((1.25 - across) / 0.35, 0, 1) * (y < 42)
    strip = np.clip((0.20 - across) / 0.15, 0, 1) * 0.55
    return fraction * (1 - strip)


def add_ground(seed: int) -> bpy.types.Object:
    """The meadow as a fan of points, dense near the camera, out to 420 m."""
    angle = np.linspace(-1.25, 1.25, 520)
    radius = np.geomspace(1.0, 420.0, 420)
    x = (radius[:, None] * np.sin(angle)[None]).ravel()
    y = (radius[:, None] * np.cos(angle)[None]).ravel() - 1.5
    gravel = path_fraction(x, y, seed)
    z = height(x, y, seed) - 0.05 * gravel
    mesh = mesh_from("meadow", np.stack([x, y, z], axis=1), grid_quads(len(radius), len(angle)))
    tint(mesh, "gravel", gravel, "POINT")
    mesh.materials.append(_meadow())
    return place(mesh)


def _meadow() -> bpy.types.Material:
    shader = Shader("meadow")
    broad = shader.stretch(shader.noise(0.06, 4.0, 0.6), 0.35, 0.65)
    fine = shader.noise(2.6, 8.0, 0.75)
    grass = shader.blend(broad, (0.058, 0.085, 0.021), (0.125, 0.135, 0.042))
    grass = shader.blend(shader.stretch(fine, 0.38, 0.72), grass, (0.045, 0.048, 0.016))
    stones = shader.node(
        "ShaderNodeTexVoronoi", {"Vector": shader.node("ShaderNodeTexCoord").outputs["Object"], "Scale": 34.0}
    )
    damp = shader.stretch(shader.noise(1.1, 6.0, 0.7), 0.35, 0.7)
    grey = shader.blend(damp, (0.30, 0.27, 0.225), (0.19, 0.165, 0.13))
    speck = shader.node("ShaderNodeSeparateColor", {"Color": stones.outputs["Color"]}).outputs[0]
    gravel = shader.blend(shader.stretch(speck, 0.3, 1.0), grey, (0.42, 0.40, 0.37))
    # The edge of the gravel is as ragged as the grass that grows into it.
    given = shader.attribute("gravel")
    ragged = shader.node(
        "ShaderNodeMath", {0: given, 1: shader.stretch(fine, 0.3, 0.7), 2: given}, operation="MULTIPLY_ADD"
    )
    fraction = shader.stretch(ragged.outputs[0], 0.45, 0.95)
    relief = shader.node("ShaderNodeMath", {0: fine, 1: stones.outputs["Distance"]}, operation="ADD").outputs[0]
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": shader.blend(fraction, grass, gravel),
            "Roughness": 0.95,
            "Normal": shader.bump(relief, 0.7, 0.04),
        },
    ).outputs[0]
    return shader.finish(surface)


def add_ridge(distance: float, rise: float, seed: int, wood: Colour, field: Colour, wooded: float = 0.5) -> None:
    """One range of hills.

    Its crest is `rise` metres high on average, `distance` metres away; `wooded` is the share of forest, whose
    tree tops roughen the crest.
    """
    angle = np.linspace(-1.15, 1.15, 1100)
    depth = np.linspace(0.0, 1.0, 26)
    a, d = np.meshgrid(angle, depth)
    crest = rise * (1.0 + 0.75 * fractal_noise(angle * 3.1 + seed * 1.7, angle * 0 + 0.5, seed, 6, 0.45))
    radius = distance * (0.72 + 0.28 * d)
    x, y = radius * np.sin(a), radius * np.cos(a)
    slope = d * d * (3 - 2 * d)
    relief = 0.16 * rise * fractal_noise(x / (distance * 0.11), y / (distance * 0.11), seed + 3, 5) * d
    woods = fractal_noise(x / (distance * 0.08), y / (distance * 0.08), seed + 9, 4)
    forest = np.clip(woods * 3.5 + wooded * 4 - 1.6, 0, 1)
    tree = 6.0 * distance / (distance + 900.0)
    rough = np.abs(fractal_noise(a * distance / 7.0, d * 40, seed + 21, 3)) * tree * 1.7 * forest
    # The slope begins below the meadow's horizon so that no gap shows between them.
    z = -22.0 + (crest[None] + 22.0) * slope + relief + rough + tree * forest * 0.8
    mesh = mesh_from(f"ridge {distance:.0f} m", np.stack([x, y, z], axis=-1).reshape(-1, 3), grid_quads(26, 1100))
    tint(mesh, "forest", forest.ravel(), "POINT")
    shader = Shader(f"ridge {distance:.0f} m")
    tops = shader.noise(0.14, 4.0, 0.7)
    trees = shader.blend(shader.stretch(tops, 0.35, 0.7), (wood[0] * 0.45, wood[1] * 0.5, wood[2] * 0.5), wood)
    patch = shader.blend(shader.stretch(shader.noise(8.0 / distance, 2.0), 0.45, 0.55), field, (0.16, 0.15, 0.07))
    surface = shader.node(
        "ShaderNodeBsdfDiffuse",
        {
            "Color": shader.blend(shader.stretch(shader.attribute("forest"), 0.3, 0.55), patch, trees),
            "Normal": shader.bump(tops, 0.8, 5.0),
        },
    ).outputs[0]
    mesh.materials.append(shader.finish(surface))
    place(mesh)
