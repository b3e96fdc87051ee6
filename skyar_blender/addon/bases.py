# SPDX-License-Identifier: GPL-3.0-or-later
"""Types that the add-on's modules share, and what fake-bpy-module, by which they are checked, cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

import bpy

Kind = TypeVar("Kind")

if TYPE_CHECKING:
    #: For a base that stands beside Blender's own class: it may use what that has.
    OperatorBase = bpy.types.Operator
    PanelBase = bpy.types.Panel
else:  # Blender registers classes that derive from its own directly
    OperatorBase = PanelBase = object


class Drawn:
    """A base of what Blender draws: it has a layout while that is done."""

    if TYPE_CHECKING:  # Blender reads annotations as properties
        layout: bpy.types.UILayout


#: What an operator answers to Blender.
Returned = set[Literal["RUNNING_MODAL", "CANCELLED", "FINISHED", "PASS_THROUGH", "INTERFACE"]]
#: Of a property: what is done with its value.
PropertyFlag = Literal["SKIP_SAVE", "ANIMATABLE", "PATH_SUPPORTS_BLEND_RELATIVE"]
#: ``bpy.ops``, for the add-on's own operators.
own_ops: Any = bpy.ops


def there(value: Kind | None) -> Kind:
    """``value``, for what Blender always has where the add-on runs, such as a window manager.

    Raises:
        RuntimeError: it is not there.
    """
    if value is None:
        raise RuntimeError("Blender lacks a part that it always has")
    return value
