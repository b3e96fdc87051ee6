# SPDX-License-Identifier: GPL-3.0-or-later
"""Which results lie on the disk, and how large they are."""

from __future__ import annotations

import bpy

from ..jobs.needed_folders import needed_folders
from ..operators.remove_unused import SKYAR_OT_remove_unused
from ..result.on_disk import stored_results
from ..translations.say import size
from .sidebar import Tab


class SEQUENCER_PT_skyar_on_disk(Tab, bpy.types.Panel):
    """All results beside the .blend."""

    bl_label = "Results on Disk"
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    def draw(self, _context: bpy.types.Context) -> None:
        layout = self.layout
        found = stored_results(needed_folders())
        for each in found:
            split = layout.split(factor=0.65)  # names are long, and tell the sky at their end
            split.label(text=each.folder.name, icon="CHECKMARK" if each.used else "BLANK1")
            row = split.row()
            row.label(text=size(each.size))
            row.operator("wm.path_open", text="", icon="FILE_FOLDER").filepath = str(each.folder)
        if not found:
            layout.label(text="There are none yet.")
            return
        row = layout.row()
        row.operator_context = "INVOKE_DEFAULT"
        row.operator(SKYAR_OT_remove_unused.bl_idname, icon="TRASH")


CLASSES = (SEQUENCER_PT_skyar_on_disk,)
