# SPDX-License-Identifier: GPL-3.0-or-later
"""Add to Asset Browser: ``bpy.ops.skyar.add_assets``."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from ..bases import Returned
from ..nodes.assets import add_assets
from ..translations.told import told_error


class SKYAR_OT_add_assets(bpy.types.Operator):
    """Put SkyAR's node groups into the Asset Browser, as a library of their own, to use them by hand.
    Again after an update of SkyAR, to bring them up to date"""

    bl_idname = "skyar.add_assets"
    bl_label = "Add to Asset Browser"

    def execute(self, _context: bpy.types.Context) -> Returned:
        try:
            folder = add_assets()
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        self.report({"INFO"}, f"The node groups are in the asset library “SkyAR” ({folder}).")
        return {"FINISHED"}


CLASSES = (SKYAR_OT_add_assets,)
