# SPDX-License-Identifier: GPL-3.0-or-later
"""Shorthands for the nodes of shaders: numbers, vectors, noise."""

from __future__ import annotations

from typing import Any, Literal

import bpy

from ..group import Wiring

Value = Any
TREE: Literal["ShaderNodeTree"] = "ShaderNodeTree"


class Shading:
    """Makes nodes in the tree of ``wiring``; each method's value is the new node's output socket."""

    def __init__(self, wiring: Wiring) -> None:
        self.tree = wiring.tree

    def number(self, operation: str, *values: Value) -> Value:
        """Of up to three numbers."""
        return self._fed("ShaderNodeMath", operation, values).outputs[0]

    def vector(self, operation: str, *values: Value) -> Value:
        """Of up to three vectors or colours; SCALE takes a vector and a number."""
        if operation == "SCALE":
            node = self._fed("ShaderNodeVectorMath", operation, values[:1])
            _feed(self.tree, node.inputs["Scale"], values[1])
        else:
            node = self._fed("ShaderNodeVectorMath", operation, values)
        return node.outputs["Value" if operation in ("DOT_PRODUCT", "LENGTH", "DISTANCE") else "Vector"]

    def total(self, *values: Value) -> Value:
        """The sum of numbers."""
        whole = values[0]
        for each in values[1:]:
            whole = self.number("ADD", whole, each)
        return whole

    def product(self, *values: Value) -> Value:
        """The product of numbers."""
        whole = values[0]
        for each in values[1:]:
            whole = self.number("MULTIPLY", whole, each)
        return whole

    def between(self, value: Value, low: Value = 0.0, high: Value = 1.0) -> Value:
        """A number within ``low`` .. ``high``."""
        return self.number("MINIMUM", self.number("MAXIMUM", value, low), high)

    def ramp(self, value: Value, start: Value, end: Value, low: Value = 0.0, high: Value = 1.0) -> Value:
        """``low`` up to ``start``, ``high`` from ``end`` on, smooth in between."""
        node = self.tree.nodes.new("ShaderNodeMapRange")
        node.interpolation_type = "SMOOTHSTEP"
        for place, each in zip(node.inputs, (value, start, end, low, high), strict=False):
            _feed(self.tree, place, each)
        return node.outputs[0]

    def mixed(self, factor: Value, one: Value, other: Value) -> Value:
        """A colour: ``one`` where ``factor`` is 0, ``other`` where it is 1."""
        return self.vector("MULTIPLY_ADD", self.vector("SUBTRACT", other, one), self.three(factor), one)

    def three(self, value: Value) -> Value:
        """A number as a grey."""
        return self.combined(value, value, value)

    def combined(self, x: Value, y: Value, z: Value) -> Value:
        return self._made("ShaderNodeCombineXYZ", (x, y, z)).outputs[0]

    def parts(self, vector: Value) -> tuple[Value, Value, Value]:
        x, y, z = self._made("ShaderNodeSeparateXYZ", (vector,)).outputs
        return x, y, z

    def noise(self, place: Value, detail: Value, roughness: float = 0.5, scale: float = 1.0) -> Value:
        """Perlin's noise around 0, about 0.3 strong; its octaves begin at waves of length 1 / ``scale``."""
        node = self.tree.nodes.new("ShaderNodeTexNoise")
        node.normalize = False
        for name, value in (("Vector", place), ("Scale", scale), ("Detail", detail), ("Roughness", roughness)):
            _feed(self.tree, node.inputs[name], value)
        return node.outputs[0]

    def random(self, place: Value) -> Value:
        """A number of 0 .. 1 that differs from pixel to pixel."""
        return self._made("ShaderNodeTexWhiteNoise", (place,)).outputs[0]

    def _fed(self, kind: str, operation: str, values: tuple[Value, ...]) -> Any:
        node = self.tree.nodes.new(kind)
        node.operation = operation
        for place, value in zip(node.inputs, values, strict=False):
            _feed(self.tree, place, value)
        return node

    def _made(self, kind: str, values: tuple[Value, ...]) -> Any:
        node = self.tree.nodes.new(kind)
        for place, value in zip(node.inputs, values, strict=False):
            _feed(self.tree, place, value)
        return node


def _feed(tree: Any, place: Any, value: Value) -> None:
    if isinstance(value, bpy.types.NodeSocket):
        tree.links.new(value, place)
    else:
        place.default_value = value
