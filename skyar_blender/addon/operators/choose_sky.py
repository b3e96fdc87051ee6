# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose Sky: ``bpy.ops.skyar.choose_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from .. import compat


class SKYAR_OT_choose_sky(bpy.types.Operator):
    """Take this sky for Replace Sky"""

    bl_idname = "skyar.choose_sky"
    bl_label = "Choose Sky"
    bl_options = {"UNDO", "INTERNAL"}  # noqa: RUF012

    name: bpy.props.StringProperty(name="Name", description="Of the sky")

    def execute(self, context: bpy.types.Context) -> set[str]:
        settings = compat.sequencer_scene(context).skyar
        settings.sky, settings.sky_file, settings.sky_world = self.name, "", None
        return {"FINISHED"}


CLASSES = (SKYAR_OT_choose_sky,)
