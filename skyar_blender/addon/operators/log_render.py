# SPDX-License-Identifier: GPL-3.0-or-later
"""Log Render: ``bpy.ops.sequencer.skyar_log_render``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

from pathlib import Path

import bpy

from ...bridge.log_render import LogRender
from ...contract.errors import ErrorCode, SkyarError
from ...contract.render import Render
from .. import compat
from ..bases import Returned, there
from ..jobs.wandb_choice import chosen_logging
from ..preferences.preferences import engine_python
from ..properties import wandb_properties
from ..result.inputs import inputs_of, noted_inputs
from ..result.link import active_result, folder_of
from ..translations.told import told_error
from .polls import NO_RESULT, needs
from .timer import start_timer, stop_timer


class SEQUENCER_OT_skyar_log_render(bpy.types.Operator):
    """Log a movie that you rendered from this result to Weights & Biases, with the values of its nodes and how they
    differ from those of the run"""

    bl_idname = "sequencer.skyar_log_render"
    bl_label = "Log Render"

    filepath: bpy.props.StringProperty(
        name="Movie", description="The finished movie", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: bpy.props.StringProperty(
        name="Kinds",
        description="Kinds of files to show",
        default="*.mp4;*.mov;*.mkv;*.webm;*.avi",
        options={"HIDDEN"},
    )
    wandb: wandb_properties.wandb()
    wandb_project: wandb_properties.wandb_project()
    wandb_entity: wandb_properties.wandb_entity()
    wandb_dir: wandb_properties.wandb_dir()

    _log: LogRender

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, active_result(compat.sequencer_scene(context)) is not None, NO_RESULT)

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        there(context.window_manager).fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Returned:
        try:
            self._log = self._begin(context)
            if not bpy.app.background and context.window is not None:
                return start_timer(self, context)
            return self._tell(self._log.wait())
        except SkyarError as error:
            return self._fail(error)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        if event.type == "ESC":
            self.cancel(context)
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            logged = self._log.poll()
        except SkyarError as error:
            stop_timer(self, context)
            return self._fail(error)
        if logged is None:
            return {"PASS_THROUGH"}
        stop_timer(self, context)
        return self._tell(logged)

    def cancel(self, context: bpy.types.Context) -> None:
        """Esc, or the window was closed."""
        self._log.stop()
        stop_timer(self, context)

    def _begin(self, context: bpy.types.Context) -> LogRender:
        scene = active_result(compat.sequencer_scene(context)).scene
        movie = Path(bpy.path.abspath(self.filepath))
        if not movie.is_file():
            raise SkyarError(
                ErrorCode.NOT_LOGGED, "There is no such movie.", f"{movie} is no file.", "Choose the finished movie."
            )
        wandb = chosen_logging(self, context)
        if wandb is None:
            raise SkyarError(
                ErrorCode.NOT_LOGGED,
                "Nothing is logged.",
                "Weights & Biases is off in SkyAR's preferences.",
                "Turn it on there, or say wandb='OFFLINE'.",
            )
        render = Render(movie=str(movie.absolute()), inputs=inputs_of(scene), defaults=noted_inputs(scene))
        log = LogRender(engine_python(context), folder_of(scene).root, render, wandb)
        log.start()
        return log

    def _tell(self, logged: str) -> Returned:
        self.report({"INFO"}, f"Logged to Weights & Biases: {logged}")
        return {"FINISHED"}

    def _fail(self, error: SkyarError) -> Returned:
        self.report({"ERROR"}, told_error(error))
        return {"CANCELLED"}


CLASSES = (SEQUENCER_OT_skyar_log_render,)
