# SPDX-License-Identifier: GPL-3.0-or-later
"""A world being written: the node tree of the sky, and helpers for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import bpy

from ..nodes import add_node


@dataclass(frozen=True)
class Weather:
    """Facts about a sky: its kind, the sun's azimuth and elevation in degrees (None without one), what else is known.

    Azimuth 0 is +y and grows towards +x. `haze` is how many metres of its air leave 1/e of the light.
    """

    kind: str
    sun: tuple[float, float] | None
    haze: float
    about: dict[str, Any] = field(default_factory=dict)


class World:
    """The scene's world with an empty tree; `finish` connects a colour to its background."""

    def __init__(self, name: str) -> None:
        old = bpy.context.scene.world
        self.world = bpy.data.worlds.new(name)
        bpy.context.scene.world = self.world
        if old is not None:
            bpy.data.worlds.remove(old)
        # Newer Blenders always have a tree.
        if self.world.node_tree is None:
            self.world.use_nodes = True
        self.tree = self.world.node_tree
        self.tree.nodes.clear()
        self.direction = self.tree.nodes.new("ShaderNodeTexCoord").outputs["Generated"]

    def node(self, kind: str, inputs: dict[Any, Any] | None = None, **settings: Any) -> Any:
        """One node; `inputs` are numbers, tuples or sockets to link."""
        return add_node(self.tree, kind, inputs, settings)

    def math(self, operation: str, first: Any, second: Any = 0.0, third: Any = 0.0) -> Any:
        """A number from up to three."""
        return self.node("ShaderNodeMath", {0: first, 1: second, 2: third}, operation=operation).outputs[0]

    def vector(self, operation: str, first: Any, second: Any = (0.0, 0.0, 0.0)) -> Any:
        """A vector from two."""
        return self.node("ShaderNodeVectorMath", {0: first, 1: second}, operation=operation).outputs[0]

    def dot(self, first: Any, second: Any) -> Any:
        """The dot product."""
        return self.node("ShaderNodeVectorMath", {0: first, 1: second}, operation="DOT_PRODUCT").outputs["Value"]

    def scale(self, colour: Any, factor: Any) -> Any:
        """A colour times a number."""
        return self.node("ShaderNodeVectorMath", {0: colour, "Scale": factor}, operation="SCALE").outputs[0]

    def stretch(self, value: Any, low: float, high: float) -> Any:
        """0 at `low`, 1 at `high`, smooth between."""
        return self.node(
            "ShaderNodeMapRange", {"Value": value, "From Min": low, "From Max": high}, interpolation_type="SMOOTHSTEP"
        ).outputs[0]

    def blend(self, fraction: Any, first: Any, second: Any) -> Any:
        """A colour between two."""
        made = self.node("ShaderNodeMix", {0: fraction}, data_type="RGBA")
        for socket, value in ((made.inputs[6], first), (made.inputs[7], second)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = (*value, 1.0)
        return made.outputs[2]

    def height(self) -> Any:
        """The sine of the elevation."""
        return self.node("ShaderNodeSeparateXYZ", {0: self.direction}).outputs[2]

    def finish(self, colour: Any, strength: float = 1.0, map_size: int = 512) -> None:
        """Make `colour` the sky; `map_size` is the width of the table by which its light is sampled."""
        background = self.node("ShaderNodeBackground", {"Color": colour, "Strength": strength})
        output = self.tree.nodes.new("ShaderNodeOutputWorld")
        self.tree.links.new(background.outputs[0], output.inputs[0])
        self.world.cycles.sampling_method = "MANUAL"
        self.world.cycles.sample_map_resolution = map_size
