# SPDX-License-Identifier: GPL-3.0-or-later
"""Clear Strokes: ``bpy.ops.sequencer.skyar_clear_strokes``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

from typing import Any

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..bases import Returned
from ..draft.subject import footage_at
from ..redraw import redraw_sequencers
from ..strips import strokes
from ..strips.clip_of_strip import clip_of_strip
from ..translations.told import told_error
from .polls import needs


class SEQUENCER_OT_skyar_clear_strokes(bpy.types.Operator):
    """Take the strokes of the Sky Brush off the strip at the playhead"""

    bl_idname = "sequencer.skyar_clear_strokes"
    bl_label = "Clear Strokes"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    every_frame: bpy.props.BoolProperty(
        name="Every Frame", description="Not only those of the frame at the playhead", default=False
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        strip = _strip(context)
        there = strip is not None and bool(strokes.text_of(strip))
        return needs(cls, there, "Move the playhead to a strip that was painted on with the Sky Brush")

    def execute(self, context: bpy.types.Context) -> Returned:
        scene, strip = compat.sequencer_scene(context), _strip(context)
        try:
            frame = None
            if not self.every_frame:
                shown = strokes.shown_sources(clip_of_strip(strip, scene))
                frame = shown[scene.frame_current - compat.handles(strip)[0]]
            strokes.clear(strip, frame)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        redraw_sequencers()
        return {"FINISHED"}


def _strip(context: bpy.types.Context) -> Any:
    scene = compat.sequencer_scene(context)
    return footage_at(scene, scene.frame_current) if scene is not None else None


CLASSES = (SEQUENCER_OT_skyar_clear_strokes,)
