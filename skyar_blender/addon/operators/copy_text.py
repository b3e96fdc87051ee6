# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy: puts a text into the clipboard."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from ..bases import Returned, there


class SKYAR_OT_copy_text(bpy.types.Operator):
    """Copy this into the clipboard"""

    bl_idname = "skyar.copy_text"
    bl_label = "Copy"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    text: bpy.props.StringProperty(name="Text", description="What is copied")

    def execute(self, context: bpy.types.Context) -> Returned:
        there(context.window_manager).clipboard = self.text
        self.report({"INFO"}, "Copied.")
        return {"FINISHED"}


CLASSES = (SKYAR_OT_copy_text,)
