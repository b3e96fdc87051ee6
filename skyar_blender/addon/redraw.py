# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets Blender draw again what it does not know to have changed."""

from __future__ import annotations

import bpy

from .bases import there


def redraw(*kinds: str) -> None:
    """Draw all areas of these kinds anew, in all windows."""
    for window in there(bpy.context.window_manager).windows:
        for area in window.screen.areas:
            if area.type in kinds:
                area.tag_redraw()


def redraw_sequencers() -> None:
    """Draw all sequencers anew, tab and preview alike."""
    redraw("SEQUENCE_EDITOR")


def redraw_on_change(seen: tuple[object, ...]) -> None:
    """Draw all sequencers anew where this is not what the last call gave: Blender does so for one area alone."""
    global _seen
    if seen != _seen:
        _seen = seen
        redraw_sequencers()


_seen: tuple[object, ...] = ()
