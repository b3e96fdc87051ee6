# SPDX-License-Identifier: GPL-3.0-or-later
"""Mark as Not Sky: ``bpy.ops.sequencer.skyar_mark_not_sky``."""

from __future__ import annotations

import bpy

from .marking import Marking


class SEQUENCER_OT_skyar_mark_not_sky(Marking, bpy.types.Operator):
    """Let Replace Sky keep what is white in the selected strips as it is; mutes them"""

    bl_idname = "sequencer.skyar_mark_not_sky"
    bl_label = "Mark as Not Sky"
    truth = "not_sky"


CLASSES = (SEQUENCER_OT_skyar_mark_not_sky,)
