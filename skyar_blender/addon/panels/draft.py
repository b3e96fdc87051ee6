# SPDX-License-Identifier: GPL-3.0-or-later
"""The draft in the panel Replace Sky: the sky's place, what of the draft is shown, what is to be said of it."""

from __future__ import annotations

import bpy

from .. import compat
from ..draft import session as sessions
from ..jobs import runner
from ..operators.draft_frame import SEQUENCER_OT_skyar_clear_draft
from ..properties import option_properties
from ..redraw import redraw_on_change
from ..wrapped import draw_wrapped
from .error_box import draw_error
from .sidebar import SEQUENCER_PT_skyar_replace, Tab


class SEQUENCER_PT_skyar_draft(Tab, bpy.types.Panel):
    """The sky's place, seen at once while there is a draft."""

    bl_label = "Placement"
    bl_parent_id = SEQUENCER_PT_skyar_replace.__name__

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        return not runner.busy()

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
        view = context.window_manager.skyar_draft
        redraw_on_change((view.view, view.split))
        row = layout.row(align=True)
        row.prop(view, "view", expand=True)
        row.operator(SEQUENCER_OT_skyar_clear_draft.bl_idname, text="", icon="X")
        if view.view == "SPLIT":
            layout.prop(view, "split", slider=True)
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
                draw_wrapped(layout, context, note, "INFO")


CLASSES = (SEQUENCER_PT_skyar_draft,)
