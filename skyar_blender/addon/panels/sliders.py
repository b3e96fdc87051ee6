# SPDX-License-Identifier: GPL-3.0-or-later
"""The inputs of a result's node group as sliders, under the titles that the group itself has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy

from ..nodes.group import Panel
from ..nodes.groups import composite, composite_wet

#: Title and names of the inputs under it; the first have none.
_SECTIONS = (
    ("", (composite.MIX.name,)),
    *(
        (part.title, tuple(each.name for each in part.inputs if each.name not in composite_wet.IMAGE_INPUTS))
        for part in composite_wet.GROUP.inputs
        if isinstance(part, Panel)
    ),
)


def draw_sliders(layout: bpy.types.UILayout, values: Mapping[str, tuple[Any, str]]) -> None:
    """A slider for each of ``values``: by name, what holds it and the name of its property there."""
    for title, names in _SECTIONS:
        shown = [name for name in names if name in values]
        if not shown:
            continue
        body = layout
        if title:
            header, body = layout.panel(f"SKYAR_sliders_{title}", default_closed=title != "Sky")
            header.label(text=title)
            if body is None:  # folded up
                continue
        column = body.column()
        column.use_property_split = True
        for name in shown:
            holder, prop = values[name]
            column.prop(holder, prop, text=name)
