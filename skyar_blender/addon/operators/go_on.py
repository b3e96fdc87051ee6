# SPDX-License-Identifier: GPL-3.0-or-later
"""Listen to a run whose operator has gone: ``bpy.ops.sequencer.skyar_go_on``."""

from __future__ import annotations

import bpy

from ..jobs import runner, unwatched
from .job_operator import JobOperator
from .polls import needs


class SEQUENCER_OT_skyar_go_on(JobOperator, bpy.types.Operator):
    """Listen to a run that goes on after its window was closed or another file was opened"""

    bl_idname = "sequencer.skyar_go_on"
    bl_label = "Replace Sky"
    bl_options = {"UNDO", "INTERNAL"}  # noqa: RUF012

    ask = False
    output = "//"  # it was said when the run began where its files lie

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        return needs(cls, unwatched.any_left(), "Every run is listened to")

    def _begin(self, _context: bpy.types.Context) -> runner.JobQueue:
        return unwatched.take()


CLASSES = (SEQUENCER_OT_skyar_go_on,)
