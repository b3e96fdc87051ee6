# SPDX-License-Identifier: GPL-3.0-or-later
"""An error in a panel, whole and to be copied."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from ..operators.copy_text import SKYAR_OT_copy_text
from ..translations.told import told, told_error
from ..wrapped import draw_wrapped


def draw_error(layout: bpy.types.UILayout, context: bpy.types.Context, error: SkyarError) -> None:
    """A box with all that an error says, and a button that copies it."""
    box = layout.box()
    draw_wrapped(box, context, told(error.what), "ERROR")
    draw_wrapped(box, context, f"{told(error.why)}\n{told(error.todo)}")
    box.operator(SKYAR_OT_copy_text.bl_idname, icon="COPYDOWN").text = told_error(error)
