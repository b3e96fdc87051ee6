# SPDX-License-Identifier: GPL-3.0-or-later
"""Replace Sky: ``bpy.ops.sequencer.skyar_replace_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from .. import compat, output_folder
from ..jobs import runner
from ..jobs.chosen_strips import chosen_strips
from ..jobs.foretold import foretell
from ..jobs.replace_sky import plan
from ..jobs.wandb_choice import all_logged, chosen_logging
from ..preferences import last_choices
from ..preferences.preferences import engine_python
from ..properties import option_properties, sky_properties, wandb_properties
from .job_operator import JobOperator
from .polls import needs
from .shot_dialog import chosen_for_shots, draw_choices, draw_foretold

_NO_STRIPS = "Add a movie or an image sequence to the Video Sequencer first"


@option_properties.takes_options_of("replace")
class SEQUENCER_OT_skyar_replace_sky(JobOperator, bpy.types.Operator):
    """Give the selected movie or image strips a new sky that moves with the camera"""

    bl_idname = "sequencer.skyar_replace_sky"
    bl_label = "Replace Sky"
    # Not REGISTER: the panel Adjust Last Operation would start the work anew at each change.
    bl_options = {"UNDO", "PRESET"}  # noqa: RUF012

    sky: sky_properties.sky(default="sunset")
    sky_file: sky_properties.sky_file()
    sky_world: sky_properties.sky_world()
    camera: sky_properties.camera()
    movie_clip: sky_properties.movie_clip()
    output: sky_properties.output()
    wandb: wandb_properties.wandb()
    wandb_project: wandb_properties.wandb_project()
    wandb_entity: wandb_properties.wandb_entity()
    wandb_dir: wandb_properties.wandb_dir()
    ask: sky_properties.ask()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        editor = compat.sequencer_scene(context).sequence_editor
        return needs(cls, editor is not None, _NO_STRIPS) and super().poll(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        draw_choices(layout, self, "replace")
        layout.prop(self, "wandb")
        sky = "" if self.sky_file or self.sky_world else self.sky
        options = option_properties.dialog_options(self, "replace")
        draw_foretold(layout, foretell(compat.sequencer_scene(context), sky, options, self.output))
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first to keep the result beside it.", icon="INFO")

    def start(self, context: bpy.types.Context) -> runner.JobQueue:
        scene = compat.sequencer_scene(context)
        if not bpy.app.background:
            last_choices.remember(scene.skyar)
        chosen = chosen_for_shots(self, context)
        planned = all_logged(plan(scene, chosen_strips(scene), chosen), chosen_logging(self, context))
        return runner.JobQueue(engine_python(context), planned)


CLASSES = (SEQUENCER_OT_skyar_replace_sky,)
