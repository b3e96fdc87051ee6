# SPDX-License-Identifier: GPL-3.0-or-later
"""The tab before the engine is there: one sentence, and what there is to press."""

from __future__ import annotations

import bpy

from ..bases import there
from ..operators.setup_engine import SKYAR_OT_setup_engine, fetched_text
from ..preferences import engine_state
from ..preferences.preferences import engine_is_there, preferences
from ..preferences.step_bar import draw_step
from ..wrapped import draw_wrapped
from .error_box import draw_error
from .sidebar import Tab

#: Megabytes of the wheels in `requirements/engine.lock`, for Linux and Python 3.11; other systems' differ a little.
DOWNLOAD_MB = 180


class SEQUENCER_PT_skyar_first(Tab, bpy.types.Panel):
    """Set up, or name a Python that is there; all else comes afterwards."""

    bl_label = "Welcome to SkyAR"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return not engine_is_there(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        draw_wrapped(layout, context, "SkyAR finds and replaces skies with an engine in a Python of its own.")
        if engine_state.busy():
            now = engine_state.progress
            if now is not None:
                draw_step(layout, now)
                if now.to_fetch:
                    layout.label(text=fetched_text(now), translate=False)
                draw_wrapped(layout, context, now.line)
            layout.label(text="Esc cancels.")
            return
        if engine_state.error is not None:
            draw_error(layout, context, engine_state.error)
        if not bpy.app.online_access:
            layout.prop(
                there(context.preferences).system, "use_online_access", text="Allow Online Access", toggle=True
            )
        row = layout.row()
        row.scale_y = 1.4
        row.enabled = bpy.app.online_access
        row.operator_context = "INVOKE_DEFAULT"
        row.operator(SKYAR_OT_setup_engine.bl_idname, icon="IMPORT", text=f"Set Up Engine (about {DOWNLOAD_MB} MB)")
        draw_wrapped(
            layout,
            context,
            "It downloads NumPy, OpenCV, FFmpeg, ONNX Runtime and the like; where a graphics card is found also "
            "PyTorch, which is gigabytes (Preferences > Add-ons > SkyAR, Device).",
        )
        chosen = preferences(context)
        if chosen is not None:
            column = layout.column(align=True)
            column.label(text="Or Use a Python I Have:")
            column.prop(chosen, "engine_python", text="")


CLASSES = (SEQUENCER_PT_skyar_first,)
