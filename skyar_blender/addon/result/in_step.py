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
    for handlers in _handlers():
        handlers.append(_on_update)


def unregister() -> None:
    """Stop watching."""
    for handlers in _handlers():
        handlers.remove(_on_update)


def _handlers() -> tuple[Any, ...]:
    """A change of the frame right after a move takes the place of the update that the move alone would bring."""
    if not compat.HAS_MODIFIER_INPUTS:
        return ()
    return bpy.app.handlers.depsgraph_update_post, bpy.app.handlers.frame_change_pre


@bpy.app.handlers.persistent
def _on_update(_scene: Any, _depsgraph: Any = None) -> None:
    for scene in bpy.data.scenes:
        for strip in list(in_step(scene.sequence_editor)) if scene.sequence_editor else ():
            # The sequencer forgets the images that it keeps of the strip.
            strip.mute = not strip.mute
            strip.mute = not strip.mute
