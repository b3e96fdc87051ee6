# SPDX-License-Identifier: GPL-3.0-or-later
"""A result as a Compositor modifier of the strip that it was made from (Blender 5.2 and later).

The modifier's node group is a copy of the result's tree in which the strip's own image takes the place of the
footage, and whose inputs, the modifier's sliders, are those of the group "SkyAR Composite".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from ..bases import there
from ..nodes.groups.composite import FOOTAGE, GROUP
from ..nodes.groups.composite_wet import IMAGE_INPUTS
from ..nodes.tree import group_node
from ..strips.retimed import is_retimed
from .resampling import filter_as_footage, without_filter
from .timing import start_of

#: Custom property of the result's scene: frames from where the strip's first source frame lies to the job's first.
LEAD_KEY = "skyar_lead"
#: Custom property of a modifier's node group: the timeline frame at which the job's first frame lies in it.
_START_KEY = "skyar_start"


def note_lead(result: Any, original: bpy.types.Strip) -> None:
    """Note how the new result ``result`` lies in time to ``original``, however they are moved later."""
    result.scene[LEAD_KEY] = start_of(result) - start_of(original)


def modifier_of(strip: bpy.types.Strip) -> Any:
    """SkyAR's modifier of ``strip``, or None."""
    return next((each for each in compat.compositor_modifiers(strip) if _START_KEY in each.node_group), None)


def apply_as_modifier(scene: bpy.types.Scene, result: Any, original: Any) -> Any:
    """Show ``result`` by a modifier of ``original``, first of its modifiers, and mute ``result``; the modifier.

    Both are strips of the sequencer's ``scene``. A modifier of an earlier time is replaced.

    Raises:
        SkyarError: ``unsupported`` where a modifier could not show the same: the sequencer flips and colours a strip
            before its modifiers; or the result's nodes are not what they were.
    """
    _check(result, original, scene)
    old = modifier_of(original)
    if old is not None:
        remove_modifier(original, old)
    tree = _modifier_tree(result.scene, f"{GROUP.name} on {original.name}")
    start = start_of(original) + result.scene[LEAD_KEY]
    tree[_START_KEY] = 1
    tree[LEAD_KEY] = result.scene[LEAD_KEY]
    move_tree(tree, start)
    modifier = original.modifiers.new(GROUP.name, "COMPOSITOR")
    modifier.node_group = tree
    compat.put_first(there(scene.sequence_editor), original, modifier)
    filter_as_footage(original)
    values = {socket.name: socket.default_value for socket in group_node(result.scene).inputs}
    for name, place in compat.modifier_inputs(modifier).items():
        place.value = values[name]
    result.mute, original.mute = True, False
    return modifier


def remove_modifier(strip: bpy.types.Strip, modifier: Any) -> None:
    """Take the modifier off ``strip``; its node group goes if nothing else uses it."""
    tree = modifier.node_group
    modifier.node_group = None  # removing the modifier alone would leave the group with a user
    strip.modifiers.remove(modifier)
    without_filter(strip)
    if tree.users == 0:
        bpy.data.node_groups.remove(tree)


def in_step(editor: bpy.types.SequenceEditor) -> Iterator[Any]:
    """Put the modifiers of all strips of ``editor`` where their strips are now; the strips for which that was needed.

    Strips that share a node group, as copies and halves of a cut strip do, get their own where they must.
    """
    placed: dict[str, int] = {}
    for strip in compat.all_strips(editor):
        modifier = modifier_of(strip)
        if modifier is None:
            continue
        tree = modifier.node_group
        start = start_of(strip) + tree[LEAD_KEY]
        if placed.get(tree.name, start) != start:
            modifier.node_group = tree = compat.copy_tree(tree, tree.name)
        placed[tree.name] = start
        if tree[_START_KEY] != start:
            move_tree(tree, start)
            yield strip


def move_tree(tree: Any, start: int) -> None:
    """Let the sequences and keyframes of a modifier's node group begin at timeline frame ``start``."""
    frames = start - tree[_START_KEY]
    for node in tree.nodes:
        if node.type == "IMAGE":
            node.frame_start += frames
    compat.shift_keyframes(tree, frames)
    tree[_START_KEY] = start


def _check(result: Any, original: Any, scene: bpy.types.Scene) -> None:
    def refuse(why: str, todo: str) -> SkyarError:
        what = f"The result cannot be a modifier of “{original.name}”."
        return SkyarError(ErrorCode.UNSUPPORTED, what, why, todo)

    if LEAD_KEY not in result.scene:
        raise refuse("It was made by an older version.", "Run Replace Sky again; what is complete is kept.")
    if is_retimed(original, scene):
        raise refuse(
            "Its speed is changed, and the pictures of a modifier do not follow that.",
            "Keep the result's own strip.",
        )
    before = original.use_flip_x or original.use_flip_y or original.color_multiply != 1
    if before or original.color_saturation != 1:
        raise refuse(
            "The sequencer flips a strip, and changes its colour, before the modifiers; the matte does not know.",
            "Set flip, saturation and multiply back, or do it in a strip above.",
        )
    group = group_node(result.scene)
    if group is None or not group.inputs[FOOTAGE.name].is_linked:
        raise refuse(
            f"The node group “{GROUP.name}” was removed from its nodes, or its footage taken away.",
            "Undo that, or delete the result and run Replace Sky again; what is complete is kept.",
        )


def _modifier_tree(scene: bpy.types.Scene, name: str) -> Any:
    tree = compat.copy_tree(compat.compositor_tree(scene), name)
    group = next(node for node in tree.nodes if node.name == group_node(scene).name)
    inputs = tree.nodes.new("NodeGroupInput")
    inputs.location = (group.location[0] - 640, group.location[1])
    tree.interface.new_socket("Image", in_out="INPUT", socket_type="NodeSocketColor").description = FOOTAGE.help
    image = inputs.outputs["Image"]
    footage = tree.nodes[FOOTAGE.name]
    for link in [link for socket in footage.outputs for link in socket.links]:
        source = image if link.from_socket.name == "Image" else compat.alpha_of(tree, image)
        tree.links.new(source, link.to_socket)
    compat.remove_fcurve(tree, f'nodes["{footage.name}"].frame_offset')
    tree.nodes.remove(footage)
    sliders = {item.name: item for item in group.node_tree.interface.items_tree if item.item_type == "SOCKET"}
    for place, socket in enumerate(group.inputs):
        path = f'nodes["{group.name}"].inputs[{place}].default_value'
        # What has keys, the light of several shots, is kept within, where it moves with the strip; an image that
        # the result has not is no setting.
        if socket.is_linked or socket.name in IMAGE_INPUTS or compat.is_animated(tree, path):
            continue
        _expose(tree.interface, sliders[socket.name], socket.default_value)
        tree.links.new(inputs.outputs[socket.name], socket)
    return tree


def _expose(interface: Any, slider: Any, value: Any) -> None:
    socket = interface.new_socket(slider.name, in_out="INPUT", socket_type=slider.socket_type)
    socket.description = slider.description
    if slider.socket_type == "NodeSocketFloat":
        socket.subtype = slider.subtype
        socket.min_value, socket.max_value = slider.min_value, slider.max_value
    socket.default_value = value
