# SPDX-License-Identifier: GPL-3.0-or-later
"""The compositor tree of a result: footage, matte and sky into the group "SkyAR Composite"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import compat
from .composite_group import FOOTAGE, MATTE, NAME, SKY, TINT, WRAP_RADIUS, composite_group

#: Reach of the light wrap as a fraction of the picture's width.
_WRAP_REACH = 0.02


@dataclass(frozen=True)
class Source:
    """An image and which of its frames shows when.

    Attributes:
        image: the image datablock.
        frames: for each frame of the scene, from 1, the number of the image's frame (movies count from 1,
            sequences by the number in the file's name).
    """

    image: Any
    frames: list[int]


def fill_tree(scene: Any, footage: Source, matte: Source, sky: Source, tint: tuple[float, float, float]) -> Any:
    """Build the tree of ``scene``, or bring the one that it has up to date; the group's node.

    What the user set on the group stays as it is, except for the tint, which belongs to the sky.
    """
    tree = compat.compositor_tree(scene) or compat.make_compositor_tree(scene, scene.name)
    group = group_node(scene)
    if group is None:
        tree.nodes.clear()
        group = tree.nodes.new("CompositorNodeGroup")
        group.name = group.label = NAME
        group.node_tree = composite_group()
        group.location, group.width = (0, 0), 240
        group.inputs[WRAP_RADIUS.name].default_value = _WRAP_REACH * scene.render.resolution_x
        output = compat.output_node(tree)
        output.location = (320, 0)
        tree.links.new(group.outputs[0], output.inputs[0])
    group.inputs[TINT].default_value = (*tint, 1.0)
    for row, (name, source) in enumerate(((FOOTAGE, footage), (MATTE, matte), (SKY, sky))):
        node = tree.nodes.get(name)
        if node is None:
            node = tree.nodes.new("CompositorNodeImage")
            node.name = node.label = name
            node.location = (-320, 340 * (1 - row))
            tree.links.new(node.outputs["Image"], group.inputs[name])
        _show(tree, node, source)
    return group


def group_node(scene: Any) -> Any:
    """The node of the group "SkyAR Composite" in the tree of ``scene``, or None."""
    tree = compat.compositor_tree(scene)
    for node in tree.nodes if tree else ():
        if node.type == "GROUP" and node.node_tree and node.node_tree.name.startswith(NAME):
            return node
    return None


def image_in_tree(scene: Any, name: str) -> Any:
    """The image that the node ``name`` of the result ``scene`` shows, or None."""
    tree = compat.compositor_tree(scene)
    node = tree.nodes.get(name) if tree else None
    return getattr(node, "image", None)


def _show(tree: Any, node: Any, source: Source) -> None:
    node.image = source.image
    path = f'nodes["{node.name}"].frame_offset'
    compat.remove_fcurve(tree, path)
    if source.image.source == "FILE":
        return
    count = len(source.frames)
    # At frame t of the scene a node shows t + frame_offset, for t from 1 to frame_duration.
    offsets = [number - t for t, number in enumerate(source.frames, start=1)]
    node.frame_start, node.frame_duration, node.frame_offset = 1, count, offsets[0]
    node.use_cyclic, node.use_auto_refresh = False, True
    if len(set(offsets)) == 1:
        return
    last = None
    for t, offset in enumerate(offsets, start=1):
        if offset != last:
            node.frame_offset = last = offset
            node.keyframe_insert("frame_offset", frame=t)
    compat.hold_keyframes(tree, path)
