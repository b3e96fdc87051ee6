# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply as Modifier: ``bpy.ops.sequencer.skyar_apply_as_modifier``."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..result.compositor_modifier import apply_as_modifier
from ..result.link import active_result, original_of


class SEQUENCER_OT_skyar_apply_as_modifier(bpy.types.Operator):
    """Show the new sky by a Compositor modifier of the original strip, with the inputs as sliders; the result's own
    strip is muted. Again after Replace Sky, to bring it up to date"""

    bl_idname = "sequencer.skyar_apply_as_modifier"
    bl_label = "Apply as Modifier"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not compat.HAS_MODIFIER_INPUTS:
            cls.poll_message_set("Strip modifiers have sliders in Blender 5.2 and later only")
            return False
        scene = compat.sequencer_scene(context)
        result = active_result(scene)
        if result is None:
            cls.poll_message_set("Select a result of Replace Sky, or the strip that it was made from")
            return False
        if original_of(scene, result) is None:
            cls.poll_message_set("The strip that the result was made from is gone, or lies elsewhere in time")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> set[str]:
        scene = compat.sequencer_scene(context)
        result = active_result(scene)
        original = original_of(scene, result)
        try:
            apply_as_modifier(scene, result, original)
        except SkyarError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"“{original.name}” shows the new sky by a modifier; “{result.name}” is muted.")
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_apply_as_modifier,)
