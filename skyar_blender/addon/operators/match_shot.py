# SPDX-License-Identifier: GPL-3.0-or-later
"""Match the Shot: ``bpy.ops.skyar.match_shot``."""

from __future__ import annotations

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..bases import Returned
from ..jobs.change_sky import job_of_result
from ..result.link import active_result
from ..result.sun import side, sun_of
from ..skies.made_to_measure import aim, controls_of
from ..translations.told import told_error
from .polls import NO_RESULT, needs


class SKYAR_OT_match_shot(bpy.types.Operator):
    """Let the sun of the sky made to measure stand where the light of the shot comes from, as its result tells"""

    bl_idname = "skyar.match_shot"
    bl_label = "Match the Shot"
    bl_options = {"UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene = compat.sequencer_scene(context)
        world = scene.skyar.sky_world if scene is not None else None
        strip = active_result(scene)
        return (
            needs(cls, controls_of(world) is not None, "Choose a sky made to measure as World first")
            and needs(cls, strip is not None, NO_RESULT)
            and needs(cls, sun_of(strip.scene) is not None, "The light of this shot was not looked for")
        )

    def execute(self, context: bpy.types.Context) -> Returned:
        scene = compat.sequencer_scene(context)
        strip = active_result(scene)
        suns = sun_of(strip.scene)
        try:
            job = job_of_result(strip)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        assert suns is not None and job.sky is not None  # see poll, and job_of_result
        aim(scene.skyar.sky_world, suns, job.sky.rotation)
        how = "as given" if suns.given else "sure" if suns.sure else "not sure"
        self.report(
            {"INFO"}, f"The sun stands {side(suns.light_from)} ({how}). Change Sky with this World brings it in."
        )
        return {"FINISHED"}


CLASSES = (SKYAR_OT_match_shot,)
