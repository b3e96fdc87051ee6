# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the camera was followed, in the sidebar's tab "SkyAR"."""

from __future__ import annotations

import bpy

from ...common.confidence import WEAK
from ..result.headings import shots_in_words
from ..result.link import folder_of
from ..result.tracking import Tracking, tracking_of
from ..translations.say import say
from ..wrapped import draw_wrapped
from .sidebar import SEQUENCER_PT_skyar_result, Tab, active_result
from .weak_frames import draw_confidence, draw_weak_ranges

_FOCAL_SOURCES = {
    "given": "as given",
    "metadata": "from the clip's metadata",
    "solved": "found in the motion",
    "weighed": "roughly found in the motion",
    "other_shot": "found in the motion of another shot",
    "camera": "of the camera",
    "default": "a guess, the motion does not tell",
}


class SEQUENCER_PT_skyar_tracking(Tab, bpy.types.Panel):
    """Confidence, lens, and the frames in doubt, or damaged, of the active strip's result."""

    bl_label = "Tracking"
    bl_parent_id = SEQUENCER_PT_skyar_result.__name__

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return active_result(context) is not None

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        scene = active_result(context)
        tracking = tracking_of(scene)
        if tracking is None:
            layout.label(text="The folder of the result has no report of it.", icon="INFO")
            return
        if tracking.confidence:
            draw_confidence(layout, context, tracking.confidence, folder_of(scene).confidence)
        _draw_figures(layout, tracking)
        for sentence in tracking.headings:
            draw_wrapped(layout, context, sentence, "WORLD")
        draw_weak_ranges(layout, context, (*tracking.damaged, *tracking.weak))


def _draw_figures(layout: bpy.types.UILayout, tracking: Tracking) -> None:
    column = layout.column(align=True)
    if tracking.least is not None and tracking.mean is not None:
        column.label(
            text=say(
                "Confidence {mean}, at least {least}", mean=f"{tracking.mean:.2f}", least=f"{tracking.least:.2f}"
            ),
            icon="CHECKMARK" if tracking.least >= WEAK else "ERROR",
            translate=False,
        )
    if tracking.focal_length is not None:
        shots = tracking.focal_sources
        source = _FOCAL_SOURCES.get(shots[0] if shots else tracking.focal_source, "")
        words = [f"Lens {tracking.focal_length:.1f} mm", *([source] if source else [])]
        column.label(text=", ".join(words), icon="CAMERA_DATA")
        for each in dict.fromkeys(shots):
            others = [number for number, source in enumerate(shots, 1) if number > 1 and source == each != shots[0]]
            if others and each in _FOCAL_SOURCES:
                column.label(text=f"{shots_in_words(others)}: {_FOCAL_SOURCES[each]}", icon="BLANK1")
    if tracking.distortion:
        kind = "barrel" if tracking.distortion < 0 else "pincushion"
        column.label(text=f"It bends lines ({kind}, {tracking.distortion:+.3f}); so does the new sky", icon="BLANK1")


CLASSES = (SEQUENCER_PT_skyar_tracking,)
