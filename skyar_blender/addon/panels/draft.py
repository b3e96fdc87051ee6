# SPDX-License-Identifier: GPL-3.0-or-later
"""The draft in the panel Replace Sky: the sky's place, what of the draft is shown, what is to be said of it."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..draft import session as sessions
from ..draft.subject import footage_at
from ..operators.clear_strokes import SEQUENCER_OT_skyar_clear_strokes
from ..operators.draft_frame import SEQUENCER_OT_skyar_clear_draft
from ..properties import option_properties
from ..properties.draft_properties import draft_view
from ..redraw import redraw_on_change
from ..strips.strokes import text_of
from ..translations.told import told
from ..wrapped import draw_wrapped
from .error_box import draw_error
from .sidebar import SEQUENCER_PT_skyar_replace, Tab


class SEQUENCER_PT_skyar_draft(Tab, bpy.types.Panel):
    """The sky's place, seen at once while there is a draft."""

    bl_label = "Placement"
    bl_parent_id = SEQUENCER_PT_skyar_replace.__name__

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        settings = compat.sequencer_scene(context).skyar
        column = layout.column()
        option_properties.draw_sidebar(column, settings, "replace", ("Sky",))
        session = sessions.active()
        if session is None:
            return
        view = draft_view(context)
        redraw_on_change((view.view, view.split, view.hand, view.brush_size, view.horizon))
        row = layout.row(align=True)
        row.prop(view, "view", expand=True)
        row.operator(SEQUENCER_OT_skyar_clear_draft.bl_idname, text="", icon="X")
        if view.view == "SPLIT":
            layout.prop(view, "split", slider=True)
        layout.row(align=True).prop(view, "hand", expand=True)
        if view.hand != "PLACE":
            layout.prop(view, "brush_size", slider=True)
        else:
            layout.prop(view, "horizon")
        _draw_strokes(layout, compat.sequencer_scene(context))
        if session.error is not None:
            draw_error(layout, context, session.error)
        elif session.waiting:
            layout.label(text="Draft under way...", icon="TIME")
        elif session.shown is not None:
            shown = session.shown
            frame = compat.sequencer_scene(context).frame_current
            hidden = "" if frame == shown.subject.frame else ", seen when the playhead is there"
            draw_wrapped(layout, context, f"Of frame {shown.subject.frame}{hidden}.")
            for note in shown.facts.notes:
                draw_wrapped(layout, context, told(note), "INFO")


def _draw_strokes(layout: Any, scene: Any) -> None:
    """What takes strokes away, where the strip at the playhead has some."""
    strip = footage_at(scene, scene.frame_current)
    if strip is None or not text_of(strip):
        return
    row = layout.row(align=True)
    row.operator(SEQUENCER_OT_skyar_clear_strokes.bl_idname).every_frame = False
    row.operator(SEQUENCER_OT_skyar_clear_strokes.bl_idname, text="Clear All Strokes").every_frame = True


CLASSES = (SEQUENCER_PT_skyar_draft,)
