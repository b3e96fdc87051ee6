# SPDX-License-Identifier: GPL-3.0-or-later
"""Apply as Modifier: ``bpy.ops.sequencer.skyar_apply_as_modifier``."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..bases import Returned
from ..result.compositor_modifier import apply_as_modifier
from ..result.link import active_result, original_of
from ..translations.told import told_error
from .polls import NO_RESULT, needs

_NO_ORIGINAL = "The strip that the result was made from is gone, or lies elsewhere in time"


class SEQUENCER_OT_skyar_apply_as_modifier(bpy.types.Operator):
    """Show the new sky by a Compositor modifier of the original strip, with the inputs as sliders; the result's own
    strip is muted. Again after Replace Sky, to bring it up to date"""

    bl_idname = "sequencer.skyar_apply_as_modifier"
    bl_label = "Apply as Modifier"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene = compat.sequencer_scene(context)
        result = active_result(scene)
        return (
            needs(cls, compat.HAS_MODIFIER_INPUTS, "Strip modifiers have sliders in Blender 5.2 and later only")
            and needs(cls, result is not None, NO_RESULT)
            and needs(cls, original_of(scene, result) is not None, _NO_ORIGINAL)
        )

    def execute(self, context: bpy.types.Context) -> Returned:
        scene = compat.sequencer_scene(context)
        result = active_result(scene)
        original = original_of(scene, result)
        try:
            apply_as_modifier(scene, result, original)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"“{original.name}” shows the new sky by a modifier; “{result.name}” is muted.")
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_apply_as_modifier,)
