# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace Sky in the Strip menu and in the context menu of strips."""

from __future__ import annotations

from typing import Any

import bpy

from .operators.replace_sky import SEQUENCER_OT_skyar_replace_sky

_MENUS = ("SEQUENCER_MT_strip", "SEQUENCER_MT_context_menu")


def register() -> None:
    """Append the entry to the menus."""
    for name in _MENUS:
        getattr(bpy.types, name).append(_draw)


def unregister() -> None:
    """Take the entry out of the menus."""
    for name in _MENUS:
        getattr(bpy.types, name).remove(_draw)


def _draw(menu: Any, _context: Any) -> None:
    layout = menu.layout
    layout.separator()
    # The dialog follows; a menu would otherwise call `execute`, which waits.
    layout.operator_context = "INVOKE_DEFAULT"
    layout.operator(SEQUENCER_OT_skyar_replace_sky.bl_idname, icon="WORLD", text="Replace Sky...")
