# SPDX-License-Identifier: GPL-3.0-or-later
"""Favourite Sky: ``bpy.ops.skyar.favourite_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from ..bases import Returned
from ..preferences import favourites
from ..redraw import redraw_sequencers


class SKYAR_OT_favourite_sky(bpy.types.Operator):
    """Put this sky among the favourites, or take it out. They come first, in every file"""

    bl_idname = "skyar.favourite_sky"
    bl_label = "Favourite"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    source: bpy.props.StringProperty(name="Source", description="Name of a shipped sky, or the file of your own")

    def execute(self, _context: bpy.types.Context) -> Returned:
        favourites.toggle(self.source)
        redraw_sequencers()
        return {"FINISHED"}


CLASSES = (SKYAR_OT_favourite_sky,)
