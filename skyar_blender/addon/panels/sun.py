# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the new sun goes with the light of the shot, in the sidebar's tab "SkyAR"."""

from __future__ import annotations

import bpy

from ..operators.change_sky import SEQUENCER_OT_skyar_change_sky
from ..operators.draw_shadow import SEQUENCER_OT_skyar_draw_shadow
from ..result.sun import side, sun_of, suns_apart
from .sidebar import SEQUENCER_PT_skyar_result, Tab, active_result


class SEQUENCER_PT_skyar_sun(Tab, bpy.types.Panel):
    """Where the shot's light comes from, where the new sun stands, and one click that brings them together."""

    bl_label = "Sun"
    bl_parent_id = SEQUENCER_PT_skyar_result.__name__

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene = active_result(context)
        return scene is not None and sun_of(scene) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        suns = sun_of(active_result(context))
        if suns is None:
            return
        how = "as given" if suns.given else "sure" if suns.sure else "not sure"
        column = layout.column(align=True)
        column.label(text=f"Light of the shot: {side(suns.light_from)}, {how}", icon="LIGHT_SUN")
        if suns.new_sun_at is None:
            column.label(text="No sun in this sky", icon="BLANK1")
            return
        apart = suns_apart(suns)
        column.label(text=f"New sun: {side(suns.new_sun_at)}", icon="ERROR" if apart else "BLANK1")
        if apart:
            column.label(text="Shadows will not go with it", icon="BLANK1")
        row = layout.row()
        row.alert = apart
        row.operator_context = "INVOKE_DEFAULT"
        aim = row.operator(SEQUENCER_OT_skyar_change_sky.bl_idname, text="Aim the Sun", icon="LIGHT_SUN")
        aim.aim_sun, aim.sky_rotation, aim.ask = True, 0.0, False
        layout.operator(SEQUENCER_OT_skyar_draw_shadow.bl_idname, icon="TRACKING_BACKWARDS_SINGLE")


CLASSES = (SEQUENCER_PT_skyar_sun,)
