# SPDX-License-Identifier: GPL-3.0-or-later
"""Dismiss: ``bpy.ops.skyar.dismiss``."""

from __future__ import annotations

import bpy

from ..bases import Returned
from ..jobs import runner
from .polls import needs


class SKYAR_OT_dismiss(bpy.types.Operator):
    """Take the messages of the latest run out of the tab"""

    bl_idname = "skyar.dismiss"
    bl_label = "Dismiss"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        return needs(cls, bool(runner.messages()), "There are no messages")

    def execute(self, _context: bpy.types.Context) -> Returned:
        runner.dismiss()
        return {"FINISHED"}


CLASSES = (SKYAR_OT_dismiss,)
