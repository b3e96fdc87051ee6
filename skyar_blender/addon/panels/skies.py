# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies as thumbnails, below the panel Replace Sky; a click chooses one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Literal

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..bases import there
from ..draft import session as sessions
from ..operators.add_own_sky import SKYAR_OT_add_own_sky
from ..operators.choose_sky import SKYAR_OT_choose_sky
from ..operators.favourite_sky import SKYAR_OT_favourite_sky
from ..preferences.favourites import favourites
from ..result.link import SKY_KEY, selected_result
from ..skies import sky_choice
from ..skies.sky_choice import Choice
from ..translations.told import told
from . import thumbnails
from .sidebar import SEQUENCER_PT_skyar_replace, Tab

#: Units of the interface that a thumbnail is wide, at least about, and how much of it the image takes.
_ACROSS, _FILLED = 170, 0.85
#: Units of the interface that an icon is wide.
_ICON = 20
#: So many skies are shown before all are asked for: what comes below stays near.
_FIRST = 8


class SEQUENCER_PT_skyar_skies(Tab, bpy.types.Panel):
    """Skies that have a name: favourites first, searched by names and tags."""

    bl_label = "Skies"
    bl_parent_id = SEQUENCER_PT_skyar_replace.__name__

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        settings = compat.sequencer_scene(context).skyar
        row = layout.row(align=True)
        row.prop(settings, "sky_search", text="", icon="VIEWZOOM")
        row.prop(settings, "only_favourites", text="", icon="SOLO_ON")
        row.operator_context = "INVOKE_DEFAULT"
        row.operator(SKYAR_OT_add_own_sky.bl_idname, text="", icon="ADD")
        try:
            known = sky_choice.choices()
        except SkyarError as error:
            layout.label(text=told(error.what), icon="ERROR")
            return
        liked = favourites()
        found = [
            choice
            for choice in sorted(known, key=lambda choice: choice.source not in liked)
            if choice.matches(settings.sky_search) and (choice.source in liked or not settings.only_favourites)
        ]
        if not found and settings.only_favourites and not liked:
            layout.label(text="A click on the star of a sky makes it a favourite.", icon="INFO")
        elif not found:
            layout.label(text="No sky has such a name or tag.", icon="INFO")
        taken = _taken(context, settings)
        seen = found if settings.all_skies else _first(found, taken)
        self._grid(context, seen, taken, liked)
        if len(found) > _FIRST:
            text = f"All {len(found)} Skies"
            fold: Literal["TRIA_UP", "TRIA_DOWN"] = "TRIA_UP" if settings.all_skies else "TRIA_DOWN"
            layout.prop(settings, "all_skies", text=text, icon=fold, toggle=True)

    def _grid(
        self, context: bpy.types.Context, seen: list[Choice], taken: Callable[[Choice], bool], liked: Collection[str]
    ) -> None:
        width = there(context.region).width / there(context.preferences).system.ui_scale
        columns = max(1, round(width / _ACROSS))
        scale = _FILLED * width / columns / _ICON
        grid = self.layout.grid_flow(row_major=True, columns=columns, even_columns=True, even_rows=True, align=False)
        for choice in seen:
            cell = grid.column(align=True)
            cell.template_icon(icon_value=thumbnails.icon_of(choice), scale=scale)
            row = cell.row(align=True)
            choose = row.operator(SKYAR_OT_choose_sky.bl_idname, text=choice.title, depress=taken(choice))
            choose.name = choice.name
            star: Literal["SOLO_ON", "SOLO_OFF"] = "SOLO_ON" if choice.source in liked else "SOLO_OFF"
            row.operator(SKYAR_OT_favourite_sky.bl_idname, text="", icon=star).source = choice.source


def _taken(context: bpy.types.Context, settings: Any) -> Callable[[Choice], bool]:
    """Whether a sky is that of the selected result, or else the chosen one."""
    result = selected_result(compat.sequencer_scene(context))
    if result is not None and sessions.active() is None:
        shown = result.scene.get(SKY_KEY)
        if shown is not None:
            return lambda choice: bool(choice.source == shown)
    other = settings.sky_file or settings.sky_world is not None
    return lambda choice: bool(choice.name == settings.sky and not other)


def _first(found: list[Choice], taken: Callable[[Choice], bool]) -> list[Choice]:
    """The first skies, and the one that is taken in place of the last of them where it would be missing."""
    first, rest = found[:_FIRST], [choice for choice in found[_FIRST:] if taken(choice)]
    return [*first[: _FIRST - len(rest)], *rest]


CLASSES = (SEQUENCER_PT_skyar_skies,)
