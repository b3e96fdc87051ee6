# SPDX-License-Identifier: GPL-3.0-or-later
"""How the draft is looked at: kept with the window, never with the file."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.
# No `update` either: Blender 4.2 crashes as it ends where a property has one.

from typing import Any

import bpy


class SkyarDraftView(bpy.types.PropertyGroup):
    """``window_manager.skyar_draft``."""

    view: bpy.props.EnumProperty(
        name="View",
        description="What of the draft is shown",
        items=(
            ("RESULT", "Result", "The frame with its new sky"),
            ("SPLIT", "Before", "The frame as it is on the left of a line, with its new sky on the right"),
            ("MATTE", "Matte", "What was found: sky blue, ground grey, what is unsure orange"),
        ),
        options={"SKIP_SAVE"},
    )
    split: bpy.props.FloatProperty(
        name="Split",
        description="Where the line lies between before and after",
        subtype="FACTOR",
        default=0.5,
        min=0.0,
        max=1.0,
        options={"SKIP_SAVE"},
    )
    horizon: bpy.props.BoolProperty(
        name="Horizon Line",
        description="Show where the horizon lies; drag it to where it should be",
        default=True,
        options={"SKIP_SAVE"},
    )
    hand: bpy.props.EnumProperty(
        name="Hand",
        description="What a drag over the draft does",
        items=(
            ("PLACE", "Place", "Turn and raise the sky"),
            ("SKY", "Paint Sky", "Paint what is surely sky; a stroke counts for its frame, and teaches the others"),
            (
                "NOT_SKY",
                "Paint Not Sky",
                "Paint what is surely not sky; a stroke counts for its frame, and teaches the others",
            ),
        ),
        options={"SKIP_SAVE"},
    )
    brush_size: bpy.props.FloatProperty(
        name="Brush Size",
        description="Width of the brush, as a share of the picture's",
        subtype="FACTOR",
        default=0.04,
        min=0.002,
        max=0.5,
        precision=3,
        options={"SKIP_SAVE"},
    )


def draft_view(context: bpy.types.Context) -> SkyarDraftView:
    """What is chosen of the draft's view."""
    manager: Any = context.window_manager
    view: SkyarDraftView = manager.skyar_draft
    return view


CLASSES = (SkyarDraftView,)


def register() -> None:
    """Attach it to the window manager."""
    bpy.types.WindowManager.skyar_draft = bpy.props.PointerProperty(  # type: ignore[attr-defined]
        type=SkyarDraftView
    )


def unregister() -> None:
    """Take it off again."""
    del bpy.types.WindowManager.skyar_draft  # type: ignore[attr-defined]
