# SPDX-License-Identifier: GPL-3.0-or-later
"""Submit as Farm Job: ``bpy.ops.sequencer.skyar_submit_farm_job``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

from pathlib import Path
from typing import Any

import bpy

from ...common.farm_bundle import FarmBundle
from ...contract.errors import ErrorCode, SkyarError
from ...contract.part import PART_FRAMES
from .. import compat, output_folder
from ..bases import Drawn, Returned, there
from ..jobs.chosen_strips import chosen_strips
from ..jobs.replace_sky import plan
from ..properties import option_properties, sky_properties
from ..translations.told import told_error
from .polls import needs
from .shot_dialog import chosen_for_shots, draw_choices

_NO_STRIPS = "Add a movie or an image sequence to the Video Sequencer first"


@option_properties.takes_options_of("replace")
class SEQUENCER_OT_skyar_submit_farm_job(Drawn, bpy.types.Operator):
    """Write the work on the selected strips as jobs for a render farm, beside their output folders"""

    bl_idname = "sequencer.skyar_submit_farm_job"
    bl_label = "Submit as Farm Job"
    bl_options = {"PRESET"}  # noqa: RUF012

    sky: sky_properties.sky(default="sunset")
    sky_file: sky_properties.sky_file()
    sky_world: sky_properties.sky_world()
    camera: sky_properties.camera()
    movie_clip: sky_properties.movie_clip()
    output: sky_properties.output()
    part_frames: bpy.props.IntProperty(
        name="Part Frames",
        description="Frames that one machine works on at a time",
        default=PART_FRAMES,
        min=1,
        soft_max=1000,
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        editor = compat.sequencer_scene(context).sequence_editor
        return needs(cls, editor is not None, _NO_STRIPS)

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        return there(context.window_manager).invoke_props_dialog(self, width=420)

    def draw(self, _context: bpy.types.Context) -> None:
        layout = self.layout
        draw_choices(layout, self, "replace")
        layout.prop(self, "part_frames")
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first, in a folder that the farm sees.", icon="INFO")

    def execute(self, context: bpy.types.Context) -> Returned:
        scene = compat.sequencer_scene(context)
        chosen = chosen_for_shots(self, context)
        try:
            folders = [_write(planned, self.part_frames) for planned in plan(scene, chosen_strips(scene), chosen)]
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        except ValueError as error:  # the contract's ranges
            self.report({"ERROR"}, f"The job cannot be written with these choices: {error}. Change them.")
            return {"CANCELLED"}
        self.report(
            {"INFO"},
            f"Written: {', '.join(map(str, folders))}. "
            "When the farm is done, Replace Sky with the same choices shows the result.",
        )
        return {"FINISHED"}


def _write(planned: Any, part_frames: int) -> Path:
    """Write the bundle of a planned job; its folder. Raises SkyarError."""
    planned.prepare()
    job = planned.job
    folder = Path(job.output).with_name(f"{Path(job.output).name}_farm")
    try:
        FarmBundle(job, job.clip.frames, part_frames).write(folder)
    except OSError as error:
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The farm job could not be written into {folder}.",
            f"{error.strerror or error}.",
            "Choose an output folder that you may write to.",
        ) from error
    return folder


CLASSES = (SEQUENCER_OT_skyar_submit_farm_job,)
