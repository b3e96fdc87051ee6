# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky Made to Measure: ``bpy.ops.skyar.make_to_measure``."""

from __future__ import annotations

import bpy

from .. import compat
from ..bases import Returned
from ..nodes.made_to_measure_world import make_world


class SKYAR_OT_make_to_measure(bpy.types.Operator):
    """Take a sky by sliders: sun, air, clouds, night. It is a new World of this file, which Replace Sky renders"""

    bl_idname = "skyar.make_to_measure"
    bl_label = "Sky Made to Measure"
    bl_options = {"UNDO"}  # noqa: RUF012

    def execute(self, context: bpy.types.Context) -> Returned:
        compat.sequencer_scene(context).skyar.sky_world = make_world()
        return {"FINISHED"}


CLASSES = (SKYAR_OT_make_to_measure,)
