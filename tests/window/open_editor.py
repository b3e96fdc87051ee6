# SPDX-License-Identifier: GPL-3.0-or-later
"""A new file in the workspace Video Editing, with the add-on's tab open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy
from hand import sequencer


def new_file() -> Iterator[float]:
    """Begin anew."""
    bpy.ops.wm.read_homefile(app_template="Video_Editing", use_factory_startup=False)
    yield 3.0
    sequencer().spaces.active.show_region_ui = True
    for area in bpy.context.window_manager.windows[0].screen.areas:
        if area.type == "FILE_BROWSER":
            area.type = "OUTLINER"  # other people's folders are no part of the pictures
    yield 1.0
    sequencer(preview=True).spaces.active.show_region_ui = False
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = bpy.context.scene


def tabs() -> Any:
    """The sidebar of the timeline; its tab can be set a moment after it is shown."""
    return next(region for region in sequencer().regions if region.type == "UI")
