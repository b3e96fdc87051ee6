# SPDX-License-Identifier: GPL-3.0-or-later
"""Play: ``bpy.ops.sequencer.skyar_play``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from .. import compat
from ..bases import Returned
from ..redraw import redraw_sequencers
from ..result.link import active_result
from ..result.movie import why_not
from ..result.movie_or_nodes import choose
from .polls import NO_RESULT, needs

_SHOWN = [
    ("MOVIE", "Movie", "The sequencer shows the movie of the result, which plays as fast as the footage"),
    ("NODES", "Nodes", "The sequencer shows the nodes of the result: as it is rendered, with each change at once"),
]


class SEQUENCER_OT_skyar_play(bpy.types.Operator):
    """What the sequencer shows of this result. A render always takes the nodes"""

    bl_idname = "sequencer.skyar_play"
    bl_label = "Show Movie or Nodes"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    show: bpy.props.EnumProperty(name="Show", description="Movie or nodes", items=_SHOWN)

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, active_result(compat.sequencer_scene(context)) is not None, NO_RESULT)

    def execute(self, context: bpy.types.Context) -> Returned:
        scene = compat.sequencer_scene(context)
        strip = active_result(scene)
        reason = why_not(scene, strip) if self.show == "MOVIE" else ""
        if reason:
            self.report({"WARNING"}, f"{reason}.")
            return {"CANCELLED"}
        choose(scene, strip, self.show == "MOVIE")
        redraw_sequencers()
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_play,)
