# SPDX-License-Identifier: GPL-3.0-or-later
"""An overcast sky: a flat grey-white layer of cloud with faint structure, brightest near the hidden sun."""

from __future__ import annotations

from typing import Any

import bpy


def add_overcast(seed: int, brightness: float = 1.0, contrast: float = 0.30) -> None:
    """Make the world an overcast sky.

    The zenith is brighter than the horizon, as in the CIE standard overcast sky (CIE S 011, 2003), softened here
    because a real deck is thinner near the sun. `contrast` is the depth of the structure, 0 to 1.
    """
    world = bpy.data.worlds.new("overcast")
    bpy.context.scene.world = world
    world.use_nodes = True
    tree = world.node_tree
    tree.nodes.clear()

    def node(kind: str, inputs: dict[str | int, Any], **settings: Any) -> Any:
        made = tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(made, key, value)
        for key, value in inputs.items():
            if isinstance(value, bpy.types.NodeSocket):
                tree.links.new(value, made.inputs[key])
            else:
                made.inputs[key].default_value = value
        return made

    def math(operation: str, first: Any, second: Any = 0.0) -> Any:
        return node("ShaderNodeMath", {0: first, 1: second}, operation=operation).outputs[0]

    direction = tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"]
    parts = node("ShaderNodeSeparateXYZ", {0: direction}).outputs
    above = math("MAXIMUM", parts[2], 0.0)
    # A point of the flat deck: the ray divided by its height, bounded so that the horizon keeps some structure.
    lift = math("ADD", above, 0.16)
    deck = node("ShaderNodeCombineXYZ", {0: math("DIVIDE", parts[0], lift), 1: math("DIVIDE", parts[1], lift)})
    deck.inputs[2].default_value = float(seed % 97)
    broad = node("ShaderNodeTexNoise", {"Vector": deck.outputs[0], "Scale": 0.62, "Detail": 2.0, "Distortion": 0.6})
    fine = node("ShaderNodeTexNoise", {"Vector": deck.outputs[0], "Scale": 2.1, "Detail": 5.0, "Roughness": 0.52})
    mottle = math("ADD", math("MULTIPLY", broad.outputs[0], 0.7), math("MULTIPLY", fine.outputs[0], 0.3))
    mottle = node(
        "ShaderNodeMapRange",
        {"Value": mottle, "From Min": 0.34, "From Max": 0.66, "To Min": 1 - contrast, "To Max": 1 + contrast * 0.35},
        interpolation_type="SMOOTHSTEP",
    ).outputs[0]
    towards = node("ShaderNodeVectorMath", {0: direction, 1: (-0.60, 0.42, 0.68)}, operation="DOT_PRODUCT").outputs[1]
    glow = math("MULTIPLY", math("POWER", math("MAXIMUM", towards, 0.0), 5.0), 0.75)
    dome = math("ADD", math("MULTIPLY", math("POWER", above, 0.6), 0.22), 0.78)
    radiance = math("MULTIPLY", math("ADD", dome, glow), mottle)
    colour = node("ShaderNodeMix", {0: math("POWER", above, 0.5)}, data_type="RGBA")
    colour.inputs[6].default_value = (0.93, 0.955, 1.0, 1.0)
    colour.inputs[7].default_value = (0.955, 0.975, 1.0, 1.0)
    background = node(
        "ShaderNodeBackground", {"Color": colour.outputs[2], "Strength": math("MULTIPLY", radiance, brightness)}
    )
    output = tree.nodes.new("ShaderNodeOutputWorld")
    tree.links.new(background.outputs[0], output.inputs[0])
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 512
