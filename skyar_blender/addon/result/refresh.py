# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the sequencer show a result anew when its nodes were changed.

The sequencer keeps finished images, and (in Blender 5.0 and later at least) does not notice that the compositor
tree of a Scene strip's scene is another now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bpy

from .. import compat
from .link import KEY
from .movie_or_nodes import nodes_where_changed


def register() -> None:
    """Watch for changes."""
    bpy.app.handlers.depsgraph_update_post.append(_on_update)


def unregister() -> None:
    """Stop watching."""
    bpy.app.handlers.depsgraph_update_post.remove(_on_update)


def refresh(result_scene: bpy.types.Scene) -> None:
    """Forget the images that the sequencer keeps of the strips that show ``result_scene``."""
    for scene in bpy.data.scenes:
        for strip in compat.all_strips(scene.sequence_editor) if scene.sequence_editor else ():
            if strip.type == "SCENE" and strip.scene == result_scene:
                # Setting a strip's scene anew would rebuild the dependency graph, and so call this again for ever;
                # `invalidate_cache` spares the finished images in 5.0.
                strip.mute = not strip.mute
                strip.mute = not strip.mute


@bpy.app.handlers.persistent
def _on_update(_scene: Any, _depsgraph: Any = None) -> None:
    scenes: Iterable[Any] = bpy.data.scenes
    for result in [scene for scene in scenes if KEY in scene]:
        tree = compat.compositor_tree(result)
        if tree is None:
            continue
        # The list of changes is no help: Blender 5.2 leaves the trees of other scenes out of it.
        state = _state(tree)
        if _states.get(result.name) != state:
            _states[result.name] = state
            nodes_where_changed(result)
            refresh(result)


#: What the trees of results were like at the last change of anything.
_states: dict[str, list[Any]] = {}


def _state(tree: Any) -> list[Any]:
    """Options and values of all nodes, those in groups too."""
    state: list[Any] = [len(tree.links)]
    for node in tree.nodes:
        if node.type == "GROUP" and node.node_tree is not None:
            state.append(_state(node.node_tree))
        for name in _options(node):
            value: Any = getattr(node, name)
            # Never keep a datablock itself: undo frees it.
            is_datablock = isinstance(value, bpy.types.bpy_struct)
            state.append(value.name if is_datablock else value)
        for socket in node.inputs:
            set_to: Any = getattr(socket, "default_value", None)
            state.append(tuple(set_to) if hasattr(set_to, "__len__") and not isinstance(set_to, str) else set_to)
    return state


def _options(node: Any) -> list[str]:
    if node.bl_idname not in _known:
        _known[node.bl_idname] = [
            name
            for name, option in node.bl_rna.properties.items()
            if option.type in {"BOOLEAN", "INT", "FLOAT", "ENUM", "STRING", "POINTER"}
            and not getattr(option, "is_array", False)
            and not option.is_readonly
            and name not in _IGNORED
        ]
    return _known[node.bl_idname]


#: Options of the kinds of nodes met so far.
_known: dict[str, list[str]] = {}
#: How a node looks; menus of an image's layers, which complain where there are none; what frames change.
_IGNORED = frozenset(
    {
        "select",
        "width",
        "height",
        "hide",
        "label",
        "location_absolute",
        "show_options",
        "show_preview",
        "show_texture",
    }
    | {"color", "use_custom_color", "warning_propagation", "layer", "view", "frame_offset"}
)
