# SPDX-License-Identifier: GPL-3.0-or-later
"""What the latest run warned of, or why it failed: it stays in the tab until it is dismissed."""

from __future__ import annotations

import bpy

from ..jobs import runner
from ..operators.copy_text import SKYAR_OT_copy_text
from ..operators.dismiss import SKYAR_OT_dismiss
from ..wrapped import draw_wrapped
from .sidebar import Tab


class SEQUENCER_PT_skyar_messages(Tab, bpy.types.Panel):
    """Errors, warnings and notes of the latest run, whole and to be copied."""

    bl_label = "Messages"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        return bool(runner.messages())

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        told = runner.messages()
        for message in told:
            draw_wrapped(layout, context, message.text, "ERROR" if message.serious else "INFO")
        row = layout.row(align=True)
        row.operator(SKYAR_OT_copy_text.bl_idname, icon="COPYDOWN").text = "\n".join(each.text for each in told)
        row.operator(SKYAR_OT_dismiss.bl_idname, icon="X")


CLASSES = (SEQUENCER_PT_skyar_messages,)
