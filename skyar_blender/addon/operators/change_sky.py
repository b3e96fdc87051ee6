# SPDX-License-Identifier: GPL-3.0-or-later
"""Change Sky: ``bpy.ops.sequencer.skyar_change_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from .. import compat, output_folder
from ..jobs import runner
from ..jobs.change_sky import chosen_results, job_of_result, plan_changes
from ..jobs.foretold import foretell_change
from ..jobs.replace_sky import Chosen
from ..jobs.wandb_choice import all_logged, chosen_logging
from ..preferences.preferences import engine_python
from ..properties import option_properties, sky_properties, wandb_properties
from ..properties.option_properties import SKIP
from ..skies import sky_choice
from .job_operator import JobOperator
from .polls import NO_RESULT, needs
from .shot_dialog import draw_choices, draw_foretold


@option_properties.takes_options_of("change-sky")
class SEQUENCER_OT_skyar_change_sky(JobOperator, bpy.types.Operator):
    """Give a result of Replace Sky another sky, or place its sky anew, without finding sky and camera again.
    What is not set stays as it is"""

    bl_idname = "sequencer.skyar_change_sky"
    bl_label = "Change Sky"
    # Not REGISTER: the panel Adjust Last Operation would start the work anew at each change.
    bl_options = {"UNDO"}  # noqa: RUF012

    sky: sky_properties.sky(default="", options=SKIP)
    sky_file: sky_properties.sky_file()
    sky_world: sky_properties.sky_world()
    output: sky_properties.output()
    wandb: wandb_properties.wandb()
    wandb_project: wandb_properties.wandb_project()
    wandb_entity: wandb_properties.wandb_entity()
    wandb_dir: wandb_properties.wandb_dir()
    ask: sky_properties.ask()

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        found = chosen_results(compat.sequencer_scene(context))
        return needs(cls, bool(found), NO_RESULT) and super().poll(context)

    def prefill(self, context: bpy.types.Context) -> None:
        job = job_of_result(chosen_results(compat.sequencer_scene(context))[0])
        assert job.sky is not None  # see job_of_result
        source = job.sky.source
        name = next((each.name for each in sky_choice.choices() if each.source == source), "")
        for key, value in {"sky": name, "sky_file": "" if name else source}.items():
            if not self.properties.is_property_set(key):
                setattr(self, key, value)
        option_properties.prefill(self, "change-sky", job)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        draw_choices(layout, self, "change-sky")
        layout.prop(self, "wandb")
        options = option_properties.dialog_options(self, "change-sky")
        other = self.sky_world or self.sky_file or self.sky
        draw_foretold(layout, foretell_change(compat.sequencer_scene(context), other, options, self.output))
        if not output_folder.is_saved():
            layout.label(text="Save the .blend first to keep the result beside it.", icon="INFO")

    def start(self, context: bpy.types.Context) -> runner.JobQueue:
        scene = compat.sequencer_scene(context)
        chosen = Chosen(
            sky=self._given("sky"),
            sky_file=self._given("sky_file"),
            sky_world=self._given("sky_world"),
            options=option_properties.chosen_options(self, "change-sky"),
            output=self.output,
        )
        planned = plan_changes(scene, chosen_results(scene), chosen)
        planned = all_logged(planned, chosen_logging(self, context))
        return runner.JobQueue(engine_python(context), planned, self.bl_label)

    def _given(self, name: str) -> str:
        """The text of a property that was set, or none."""
        return getattr(self, name) if self.properties.is_property_set(name) else ""


CLASSES = (SEQUENCER_OT_skyar_change_sky,)
