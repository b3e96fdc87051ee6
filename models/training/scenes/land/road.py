# SPDX-License-Identifier: GPL-3.0-or-later
"""Roads and pavements laid on the land: asphalt with markings, kerbs, gravel."""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np
from numpy.typing import NDArray

from ..materials import Colour, Shader
from ..meshes import grid_quads, mesh_from, place, tint

Float64Array = NDArray[np.float64]
Height = Callable[[Float64Array, Float64Array], Float64Array]


def add_road(
    line: Float64Array, wide: float, height: Height, material: bpy.types.Material, lift: float = 0.05
) -> None:
    """A strip `wide` metres across along `line` (n, 2), `lift` metres above the land."""
    steps = np.gradient(line, axis=0)
    across = np.stack([steps[:, 1], -steps[:, 0]], axis=1)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    fractions = np.linspace(-0.5, 0.5, 9)
    points = line[:, None] + across[:, None] * fractions[None, :, None] * wide
    # A road is level across: it lies on the highest of its width.
    z = height(points[..., 0], points[..., 1]).max(axis=1, keepdims=True) + lift + 0 * fractions
    z[:, [0, -1]] -= 0.25 + lift
    grid = np.concatenate([points, z[..., None]], axis=-1)
    mesh = mesh_from("road", grid.reshape(-1, 3), grid_quads(len(line), 9))
    far = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    tint(mesh, "across", np.broadcast_to(fractions * wide, z.shape).ravel(), "POINT")
    tint(mesh, "along", np.broadcast_to(far[:, None], z.shape).ravel(), "POINT")
    mesh.materials.append(material)
    place(mesh)


def asphalt(rng: np.random.Generator, marked: bool, wet: float = 0.0, lane: float = 3.2) -> bpy.types.Material:
    """Asphalt with patches and, if `marked`, a broken middle line and edge lines; `wet` makes it shine."""
    shader = Shader("asphalt")
    level = rng.uniform(0.04, 0.16)
    broad = shader.stretch(shader.noise(0.4, 5.0, 0.6), 0.35, 0.65)
    colour = shader.blend(broad, (level, level, level * 1.03), (level * 0.7, level * 0.7, level * 0.72))
    fine = shader.noise(25.0, 3.0, 0.7)
    colour = shader.blend(shader.stretch(fine, 0.5, 0.8), colour, (level * 1.7, level * 1.7, level * 1.65))
    if marked:
        across, along = shader.attribute("across"), shader.attribute("along")
        middle = _below(shader, shader.node("ShaderNodeMath", {0: across}, operation="ABSOLUTE").outputs[0], 0.07)
        dash = shader.node("ShaderNodeMath", {0: along, 1: 9.0}, operation="MODULO").outputs[0]
        middle = shader.node(
            "ShaderNodeMath", {0: middle, 1: _below(shader, dash, 4.0)}, operation="MULTIPLY"
        ).outputs[0]
        edge = shader.node("ShaderNodeMath", {0: across}, operation="ABSOLUTE").outputs[0]
        edge = shader.node("ShaderNodeMath", {0: edge, 1: -lane}, operation="ADD").outputs[0]
        edge = _below(shader, shader.node("ShaderNodeMath", {0: edge}, operation="ABSOLUTE").outputs[0], 0.07)
        paint = shader.node("ShaderNodeMath", {0: middle, 1: edge}, operation="MAXIMUM").outputs[0]
        colour = shader.blend(paint, colour, (0.6, 0.6, 0.57))
    roughness: object = 0.8
    if wet > 0:
        puddles = shader.stretch(shader.noise(0.35, 3.0), 0.62 - 0.3 * wet, 0.7 - 0.3 * wet)
        roughness = shader.node("ShaderNodeMapRange", {"Value": puddles, "To Min": 0.45, "To Max": 0.05}).outputs[0]
    return shader.finish(
        shader.node(
            "ShaderNodeBsdfPrincipled",
            {"Base Color": colour, "Roughness": roughness, "Normal": shader.bump(fine, 0.15, 0.01)},
        ).outputs[0]
    )


def paving(rng: np.random.Generator, wet: float = 0.0) -> bpy.types.Material:
    """Slabs or setts for pavements and squares."""
    shader = Shader("paving")
    level = rng.uniform(0.16, 0.5)
    warm = rng.uniform(0.0, 0.15)
    stone: Colour = (level, level * (1 - warm * 0.5), level * (1 - warm))
    side = float(rng.choice([0.1, 0.3, 0.5, 1.0]))
    slabs = shader.node(
        "ShaderNodeTexBrick",
        {"Vector": shader.node("ShaderNodeTexCoord").outputs["Object"], "Color1": stone,
         "Color2": tuple(c * 0.8 for c in stone), "Mortar": tuple(c * 0.35 for c in stone), "Scale": 1.0,
         "Mortar Size": 0.012, "Brick Width": side * rng.uniform(1.0, 2.0), "Row Height": side},
    ).outputs[0]  # fmt: skip
    dirt = shader.stretch(shader.noise(0.5, 6.0, 0.65), 0.35, 0.7)
    colour = shader.blend(dirt, slabs, tuple(c * 0.6 for c in stone))
    return shader.finish(
        shader.node("ShaderNodeBsdfPrincipled", {"Base Color": colour, "Roughness": 0.75 - 0.5 * wet}).outputs[0]
    )


def gravel(colour: Colour) -> bpy.types.Material:
    """An earth or gravel track with two ruts."""
    shader = Shader("gravel")
    fine = shader.noise(6.0, 7.0, 0.75)
    colours = shader.blend(shader.stretch(fine, 0.35, 0.7), colour, tuple(c * 0.5 for c in colour))
    surface = shader.node(
        "ShaderNodeBsdfPrincipled", {"Base Color": colours, "Roughness": 0.95, "Normal": shader.bump(fine, 0.6, 0.03)}
    ).outputs[0]
    return shader.finish(surface)


def _below(shader: Shader, value: object, limit: float) -> object:
    return shader.node("ShaderNodeMath", {0: value, 1: limit}, operation="LESS_THAN").outputs[0]
