# SPDX-License-Identifier: GPL-3.0-or-later
"""Choose Sky: ``bpy.ops.skyar.choose_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from .. import compat
from ..bases import Returned, own_ops
from ..draft import session as sessions
from ..jobs import runner
from ..result.link import original_of, selected_result
from .change_sky import SEQUENCER_OT_skyar_change_sky


class SKYAR_OT_choose_sky(bpy.types.Operator):
    """Take this sky. A draft follows; a selected result gets it at once"""

    bl_idname = "skyar.choose_sky"
    bl_label = "Choose Sky"
    bl_options = {"UNDO", "INTERNAL"}  # noqa: RUF012

    name: bpy.props.StringProperty(name="Name", description="Of the sky")

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        """A click: the draft sees it, or the result that is selected changes its sky."""
        self.execute(context)
        result = selected_result(compat.sequencer_scene(context))
        if result is not None and sessions.active() is None:
            original = original_of(compat.sequencer_scene(context), result)
            if original is not None:
                runner.withdraw(SEQUENCER_OT_skyar_change_sky.bl_label, original.name)
            own_ops.sequencer.skyar_change_sky("INVOKE_DEFAULT", sky=self.name, ask=False)
        return {"FINISHED"}

    def execute(self, context: bpy.types.Context) -> Returned:
        settings = compat.sequencer_scene(context).skyar
        settings.sky, settings.sky_file, settings.sky_world = self.name, "", None
        return {"FINISHED"}


CLASSES = (SKYAR_OT_choose_sky,)
