# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove Unused: ``bpy.ops.skyar.remove_unused``."""

from __future__ import annotations

import shutil

import bpy

from ..bases import Drawn, Returned, there
from ..jobs.needed_folders import needed_folders
from ..redraw import redraw_sequencers
from ..result.on_disk import Stored, other_files, stored_results
from ..translations.say import size
from ..wrapped import draw_wrapped
from .polls import needs


def unused() -> list[Stored]:
    """Results beside the .blend that nothing in it shows, no job makes and no file waits for."""
    return [each for each in stored_results(needed_folders()) if not each.used]


class SKYAR_OT_remove_unused(Drawn, bpy.types.Operator):
    """Delete the results beside this .blend that nothing in it shows, from the disk and for good"""

    bl_idname = "skyar.remove_unused"
    bl_label = "Remove Unused"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        return needs(cls, bool(unused()), "All results on the disk are shown by this file")

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        return there(context.window_manager).invoke_props_dialog(self, width=420)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        for each in unused():
            layout.label(text=f"{each.folder.name}, {size(each.size)}", icon="TRASH")
        draw_wrapped(layout, context, "They are deleted from the disk. Undo does not bring them back.", "ERROR")
        others = other_files()
        if others:
            draw_wrapped(layout, context, f"Other files here may show them: {', '.join(others)}.", "ERROR")

    def execute(self, context: bpy.types.Context) -> Returned:
        freed = 0
        for each in unused():
            try:
                shutil.rmtree(each.folder)
            except OSError as error:
                self.report({"ERROR"}, f"{each.folder} could not be deleted: {error.strerror or error}.")
                return {"CANCELLED"}
            freed += each.size
        self.report({"INFO"}, f"{size(freed)} are free again.")
        redraw_sequencers()
        return {"FINISHED"}


CLASSES = (SKYAR_OT_remove_unused,)
