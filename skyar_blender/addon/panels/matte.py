# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure the mattes are, in the sidebar's tab "SkyAR"."""

from __future__ import annotations

import bpy

from ...common.confidence import WEAK
from ..result.matte_confidence import matte_confidence_of
from ..translations.say import say
from .sidebar import SEQUENCER_PT_skyar_result, Tab, active_result
from .weak_frames import draw_confidence, draw_weak_ranges


class SEQUENCER_PT_skyar_matte(Tab, bpy.types.Panel):
    """Confidence of the mattes of the active strip's result, and the frames in doubt."""

    bl_label = "Matte"
    bl_parent_id = SEQUENCER_PT_skyar_result.__name__

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene = active_result(context)
        return scene is not None and matte_confidence_of(scene) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        matte = matte_confidence_of(active_result(context))
        if matte is None:
            return
        draw_confidence(layout, context, matte.frames)
        layout.label(
            text=say("Confidence {mean}, at least {least}", mean=f"{matte.mean:.2f}", least=f"{matte.least:.2f}"),
            icon="CHECKMARK" if matte.least >= WEAK else "ERROR",
            translate=False,
        )
        if matte.flicker is not None:
            text = say("Flicker {percent} % from frame to frame", percent=f"{100 * matte.flicker:.2f}")
            layout.label(text=text, icon="BLANK1", translate=False)
        draw_weak_ranges(layout, context, matte.weak)


CLASSES = (SEQUENCER_PT_skyar_matte,)
