# SPDX-License-Identifier: GPL-3.0-or-later
"""The menu "SkyAR", first in the Strip menu and in the context menu of strips: below it was out of small windows."""

from __future__ import annotations

from typing import Any

import bpy

from .bases import Drawn
from .operators.add_tracked_camera import SEQUENCER_OT_skyar_add_tracked_camera
from .operators.change_sky import SEQUENCER_OT_skyar_change_sky
from .operators.clear_mark import SEQUENCER_OT_skyar_clear_mark
from .operators.draft_frame import SEQUENCER_OT_skyar_draft_frame
from .operators.mark_not_sky import SEQUENCER_OT_skyar_mark_not_sky
from .operators.mark_sky import SEQUENCER_OT_skyar_mark_sky
from .operators.replace_sky import SEQUENCER_OT_skyar_replace_sky
from .operators.submit_farm_job import SEQUENCER_OT_skyar_submit_farm_job
from .operators.try_skies import SEQUENCER_OT_skyar_try_skies

_MENUS = ("SEQUENCER_MT_strip", "SEQUENCER_MT_context_menu")


class SEQUENCER_MT_skyar_corrections(Drawn, bpy.types.Menu):
    """What Replace Sky is told by strips above the footage."""

    bl_label = "Sky Corrections"

    def draw(self, _context: bpy.types.Context) -> None:
        layout = self.layout
        layout.operator(SEQUENCER_OT_skyar_mark_sky.bl_idname)
        layout.operator(SEQUENCER_OT_skyar_mark_not_sky.bl_idname)
        layout.operator(SEQUENCER_OT_skyar_clear_mark.bl_idname)


class SEQUENCER_MT_skyar(Drawn, bpy.types.Menu):
    """What SkyAR does with strips."""

    bl_label = "SkyAR"

    def draw(self, _context: bpy.types.Context) -> None:
        layout = self.layout
        # The dialog follows; a menu would otherwise call `execute`, which waits.
        layout.operator_context = "INVOKE_DEFAULT"
        layout.operator(SEQUENCER_OT_skyar_draft_frame.bl_idname, icon="RESTRICT_RENDER_OFF")
        layout.operator(SEQUENCER_OT_skyar_replace_sky.bl_idname, icon="WORLD", text="Replace Sky...")
        layout.operator(SEQUENCER_OT_skyar_change_sky.bl_idname, text="Change Sky...")
        layout.operator(SEQUENCER_OT_skyar_try_skies.bl_idname, text="Try Skies...")
        layout.operator(SEQUENCER_OT_skyar_submit_farm_job.bl_idname, text="Submit as Farm Job...")
        layout.separator()
        layout.menu("SEQUENCER_MT_skyar_corrections")
        layout.operator(SEQUENCER_OT_skyar_add_tracked_camera.bl_idname, icon="CAMERA_DATA")


CLASSES = (SEQUENCER_MT_skyar_corrections, SEQUENCER_MT_skyar)


def register() -> None:
    """Put the menu first in Blender's menus."""
    for name in _MENUS:
        getattr(bpy.types, name).prepend(_draw)


def unregister() -> None:
    """Take it out of them."""
    for name in _MENUS:
        getattr(bpy.types, name).remove(_draw)


def _draw(menu: Any, _context: bpy.types.Context) -> None:
    menu.layout.menu("SEQUENCER_MT_skyar", icon="WORLD")
    menu.layout.separator()
