# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the modifiers that show a result in step with their strips.

The image sequences of a Compositor modifier run on the timeline's frame: they do not know where their strip lies.
"""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from .compositor_modifier import in_step


def register() -> None:
    """Watch for strips that move."""
    if compat.HAS_MODIFIER_INPUTS:
        bpy.app.handlers.depsgraph_update_post.append(_on_update)


def unregister() -> None:
    """Stop watching."""
    if compat.HAS_MODIFIER_INPUTS:
        bpy.app.handlers.depsgraph_update_post.remove(_on_update)


@bpy.app.handlers.persistent
def _on_update(_scene: Any, _depsgraph: Any = None) -> None:
    for scene in bpy.data.scenes:
        for strip in list(in_step(scene.sequence_editor)) if scene.sequence_editor else ():
            # The sequencer forgets the pictures that it keeps of the strip.
            strip.mute = not strip.mute
            strip.mute = not strip.mute
