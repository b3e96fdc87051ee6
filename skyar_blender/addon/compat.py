# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between Blender 4.2, 4.5, 5.0 and 5.2: all of it is here, and nowhere else.

Names follow Blender 5: a strip's *content* is what its media gives before the handles cut it, the *handles* are its
visible ends on the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import bpy

Node = Any
Socket = Any

#: Blender 4.5 brought the shader nodes' Math and Mix into the compositor; 5.0 removed the older ones.
_SHADER_NODES = bpy.app.version >= (4, 5, 0)
#: Blender 4.5 made the sizes of the Blur node a socket, in pixels.
_SIZES_ARE_SOCKETS = bpy.app.version >= (4, 5, 0)
#: Blender 5.0 made compositor trees node groups of their own, and most node options sockets.
_TREES_ARE_GROUPS = bpy.app.version >= (5, 0, 0)
#: Blur sizes in Blender 4.2 are a whole number on the node times a factor up to 1 from its socket.
_BLUR_UNIT = 2048

#: Options of a path property that may begin with ``//``; Blender 4.5 and later ask for this to be said.
RELATIVE_PATH = {"PATH_SUPPORTS_BLEND_RELATIVE"} if bpy.app.version >= (4, 5, 0) else set()

BlurKind = Literal["GAUSS", "DISC"]
Blend = Literal["MIX", "MULTIPLY", "DIVIDE", "ADD", "SUBTRACT", "DARKEN", "LIGHTEN"]


# --- the sequencer ---------------------------------------------------------------------------------------------


def sequencer_scene(context: Any) -> Any:
    """The scene whose timeline the Video Sequencer shows; in 5.0 it may differ from the window's scene."""
    return getattr(context, "sequencer_scene", None) or context.scene


def strips_of(editor: Any) -> Any:
    """The strips of a sequence editor at its top level, with ``new_scene`` and ``remove``."""
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def all_strips(editor: Any) -> Any:
    """All strips of a sequence editor, those inside meta strips too."""
    return editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all


def siblings(editor: Any, strip: Any) -> Any:
    """The strips on the same level as ``strip``: those of its meta strip, or of the editor."""
    for other in all_strips(editor):
        if other.type == "META" and strip.name in strips_of(other):
            return strips_of(other)
    return strips_of(editor)


def handles(strip: Any) -> tuple[int, int]:
    """First frame on the timeline that a strip shows, and the first that it shows no more."""
    if hasattr(strip, "right_handle"):
        return int(strip.left_handle), int(strip.right_handle)
    return int(strip.frame_final_start), int(strip.frame_final_end)


def content_start(strip: Any) -> float:
    """Timeline frame of the first source frame after the trim that is no handle (``animation_offset_start``)."""
    return float(strip.content_start if hasattr(strip, "content_start") else strip.frame_start)


def content_length(strip: Any) -> float:
    """Frames on the timeline between the start and the end of the content."""
    if hasattr(strip, "left_handle_offset"):
        return float(strip.duration + strip.left_handle_offset + strip.right_handle_offset)
    return float(strip.frame_final_duration + strip.frame_offset_start + strip.frame_offset_end)


def source_trim(strip: Any) -> tuple[int, int]:
    """Source frames cut off at the start and the end of the content."""
    if hasattr(strip, "content_trim_start"):
        return int(strip.content_trim_start), int(strip.content_trim_end)
    return int(strip.animation_offset_start), int(strip.animation_offset_end)


def move_strip_to(strip: Any, start: int, duration: int) -> None:
    """Let a Scene strip show its first ``duration`` frames from timeline frame ``start`` on."""
    # A hard cut left a trim behind, which would go on hiding frames.
    if hasattr(strip, "content_start"):
        strip.content_trim_start = strip.content_trim_end = 0
        strip.left_handle_offset = 0
        strip.content_start = start
        strip.duration = duration
    else:
        strip.animation_offset_start = strip.animation_offset_end = 0
        strip.frame_offset_start = 0
        strip.frame_start = start
        strip.frame_final_duration = duration


def show_alone(editor: Any, name: str) -> None:
    """Mute all strips but the one called ``name``, which is shown as it is, whatever lies below it."""
    for strip in all_strips(editor):
        strip.mute = strip.name != name and not (strip.type == "META" and name in _names_within(strip))
        if strip.name == name:
            strip.blend_type = "REPLACE"
            strip.blend_alpha = 1.0
        for channel in strip.channels if strip.type == "META" else ():
            channel.mute = False
    for channel in editor.channels:
        channel.mute = False


def _names_within(meta: Any) -> set[str]:
    names: set[str] = set()
    for strip in strips_of(meta):
        names |= {strip.name} | (_names_within(strip) if strip.type == "META" else set())
    return names


def effect_inputs(strip: Any) -> list[Any]:
    """The strips that an effect strip takes its pictures from; none for other strips."""
    inputs = [getattr(strip, name, None) for name in ("input_1", "input_2")]
    return [entry for entry in inputs if entry is not None]


#: Blender 5.2 shows the inputs of a Compositor modifier's group as sliders; 5.0 and 5.1 read them as 0.
HAS_MODIFIER_INPUTS = bpy.app.version >= (5, 2, 0)


def compositor_modifiers(strip: Any) -> list[Any]:
    """The Compositor modifiers of a strip that have a node group; sound strips have none."""
    found = [modifier for modifier in getattr(strip, "modifiers", ()) if modifier.type == "COMPOSITOR"]
    return [modifier for modifier in found if modifier.node_group is not None]


def modifier_inputs(modifier: Any) -> dict[str, Any]:
    """By name, what holds the ``value`` of each input of a Compositor modifier but the first, which is the strip."""
    items = [item for item in modifier.node_group.interface.items_tree if item.item_type == "SOCKET"]
    names = [(item.name, item.identifier) for item in items if item.in_out == "INPUT"]
    return {name: getattr(modifier.properties.inputs, identifier) for name, identifier in names[1:]}


def put_first(editor: Any, strip: Any, modifier: Any) -> None:
    """Let ``modifier`` of ``strip`` come before its other modifiers; only an operator for the active strip can."""
    active = editor.active_strip
    editor.active_strip = strip
    bpy.ops.sequencer.strip_modifier_move_to_index(modifier=modifier.name, index=0)
    editor.active_strip = active


# --- trees of the compositor -----------------------------------------------------------------------------------


def compositor_tree(scene: Any) -> Any:
    """The compositor tree of a scene, or None."""
    if _TREES_ARE_GROUPS:
        return scene.compositing_node_group
    return scene.node_tree if scene.use_nodes else None


def make_compositor_tree(scene: Any, name: str) -> Any:
    """Give a scene an empty compositor tree and return it."""
    if _TREES_ARE_GROUPS:
        tree = bpy.data.node_groups.new(name, "CompositorNodeTree")
        tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        scene.compositing_node_group = tree
        return tree
    scene.use_nodes = True
    scene.node_tree.nodes.clear()
    return scene.node_tree


def output_node(tree: Any) -> Node:
    """A new node whose first input is the picture of the scene."""
    return tree.nodes.new("NodeGroupOutput" if _TREES_ARE_GROUPS else "CompositorNodeComposite")


def png_output(render: Any) -> None:
    """Let a scene render 8-bit PNGs with alpha."""
    settings = render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "PNG"
    settings.color_mode = "RGBA"
    settings.color_depth = "8"
    settings.compression = 15
    settings.color_management = "FOLLOW_SCENE"


def mend_mask(path: Path) -> None:
    """Give the last pixel of a rendered Mask strip, its upper right one, the value of its neighbour.

    Before Blender 5.2 a Mask strip leaves it as it found it in memory.
    """
    if bpy.app.version >= (5, 2, 0):
        return
    image = bpy.data.images.load(str(path), check_existing=False)
    try:
        image.alpha_mode = "CHANNEL_PACKED"
        image.pixels[-4:] = image.pixels[-8:-4]
        image.save()
    finally:
        bpy.data.images.remove(image)


def full_precision(scene: Any) -> None:
    """Let the compositor calculate on the processor in full floats: the same picture on every machine."""
    render = scene.render
    render.compositor_device = "CPU"
    render.compositor_precision = "FULL"


# --- animation -------------------------------------------------------------------------------------------------


def fcurve_lists(owner: Any) -> Iterator[Any]:
    """The lists of F-curves that animate ``owner`` (an ID)."""
    data = owner.animation_data
    if data is None or data.action is None:
        return
    action = data.action
    if not getattr(action, "layers", None):
        yield from [action.fcurves] if hasattr(action, "fcurves") else []
        return
    for layer in action.layers:
        for strip in layer.strips:
            for bag in strip.channelbags:
                if bag.slot == data.action_slot:
                    yield bag.fcurves


def is_animated(owner: Any, data_path: str) -> bool:
    """Whether a property of ``owner`` has F-curves."""
    return any(curve.data_path == data_path for curves in fcurve_lists(owner) for curve in curves)


def animated_value(owner: Any, data_path: str, value: float, frame: int) -> float:
    """The value of a property at ``frame``; ``value`` where no F-curve says otherwise."""
    for curves in fcurve_lists(owner):
        for curve in curves:
            if curve.data_path == data_path:
                return float(curve.evaluate(frame))
    return value


def copy_tree(tree: Any, name: str) -> Any:
    """A copy of a node group, with animation of its own, that may be used as a strip modifier."""
    copy = tree.copy()
    copy.name = name
    if copy.animation_data is not None and copy.animation_data.action is not None:
        # `copy` shares the action.
        slot = copy.animation_data.action_slot.identifier
        copy.animation_data.action = copy.animation_data.action.copy()
        copy.animation_data.action_slot = copy.animation_data.action.slots[slot]
    if hasattr(copy, "is_strip_modifier"):
        copy.is_strip_modifier = True
    return copy


def shift_keyframes(owner: Any, frames: int) -> None:
    """Move all keyframes of ``owner`` in time."""
    for curves in fcurve_lists(owner):
        for curve in curves:
            for key in curve.keyframe_points:
                key.co_ui[0] += frames
            curve.update()


def remove_fcurve(owner: Any, data_path: str) -> None:
    """Remove the F-curves of one property; nothing happens when there are none."""
    for curves in fcurve_lists(owner):
        for curve in [curve for curve in curves if curve.data_path == data_path]:
            curves.remove(curve)


def copy_fcurves(owner: Any, source: str, target: str) -> None:
    """Animate what lies below the data path ``target`` as what lies below ``source``, and in no other way."""
    for curves in fcurve_lists(owner):
        for curve in [curve for curve in curves if curve.data_path.startswith(target)]:
            curves.remove(curve)
        for curve in [curve for curve in curves if curve.data_path.startswith(source)]:
            copy = curves.new(target + curve.data_path.removeprefix(source), index=curve.array_index)
            copy.extrapolation = curve.extrapolation
            copy.keyframe_points.add(len(curve.keyframe_points))
            for key, original in zip(copy.keyframe_points, curve.keyframe_points, strict=True):
                for name in _KEYFRAME:
                    setattr(key, name, getattr(original, name))
            copy.update()


_KEYFRAME = (
    *("co", "interpolation", "easing", "amplitude", "back", "period"),
    *("handle_left_type", "handle_right_type", "handle_left", "handle_right"),
)


def hold_keyframes(owner: Any, data_path: str) -> None:
    """Let the keyframes of one property hold their value until the next."""
    for curves in fcurve_lists(owner):
        for curve in curves:
            if curve.data_path == data_path:
                for key in curve.keyframe_points:
                    key.interpolation = "CONSTANT"


def linear_keyframes(owner: Any, data_path: str, held: frozenset[int]) -> None:
    """Let the keyframes of one property lead straight to the next; those at the frames ``held`` hold their value."""
    for curves in fcurve_lists(owner):
        for curve in curves:
            if curve.data_path == data_path:
                for key in curve.keyframe_points:
                    key.interpolation = "CONSTANT" if round(key.co[0]) in held else "LINEAR"


# --- nodes -----------------------------------------------------------------------------------------------------


def math(tree: Any, operation: str, a: Socket | float, b: Socket | float | None = None) -> Socket:
    """``operation`` of one or two numbers; the output socket."""
    node = tree.nodes.new("ShaderNodeMath" if _SHADER_NODES else "CompositorNodeMath")
    node.operation = operation
    for place, value in zip(node.inputs, (a, b), strict=False):
        _feed(tree, place, value)
    return node.outputs[0]


def mix(tree: Any, blend: Blend, factor: Socket | float, a: Any, b: Any) -> Socket:
    """Colours ``a`` and ``b`` blended, unclamped; ``a`` where ``factor`` is 0. The output socket.

    ``factor`` is 1 for all but MIX. What becomes of alpha differs between versions.
    """
    if _SHADER_NODES:
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


def blur(tree: Any, kind: BlurKind, picture: Socket, radius: Socket) -> Socket:
    """``picture`` averaged within ``radius`` pixels (0 changes nothing); the output socket.

    ``GAUSS`` is cut off at ``radius``, its standard deviation is a third of it; ``DISC`` weighs all alike.
    """
    if not _SIZES_ARE_SOCKETS:
        radius = math(tree, "DIVIDE", radius, float(_BLUR_UNIT))
    node = tree.nodes.new("CompositorNodeBlur")
    if _SIZES_ARE_SOCKETS:
        node.inputs["Separable"].default_value = kind == "GAUSS"
    else:
        node.use_bokeh = kind == "DISC"
        node.size_x = node.size_y = _BLUR_UNIT
    if _TREES_ARE_GROUPS:
        node.inputs["Type"].default_value = "Gaussian" if kind == "GAUSS" else "Flat"
    else:
        node.filter_type = "GAUSS" if kind == "GAUSS" else "FLAT"
    _feed(tree, node.inputs["Image"], picture)
    _feed(tree, node.inputs["Size"], radius)
    return node.outputs[0]


#: Before Blender 4.5 the distance of Dilate/Erode is no socket.
HAS_DILATE_SIZE = _SIZES_ARE_SOCKETS


def dilate(tree: Any, mask: Socket, pixels: Socket) -> Socket:
    """``mask`` grown (``pixels``, a whole number, above 0) or shrunk by a disc of that radius; the output socket."""
    node = tree.nodes.new("CompositorNodeDilateErode")
    if _TREES_ARE_GROUPS:
        node.inputs["Type"].default_value = "Distance"
    else:
        node.mode = "DISTANCE"
    _feed(tree, node.inputs["Mask"], mask)
    _feed(tree, node.inputs["Size"], pixels)
    return node.outputs[0]


def soft_blur(tree: Any, picture: Socket, radius: Socket) -> Socket:
    """As ``GAUSS`` of :func:`blur`; in Blender 5.0 and later at a half or a quarter of the size where that is a whole
    number of pixels and so soft a picture loses nothing."""
    if not _TREES_ARE_GROUPS:
        return blur(tree, "GAUSS", picture, radius)
    size, parts = tree.nodes.new("CompositorNodeImageInfo"), tree.nodes.new("ShaderNodeSeparateXYZ")
    _feed(tree, size.inputs["Image"], picture)
    _feed(tree, parts.inputs[0], size.outputs["Resolution"])
    step: Socket = math(tree, "ADD", 1.0, 0.0)
    for divisor, least in ((2.0, 16.0), (4.0, 32.0)):
        rest = math(tree, "ADD", *(math(tree, "MODULO", parts.outputs[name], divisor) for name in "XY"))
        fits = math(tree, "MULTIPLY", math(tree, "LESS_THAN", rest, 0.5), math(tree, "LESS_THAN", least, radius))
        # Twice, because a pixel is read from the four nearest alone. The Scale node only notes what is to be done;
        # a sum does it.
        picture = _scaled(tree, picture, math(tree, "DIVIDE", 1.0, math(tree, "ADD", fits, 1.0)))
        picture = _vector_math(tree, "ADD", picture, (0.0, 0.0, 0.0))
        step = math(tree, "MULTIPLY", step, math(tree, "ADD", fits, 1.0))
    return _scaled(tree, blur(tree, "GAUSS", picture, math(tree, "DIVIDE", radius, step)), step)


def _scaled(tree: Any, picture: Socket, factor: Socket) -> Socket:
    node = tree.nodes.new("CompositorNodeScale")
    node.inputs["Extension X"].default_value = node.inputs["Extension Y"].default_value = "Extend"
    for name, value in (("Image", picture), ("X", factor), ("Y", factor)):
        _feed(tree, node.inputs[name], value)
    return node.outputs[0]


def exposure(tree: Any, picture: Socket, stops: Socket) -> Socket:
    """``picture * 2 ** stops``; the output socket."""
    if _SHADER_NODES:
        return _vector_math(tree, "MULTIPLY", picture, math(tree, "POWER", 2.0, stops))
    node = tree.nodes.new("CompositorNodeExposure")
    _feed(tree, node.inputs["Image"], picture)
    _feed(tree, node.inputs["Exposure"], stops)
    return node.outputs[0]


def replace_alpha(tree: Any, picture: Socket, alpha: Socket) -> Socket:
    """``picture`` with another alpha, its colours unchanged; the output socket."""
    node = tree.nodes.new("CompositorNodeSetAlpha")
    if "Type" in node.inputs:
        node.inputs["Type"].default_value = "Replace Alpha"
    else:
        node.mode = "REPLACE_ALPHA"
    _feed(tree, node.inputs["Image"], picture)
    _feed(tree, node.inputs["Alpha"], alpha)
    return node.outputs[0]


def alpha_of(tree: Any, picture: Socket) -> Socket:
    """The alpha of ``picture``; the output socket."""
    node = tree.nodes.new("CompositorNodeSeparateColor")
    _feed(tree, node.inputs["Image"], picture)
    return node.outputs["Alpha"]


def _feed(tree: Any, place: Socket, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bpy.types.NodeSocket):
        tree.links.new(value, place)
    else:
        place.default_value = value
