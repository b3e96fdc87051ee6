# SPDX-License-Identifier: GPL-3.0-or-later
"""Add Tracked Camera: ``bpy.ops.sequencer.skyar_add_tracked_camera``."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..bases import Returned
from ..result.camera import add_camera, bends_lines, sky_turn
from ..result.link import active_result
from ..translations.told import told_error
from .polls import NO_RESULT, needs


class SEQUENCER_OT_skyar_add_tracked_camera(bpy.types.Operator):
    """Add a camera to the scene that moves as the one of the result's shot, in the world of its new sky.
    A World that shows the same panorama needs the sky's Turn as rotation Z of its Mapping node"""

    bl_idname = "sequencer.skyar_add_tracked_camera"
    bl_label = "Add Tracked Camera"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, active_result(compat.sequencer_scene(context)) is not None, NO_RESULT)

    def execute(self, context: bpy.types.Context) -> Returned:
        scene = compat.sequencer_scene(context)
        try:
            strip = active_result(scene)
            camera = add_camera(scene, strip)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        turn = sky_turn(strip)
        hint = f" Its sky is turned: give a World that shows it {turn:g}° as rotation Z." if turn else ""
        if bends_lines(strip):
            hint += " The shot's lens bends straight lines; this camera does not, so that its corners differ."
        self.report({"INFO"}, f"“{camera.name}” is in the scene “{scene.name}”.{hint}")
        return {"FINISHED"}


CLASSES = (SEQUENCER_OT_skyar_add_tracked_camera,)
