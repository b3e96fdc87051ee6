# SPDX-License-Identifier: GPL-3.0-or-later
"""What Mark as Sky and Mark as Not Sky have in common."""

from __future__ import annotations

from typing import ClassVar

import bpy

from ...contract.correction import Truth
from .. import compat
from ..bases import OperatorBase, Returned
from ..strips import marks
from .polls import needs


class Marking(OperatorBase):
    """Marks the selected strips that can be marked with ``truth``; a base beside ``bpy.types.Operator``."""

    truth: ClassVar[Truth]
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not marks.to_mark(compat.sequencer_scene(context)):
            needs(cls, False, "Select a Mask strip, or an image or movie strip with a painted matte")
            return False
        return True

    def execute(self, context: bpy.types.Context) -> Returned:
        for strip in marks.to_mark(compat.sequencer_scene(context)):
            marks.mark(strip, self.truth)
        return {"FINISHED"}
