# SPDX-License-Identifier: GPL-3.0-or-later
"""The compositor's nodes, by what they do."""

from __future__ import annotations

from typing import Any, Literal

import bpy

from .compositor_versions import SHADER_NODES, SIZES_ARE_SOCKETS, TREES_ARE_GROUPS

Node = Any
Socket = Any

#: Blur sizes in Blender 4.2 are a whole number on the node times a factor up to 1 from its socket.
_BLUR_UNIT = 2048

BlurKind = Literal["GAUSS", "DISC"]
Blend = Literal["MIX", "MULTIPLY", "DIVIDE", "ADD", "SUBTRACT", "DARKEN", "LIGHTEN"]


def math(tree: Any, operation: str, a: Socket | float, b: Socket | float | None = None) -> Socket:
    """``operation`` of one or two numbers; the output socket."""
    shader = SHADER_NODES or tree.bl_idname == "ShaderNodeTree"
    node = tree.nodes.new("ShaderNodeMath" if shader else "CompositorNodeMath")
    node.operation = operation
    for place, value in zip(node.inputs, (a, b), strict=False):
        _feed(tree, place, value)
    return node.outputs[0]


def mix(tree: Any, blend: Blend, factor: Socket | float, a: Any, b: Any) -> Socket:
    """Colours ``a`` and ``b`` blended, unclamped; ``a`` where ``factor`` is 0. The output socket.

    ``factor`` is 1 for all but MIX. What becomes of alpha differs between versions.
    """
    if SHADER_NODES:
        # The Mix node takes ten times as long.
        if blend == "MIX":
            return _vector_math(tree, "MULTIPLY_ADD", _vector_math(tree, "SUBTRACT", b, a), factor, a)
        return _vector_math(tree, _VECTOR_MATH[blend], a, b)
    node = tree.nodes.new("CompositorNodeMixRGB")
    node.use_clamp = False
    node.blend_type = blend
    for place, value in zip(node.inputs, (factor, a, b), strict=True):
        _feed(tree, place, value)
    return node.outputs[0]


_VECTOR_MATH = {"MULTIPLY": "MULTIPLY", "DIVIDE": "DIVIDE", "ADD": "ADD", "SUBTRACT": "SUBTRACT"}
_VECTOR_MATH |= {"DARKEN": "MINIMUM", "LIGHTEN": "MAXIMUM"}


def _vector_math(tree: Any, operation: str, *values: Any) -> Socket:
    node = tree.nodes.new("ShaderNodeVectorMath")
    node.operation = operation
    for place, value in zip(node.inputs, values, strict=False):
        _feed(tree, place, value[:3] if isinstance(value, tuple) else value)
    return node.outputs[0]


def clamped(tree: Any, image: Socket, low: float, high: float) -> Socket:
    """The colour of ``image`` within ``low`` .. ``high``, ``low`` where it is no number; the output socket."""
    # The limit comes first: Blender takes it where the other is no number.
    if SHADER_NODES:
        return _vector_math(tree, "MINIMUM", (high,) * 3, _vector_math(tree, "MAXIMUM", (low,) * 3, image))
    parts, whole = (tree.nodes.new(f"CompositorNode{name}Color") for name in ("Separate", "Combine"))
    _feed(tree, parts.inputs["Image"], image)
    for channel in ("Red", "Green", "Blue"):
        value = math(tree, "MINIMUM", high, math(tree, "MAXIMUM", low, parts.outputs[channel]))
        _feed(tree, whole.inputs[channel], value)
    return whole.outputs[0]


def blur(tree: Any, kind: BlurKind, image: Socket, radius: Socket) -> Socket:
    """``image`` averaged within ``radius`` pixels (0 changes nothing); the output socket.

    ``GAUSS`` is cut off at ``radius``, its standard deviation is a third of it; ``DISC`` weighs all alike.
    """
    if not SIZES_ARE_SOCKETS:
        radius = math(tree, "DIVIDE", radius, float(_BLUR_UNIT))
    node = tree.nodes.new("CompositorNodeBlur")
    if SIZES_ARE_SOCKETS:
        node.inputs["Separable"].default_value = kind == "GAUSS"
    else:
        node.use_bokeh = kind == "DISC"
        node.size_x = node.size_y = _BLUR_UNIT
    if TREES_ARE_GROUPS:
        node.inputs["Type"].default_value = "Gaussian" if kind == "GAUSS" else "Flat"
    else:
        node.filter_type = "GAUSS" if kind == "GAUSS" else "FLAT"
    _feed(tree, node.inputs["Image"], image)
    _feed(tree, node.inputs["Size"], radius)
    return node.outputs[0]


#: Before Blender 4.5 the distance of Dilate/Erode is no socket.
HAS_DILATE_SIZE = SIZES_ARE_SOCKETS


def dilate(tree: Any, mask: Socket, pixels: Socket) -> Socket:
    """``mask`` grown (``pixels``, a whole number, above 0) or shrunk by a disc of that radius; the output socket."""
    node = tree.nodes.new("CompositorNodeDilateErode")
    if TREES_ARE_GROUPS:
        node.inputs["Type"].default_value = "Distance"
    else:
        node.mode = "DISTANCE"
    _feed(tree, node.inputs["Mask"], mask)
    _feed(tree, node.inputs["Size"], pixels)
    return node.outputs[0]


def soft_blur(tree: Any, image: Socket, radius: Socket) -> Socket:
    """As ``GAUSS`` of :func:`blur`; in Blender 5.0 and later at a half or a quarter of the size where that is a whole
    number of pixels and so soft an image loses nothing."""
    if not TREES_ARE_GROUPS:
        return blur(tree, "GAUSS", image, radius)
    size, parts = tree.nodes.new("CompositorNodeImageInfo"), tree.nodes.new("ShaderNodeSeparateXYZ")
    _feed(tree, size.inputs["Image"], image)
    _feed(tree, parts.inputs[0], size.outputs["Resolution"])
    step: Socket = math(tree, "ADD", 1.0, 0.0)
    for divisor, least in ((2.0, 16.0), (4.0, 32.0)):
        rest = math(tree, "ADD", *(math(tree, "MODULO", parts.outputs[name], divisor) for name in "XY"))
        fits = math(tree, "MULTIPLY", math(tree, "LESS_THAN", rest, 0.5), math(tree, "LESS_THAN", least, radius))
        # Twice, because a pixel is read from the four nearest alone. The Scale node only notes what is to be done;
        # a sum does it.
        image = _scaled(tree, image, math(tree, "DIVIDE", 1.0, math(tree, "ADD", fits, 1.0)))
        image = _vector_math(tree, "ADD", image, (0.0, 0.0, 0.0))
        step = math(tree, "MULTIPLY", step, math(tree, "ADD", fits, 1.0))
    return _scaled(tree, blur(tree, "GAUSS", image, math(tree, "DIVIDE", radius, step)), step)


def _scaled(tree: Any, image: Socket, factor: Socket) -> Socket:
    node = enlarging_node(tree)
    for name, value in (("Image", image), ("X", factor), ("Y", factor)):
        _feed(tree, node.inputs[name], value)
    return node.outputs[0]


def enlarging_node(tree: Any) -> Node:
    """A node that makes its first input ``X`` times as wide and ``Y`` times as high, between pixels linearly."""
    node = tree.nodes.new("CompositorNodeScale")
    for name in ("Extension X", "Extension Y"):
        if name in node.inputs:
            node.inputs[name].default_value = "Extend"
    return node


def exposure(tree: Any, image: Socket, stops: Socket) -> Socket:
    """``image * 2 ** stops``; the output socket."""
    if SHADER_NODES:
        return _vector_math(tree, "MULTIPLY", image, math(tree, "POWER", 2.0, stops))
    node = tree.nodes.new("CompositorNodeExposure")
    _feed(tree, node.inputs["Image"], image)
    _feed(tree, node.inputs["Exposure"], stops)
    return node.outputs[0]


def replace_alpha(tree: Any, image: Socket, alpha: Socket) -> Socket:
    """``image`` with another alpha, its colours unchanged; the output socket."""
    node = tree.nodes.new("CompositorNodeSetAlpha")
    if "Type" in node.inputs:
        node.inputs["Type"].default_value = "Replace Alpha"
    else:
        node.mode = "REPLACE_ALPHA"
    _feed(tree, node.inputs["Image"], image)
    _feed(tree, node.inputs["Alpha"], alpha)
    return node.outputs[0]


def alpha_of(tree: Any, image: Socket) -> Socket:
    """The alpha of ``image``; the output socket."""
    node = tree.nodes.new("CompositorNodeSeparateColor")
    _feed(tree, node.inputs["Image"], image)
    return node.outputs["Alpha"]


def _feed(tree: Any, place: Socket, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bpy.types.NodeSocket):
        tree.links.new(value, place)
    else:
        place.default_value = value
