# SPDX-License-Identifier: GPL-3.0-or-later
"""One node of a shader's or world's tree, made and set in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy


def add_node(tree: Any, kind: str, inputs: Mapping[Any, Any] | None, settings: Mapping[str, Any]) -> Any:
    """A new node; `inputs` are numbers, tuples (colours get an alpha of 1) or sockets to link."""
    made = tree.nodes.new(kind)
    for key, value in settings.items():
        setattr(made, key, value)
    for key, value in (inputs or {}).items():
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, made.inputs[key])
        elif isinstance(value, tuple) and len(value) == 3 and made.inputs[key].type == "RGBA":
            made.inputs[key].default_value = (*value, 1.0)
        else:
            made.inputs[key].default_value = value
    return made
