# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies as thumbnails, below the panel Replace Sky; a click chooses one."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..draft import session as sessions
from ..jobs import runner
from ..operators.choose_sky import SKYAR_OT_choose_sky
from ..result.link import SKY_KEY, selected_result
from ..skies import sky_choice
from . import thumbnails
from .sidebar import SEQUENCER_PT_skyar_replace, Tab

#: Units of the interface that a thumbnail is wide, and times as large as an icon.
_ACROSS = 110
_SCALE = 4.6


class SEQUENCER_PT_skyar_skies(Tab, bpy.types.Panel):
    """All skies that have a name, searched by names and tags."""

    bl_label = "Skies"
    bl_parent_id = SEQUENCER_PT_skyar_replace.__name__

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return not runner.busy()

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = compat.sequencer_scene(context).skyar
        layout.prop(settings, "sky_search", text="", icon="VIEWZOOM")
        try:
            found = [choice for choice in sky_choice.choices() if choice.matches(settings.sky_search)]
        except SkyarError as error:
            layout.label(text=error.what, icon="ERROR")
            return
        if not found:
            layout.label(text="No sky has such a name or tag.", icon="INFO")
        columns = max(1, round(context.region.width / context.preferences.system.ui_scale / _ACROSS))
        grid = layout.grid_flow(row_major=True, columns=columns, even_columns=True, even_rows=True, align=False)
        result = selected_result(compat.sequencer_scene(context))
        shown = None if result is None or sessions.active() is not None else result.scene.get(SKY_KEY)
        for choice in found:
            if shown is not None:
                chosen = choice.source == shown
            else:
                chosen = choice.name == settings.sky and not settings.sky_file and settings.sky_world is None
            cell = grid.column(align=True)
            cell.template_icon(icon_value=thumbnails.icon_of(choice), scale=_SCALE)
            cell.operator(SKYAR_OT_choose_sky.bl_idname, text=choice.title, depress=chosen).name = choice.name


CLASSES = (SEQUENCER_PT_skyar_skies,)
