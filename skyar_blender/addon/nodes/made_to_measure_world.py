# SPDX-License-Identifier: GPL-3.0-or-later
"""The World “Made to Measure” with its nodes."""

from __future__ import annotations

from typing import Any

import bpy

from ..bases import there
from ..skies.light_map import small_light_map
from ..skies.made_to_measure import NAME
from .world_groups import made_to_measure


def make_world() -> Any:
    """A new World of this file whose node has the sliders; its name may get a number."""
    world = bpy.data.worlds.new(NAME)
    world.use_nodes = True
    tree = there(world.node_tree)
    tree.nodes.clear()
    nodes: tuple[Any, ...] = tuple(
        tree.nodes.new(f"ShaderNode{kind}") for kind in ("TexCoord", "Group", "OutputWorld")
    )
    coordinates, sky, end = nodes
    for column, node in enumerate(nodes):
        node.location = (-400 + 300 * column, 0)
    sky.node_tree = made_to_measure.GROUP.tree()
    sky.name = sky.label = made_to_measure.GROUP.name
    sky.width = 240
    tree.links.new(coordinates.outputs["Generated"], sky.inputs["Direction"])
    tree.links.new(sky.outputs[0], end.inputs["Surface"])
    # Where light comes from in a scene is found at each change: in a small picture that takes no time.
    small_light_map(world)
    return world
