# SPDX-License-Identifier: GPL-3.0-or-later
"""The values of a result's node group: as they are, and as the run had set them."""

from __future__ import annotations

import json
from typing import Any

import bpy

from ..nodes.groups.composite_wet import IMAGE_INPUTS
from ..nodes.tree import group_node

#: Custom property of the result's scene: the values that the run had set, as JSON.
KEY = "skyar_inputs"
_DIGITS = 5


def inputs_of(result_scene: bpy.types.Scene) -> dict[str, Any]:
    """The value of each input that is no image, by its name; of animated ones that of the current frame."""
    node = group_node(result_scene)
    found: dict[str, Any] = {}
    for socket in node.inputs if node is not None else ():
        if socket.is_linked or socket.name in IMAGE_INPUTS:
            continue
        value = socket.default_value
        found[socket.name] = (
            [round(float(part), _DIGITS) for part in value]
            if hasattr(value, "__len__") and not isinstance(value, str)
            else round(float(value), _DIGITS)
        )
    return found


def note_inputs(result_scene: bpy.types.Scene) -> None:
    """Remember the values as those of the run."""
    result_scene[KEY] = json.dumps(inputs_of(result_scene))


def noted_inputs(result_scene: bpy.types.Scene) -> dict[str, Any]:
    """What :func:`note_inputs` remembered; nothing where that is lost."""
    try:
        noted = json.loads(result_scene.get(KEY, "{}"))
    except (TypeError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
