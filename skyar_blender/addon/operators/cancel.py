# SPDX-License-Identifier: GPL-3.0-or-later
"""Cancel the run of Replace Sky that is under way or waits, or go on waiting for one that does not answer."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from ..bases import Returned
from ..jobs import runner
from ..redraw import redraw_sequencers
from .polls import needs


class SEQUENCER_OT_skyar_cancel(bpy.types.Operator):
    """Stop Replace Sky; frames that are complete are kept, so that it can go on later"""

    bl_idname = "sequencer.skyar_cancel"
    bl_label = "Cancel Replace Sky"

    place: bpy.props.IntProperty(
        name="Place",
        description="Of those that wait, from 0; below 0 the one at work",
        default=-1,
        options={"SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, runner.busy(), "Replace Sky is not at work")

    def execute(self, context: bpy.types.Context) -> Returned:
        if 0 <= self.place < len(runner.waiting):
            runner.waiting[self.place].stop()
            redraw_sequencers()
        elif self.place < 0 and runner.current is not None:
            runner.current.cancel()
        return {"FINISHED"}


class SEQUENCER_OT_skyar_wait(bpy.types.Operator):
    """Go on waiting for the engine, which does not answer"""

    bl_idname = "sequencer.skyar_wait"
    bl_label = "Wait"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, runner.busy(), "Replace Sky is not at work")

    def execute(self, context: bpy.types.Context) -> Returned:
        assert runner.current is not None
        runner.current.keep_waiting()
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_cancel, SEQUENCER_OT_skyar_wait)
