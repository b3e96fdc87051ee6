# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove from Asset Browser: ``bpy.ops.skyar.remove_assets``."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from ..bases import Returned
from ..nodes.assets import are_listed, assets_folder, remove_assets
from ..translations.told import told_error


class SKYAR_OT_remove_assets(bpy.types.Operator):
    """Delete SkyAR's asset library; node groups in your files stay"""

    bl_idname = "skyar.remove_assets"
    bl_label = "Remove from Asset Browser"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        if not are_listed():
            cls.poll_message_set("SkyAR's node groups are not in the Asset Browser")
            return False
        return True

    def execute(self, _context: bpy.types.Context) -> Returned:
        try:
            gone = remove_assets()
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        if gone:
            self.report({"INFO"}, "The asset library “SkyAR” is gone.")
        else:
            text = f"SkyAR's node groups are gone; the library stays, for the files of yours in {assets_folder()}."
            self.report({"WARNING"}, text)
        return {"FINISHED"}


CLASSES = (SKYAR_OT_remove_assets,)
