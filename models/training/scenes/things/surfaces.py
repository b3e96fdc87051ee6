# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials of what people build: rendered and brick walls, panels, panes, glossy paint, lit windows."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import Colour, Shader


def rendered_wall(name: str, colour: Colour, stains: float = 0.25) -> bpy.types.Material:
    """Plaster: faint grain, large patches, streaks that run down."""
    shader = Shader(name)
    place = shader.node("ShaderNodeTexCoord").outputs["Object"]
    tall = shader.node("ShaderNodeVectorMath", {0: place, 1: (0.9, 0.9, 0.09)}, operation="MULTIPLY").outputs[0]
    streaks = shader.node("ShaderNodeTexNoise", {"Vector": tall, "Scale": 1.6, "Detail": 4.0}).outputs[0]
    patches = shader.noise(0.22, 4.0, 0.6)
    both = shader.node("ShaderNodeMath", {0: streaks, 1: patches}, operation="ADD").outputs[0]
    dark = (colour[0] * (1 - stains), colour[1] * (1 - stains), colour[2] * (1 - stains))
    grain = shader.noise(9.0, 3.0)
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": shader.blend(shader.stretch(both, 0.8, 1.25), dark, colour),
            "Roughness": 0.9,
            "Normal": shader.bump(grain, 0.25, 0.02),
        },
    ).outputs[0]
    return shader.finish(surface)


def brick_wall(name: str, colour: Colour, mortar: Colour = (0.45, 0.43, 0.4)) -> bpy.types.Material:
    """Bricks in courses, seen on every upright side."""
    shader = Shader(name)
    parts = shader.node("ShaderNodeSeparateXYZ", {0: shader.node("ShaderNodeTexCoord").outputs["Object"]}).outputs
    along = shader.node("ShaderNodeMath", {0: parts[0], 1: parts[1]}, operation="ADD").outputs[0]
    flat = shader.node("ShaderNodeCombineXYZ", {0: along, 1: parts[2]}).outputs[0]
    dark = (colour[0] * 0.55, colour[1] * 0.55, colour[2] * 0.6)
    bricks = shader.node(
        "ShaderNodeTexBrick",
        {"Vector": flat, "Color1": colour, "Color2": dark, "Mortar": mortar, "Scale": 1.0, "Mortar Size": 0.012,
         "Brick Width": 0.26, "Row Height": 0.085},
    ).outputs[0]  # fmt: skip
    worn = shader.blend(shader.stretch(shader.noise(0.3, 5.0), 0.35, 0.7), bricks, dark)
    mixed = shader.blend(0.35, bricks, worn)
    return shader.finish(shader.node("ShaderNodeBsdfPrincipled", {"Base Color": mixed, "Roughness": 0.9}).outputs[0])


def panel_wall(name: str, colour: Colour, roughness: float, rng: np.random.Generator) -> bpy.types.Material:
    """Large panels of concrete or metal, each a shade of its own, with open joints."""
    shader = Shader(name)
    parts = shader.node("ShaderNodeSeparateXYZ", {0: shader.node("ShaderNodeTexCoord").outputs["Object"]}).outputs
    along = shader.node("ShaderNodeMath", {0: parts[0], 1: parts[1]}, operation="ADD").outputs[0]
    flat = shader.node("ShaderNodeCombineXYZ", {0: along, 1: parts[2]}).outputs[0]
    dark = (colour[0] * 0.82, colour[1] * 0.82, colour[2] * 0.82)
    joint = (colour[0] * 0.3, colour[1] * 0.3, colour[2] * 0.3)
    panels = shader.node(
        "ShaderNodeTexBrick",
        {"Vector": flat, "Color1": colour, "Color2": dark, "Mortar": joint, "Scale": 1.0, "Mortar Size": 0.015,
         "Brick Width": rng.uniform(0.6, 3.5), "Row Height": rng.uniform(0.5, 3.0)},
        offset=float(rng.choice([0.0, 0.5])),
    ).outputs[0]  # fmt: skip
    return shader.finish(
        shader.node("ShaderNodeBsdfPrincipled", {"Base Color": panels, "Roughness": roughness}).outputs[0]
    )


def panes(name: str, rng: np.random.Generator, mirror: float, lit: float, tint: Colour) -> bpy.types.Material:
    """Window panes: dark rooms, some curtains and blinds, a mirror on all; `lit` is the share of lit rooms.

    `mirror` goes from plain glass (0) to the coated glass of towers (1), which mirrors the sky in the colour `tint`.
    Each cell of the mesh's first UV layer is one window, which is tilted a little out of its neighbours' plane.
    """
    shader = Shader(name)
    place = shader.node("ShaderNodeUVMap").outputs[0]
    cell = shader.node("ShaderNodeVectorMath", {0: place}, operation="FLOOR").outputs[0]
    lucky = shader.node("ShaderNodeObjectInfo").outputs["Random"]
    chance = shader.node("ShaderNodeTexWhiteNoise", {"Vector": cell, "W": lucky}, noise_dimensions="4D").outputs
    inside = shader.node("ShaderNodeFloatCurve", {"Value": chance[0]})
    curve = inside.mapping.curves[0]
    curtains = float(rng.uniform(0.05, 0.35)) * (1 - mirror)
    curve.points[0].location, curve.points[1].location = (0.0, 0.012), (1.0, 0.5)
    curve.points.new(1 - curtains - 0.02, 0.02)
    curve.points.new(1 - curtains, 0.35)
    inside.mapping.update()
    room = shader.blend(inside.outputs[0], (0.0, 0.0, 0.0), (1.0, 0.97, 0.9))
    normal = shader.node("ShaderNodeNewGeometry").outputs["Normal"]
    centred = shader.node("ShaderNodeVectorMath", {0: chance[1], 1: (0.5, 0.5, 0.5)}, operation="SUBTRACT").outputs[0]
    bent = shader.node(
        "ShaderNodeVectorMath", {0: centred, 1: (0.02, 0.02, 0.02), 2: normal}, operation="MULTIPLY_ADD"
    )
    tilted = shader.node("ShaderNodeVectorMath", {0: bent.outputs[0]}, operation="NORMALIZE").outputs[0]
    glass = shader.node(
        "ShaderNodeBsdfPrincipled",
        {"Base Color": room, "Roughness": 0.04, "IOR": 1.55 + 0.3 * rng.random(), "Normal": tilted},
    ).outputs[0]
    if mirror > 0:
        coat = shader.node("ShaderNodeBsdfGlossy", {"Color": tint, "Roughness": 0.01, "Normal": tilted}).outputs[0]
        glass = shader.node("ShaderNodeMixShader", {0: mirror, 1: glass, 2: coat}).outputs[0]
    if lit > 0:
        # Another number of the same cell decides about the light.
        parts = shader.node("ShaderNodeSeparateColor", {0: chance[1]}).outputs
        on = shader.node("ShaderNodeMath", {0: parts[1], 1: lit}, operation="LESS_THAN").outputs[0]
        warmth = shader.blend(parts[2], (1.0, 0.62, 0.28), (0.85, 0.92, 1.0))
        bright = shader.node("ShaderNodeMath", {0: parts[0], 1: 2.2, 2: 0.15}, operation="MULTIPLY_ADD").outputs[0]
        strength = shader.node("ShaderNodeMath", {0: on, 1: bright}, operation="MULTIPLY").outputs[0]
        lamp = shader.node("ShaderNodeEmission", {"Color": warmth, "Strength": strength}).outputs[0]
        glass = shader.node("ShaderNodeAddShader", {0: glass, 1: lamp}).outputs[0]
    return shader.finish(glass)


def paint(
    name: str, colour: Colour, roughness: float = 0.3, coat: float = 1.0, metal: float = 0.0
) -> bpy.types.Material:
    """Glossy paint, as of vehicles."""
    shader = Shader(name)
    return shader.finish(
        shader.node(
            "ShaderNodeBsdfPrincipled",
            {"Base Color": colour, "Roughness": roughness, "Coat Weight": coat, "Metallic": metal},
        ).outputs[0]
    )


def glow(name: str, colour: Colour, strength: float) -> bpy.types.Material:
    """A surface that shines without lighting anything: a lamp's glass, a sign, a tail light."""
    shader = Shader(name)
    return shader.finish(shader.node("ShaderNodeEmission", {"Color": colour, "Strength": strength}).outputs[0])
