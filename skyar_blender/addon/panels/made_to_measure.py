# SPDX-License-Identifier: GPL-3.0-or-later
"""The sky made to measure, below the panel Replace Sky: its sliders, once it was taken."""

from __future__ import annotations

import bpy

from .. import compat
from ..jobs import runner
from ..nodes.group import Panel
from ..nodes.world_groups import made_to_measure
from ..operators.make_to_measure import SKYAR_OT_make_to_measure
from ..operators.match_shot import SKYAR_OT_match_shot
from ..skies.made_to_measure import NAME, controls_of
from .sidebar import SEQUENCER_PT_skyar_replace, Tab


class SEQUENCER_PT_skyar_made_to_measure(Tab, bpy.types.Panel):
    """A button that makes the World, or its sliders where it is the chosen one."""

    bl_label = NAME
    bl_parent_id = SEQUENCER_PT_skyar_replace.__name__
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return not runner.busy()

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        controls = controls_of(compat.sequencer_scene(context).skyar.sky_world)
        if controls is None:
            layout.operator(SKYAR_OT_make_to_measure.bl_idname, icon="ADD")
            return
        layout.operator(SKYAR_OT_match_shot.bl_idname, icon="LIGHT_SUN")
        for part in made_to_measure.GROUP.inputs:
            if not isinstance(part, Panel):
                continue
            column = layout.column(heading=part.title)
            column.use_property_split = True
            column.use_property_decorate = False
            for each in part.inputs:
                column.prop(controls.inputs[each.name], "default_value", text=each.name)


CLASSES = (SEQUENCER_PT_skyar_made_to_measure,)
