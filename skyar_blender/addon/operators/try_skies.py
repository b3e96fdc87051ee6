# SPDX-License-Identifier: GPL-3.0-or-later
"""Try Skies: ``bpy.ops.sequencer.skyar_try_skies``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

from typing import TYPE_CHECKING

import bpy

from ...common.option_lookup import defaults_for
from ...common.sky_library import list_skies
from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from ..jobs import runner
from ..jobs.chosen_strips import chosen_strips
from ..jobs.foretold import foretell_trial
from ..jobs.replace_sky import Chosen
from ..jobs.try_skies import plan_trial
from ..jobs.wandb_choice import all_logged, chosen_logging
from ..motion import choices
from ..preferences.preferences import engine_python, own_weights
from ..properties import option_properties, sky_properties, wandb_properties
from .job_operator import JobOperator
from .polls import needs
from .shot_dialog import draw_foretold

_SKIES = [(sky.name, sky.title) for sky in list_skies()]


@option_properties.takes_options_of("try")
class SEQUENCER_OT_skyar_try_skies(JobOperator, bpy.types.Operator):
    """Give the active strip several skies, one after the other, and see them side by side; the first one stays, and
    Change Sky goes to any of the others in a moment"""

    bl_idname = "sequencer.skyar_try_skies"
    bl_label = "Try Skies"
    bl_options = {"UNDO", "PRESET"}  # noqa: RUF012

    skies: bpy.props.StringProperty(
        name="Skies",
        description="Names of skies with commas between; empty: those picked below",
        options={"SKIP_SAVE"},
    )
    picked: bpy.props.BoolVectorProperty(
        name="Skies", description="Shipped skies to try", size=len(_SKIES), default=[False] * len(_SKIES)
    )
    camera: sky_properties.camera()
    movie_clip: sky_properties.movie_clip()
    output: sky_properties.output()
    wandb: wandb_properties.wandb()
    wandb_project: wandb_properties.wandb_project()
    wandb_entity: wandb_properties.wandb_entity()
    wandb_dir: wandb_properties.wandb_dir()
    ask: sky_properties.ask()
    if TYPE_CHECKING:  # one of those that the decorator gives
        matte_method: str

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        editor = compat.sequencer_scene(context).sequence_editor
        return needs(cls, editor is not None, "Add a movie or an image sequence first") and super().poll(context)

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        grid = layout.grid_flow(columns=3, even_columns=True, align=True)
        for index, (_name, title) in enumerate(_SKIES):
            grid.prop(self, "picked", index=index, text=title, toggle=True)
        layout.use_property_split = True
        layout.use_property_decorate = False
        layout.prop(self, "skies", text="Or by Name")
        option_properties.draw_options(
            layout,
            self,
            "try",
            ("Light", "Matte", "Camera"),
            {"motion": lambda column: choices.draw_given(column, self)},
        )
        layout.prop(self, "wandb")
        names = self._names()
        if len(names) > 1:
            options = defaults_for("try") | option_properties.dialog_options(self, "try")
            draw_foretold(layout, foretell_trial(compat.sequencer_scene(context), names, options, self.output))

    def start(self, context: bpy.types.Context) -> runner.JobQueue:
        scene = compat.sequencer_scene(context)
        strips = chosen_strips(scene)
        if len(strips) != 1:
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                "Try Skies works on one strip.",
                f"{len(strips)} are selected.",
                "Select one movie or image strip.",
            )
        names = self._names()
        chosen = Chosen(
            options=option_properties.chosen_options(self, "try") | own_weights(context, self.matte_method),
            output=self.output,
            camera=self.camera,
            movie_clip=self.movie_clip,
        )
        planned = all_logged(plan_trial(scene, strips[0], names, chosen), chosen_logging(self, context))
        return runner.JobQueue(engine_python(context), planned, self.bl_label)

    def _names(self) -> list[str]:
        """The skies to be tried."""
        names = [name.strip() for name in self.skies.split(",") if name.strip()]
        return names or [name for (name, _title), wanted in zip(_SKIES, self.picked, strict=True) if wanted]


CLASSES = (SEQUENCER_OT_skyar_try_skies,)
