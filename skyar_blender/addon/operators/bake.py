# SPDX-License-Identifier: GPL-3.0-or-later
"""Bake: ``bpy.ops.sequencer.skyar_bake``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from .. import compat
from ..jobs import runner
from ..jobs.bake import plan_bake
from ..preferences.preferences import engine_python
from ..result.link import active_result
from ..result.movie import is_stale
from .job_operator import JobOperator
from .polls import NO_RESULT, needs


class SEQUENCER_OT_skyar_bake(JobOperator, bpy.types.Operator):
    """Make the movie of this result anew, as its nodes are set now, so that it plays as fast as the footage"""

    bl_idname = "sequencer.skyar_bake"
    bl_label = "Bake"
    bl_options = {"UNDO"}  # noqa: RUF012

    ask = False
    output = "//"  # the files lie where the result is

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        result = active_result(compat.sequencer_scene(context))
        if not needs(cls, result is not None, NO_RESULT):
            return False
        return needs(cls, is_stale(result.scene), "The movie is as the nodes are") and super().poll(context)

    def start(self, context: bpy.types.Context) -> runner.JobQueue:
        scene = compat.sequencer_scene(context)
        return runner.JobQueue(engine_python(context), [plan_bake(scene, active_result(scene))], self.bl_label)


CLASSES = (SEQUENCER_OT_skyar_bake,)
