# SPDX-License-Identifier: GPL-3.0-or-later
"""Mark as Sky: ``bpy.ops.sequencer.skyar_mark_sky``."""

from __future__ import annotations

import bpy

from .marking import Marking


class SEQUENCER_OT_skyar_mark_sky(Marking, bpy.types.Operator):
    """Let Replace Sky take what is white in the selected strips for sky; mutes them"""

    bl_idname = "sequencer.skyar_mark_sky"
    bl_label = "Mark as Sky"
    truth = "sky"


CLASSES = (SEQUENCER_OT_skyar_mark_sky,)
