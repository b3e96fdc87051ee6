# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that wait to be sent to Weights & Biases, in the sidebar's tab "SkyAR"."""

from __future__ import annotations

import textwrap
from pathlib import Path

import bpy

from ...contract.wandb import FOLDER, sync_all_command, waiting_runs
from ..jobs.wandb_choice import log_folder
from ..operators.copy_text import SKYAR_OT_copy_text
from ..operators.log_render import SEQUENCER_OT_skyar_log_render
from ..preferences.preferences import preferences
from ..result.link import folder_of
from .sidebar import SEQUENCER_PT_skyar_result, Tab, active_result

_LETTERS = 44


class SEQUENCER_PT_skyar_wandb(Tab, bpy.types.Panel):
    """How many runs wait beside the active result, and what sends them."""

    bl_label = "Weights & Biases"
    bl_parent_id = SEQUENCER_PT_skyar_result.__name__
    bl_options = {"DEFAULT_CLOSED"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        scene = active_result(context)
        return scene is not None and (_logs(context) or (_folder(context, scene) / FOLDER).is_dir())

    def draw(self, context: bpy.types.Context) -> None:
        layout = self.layout
        folder = _folder(context, active_result(context))
        layout.operator_context = "INVOKE_DEFAULT"
        row = layout.row()
        row.enabled = _logs(context)
        row.operator(SEQUENCER_OT_skyar_log_render.bl_idname, text="Log Render...", icon="FILE_MOVIE")
        count = len(waiting_runs(folder))
        if not count:
            layout.label(text="No run waits to be sent.", icon="CHECKMARK")
            return
        layout.label(text=f"{count} run{'s wait' if count > 1 else ' waits'} to be sent:", icon="EXPORT")
        command = sync_all_command(folder)
        column = layout.column(align=True)
        column.scale_y = 0.8
        for line in textwrap.wrap(command, _LETTERS):
            column.label(text=line, icon="BLANK1")
        layout.operator(SKYAR_OT_copy_text.bl_idname, icon="COPYDOWN").text = command


def _folder(context: bpy.types.Context, result_scene: bpy.types.Scene) -> Path:
    return log_folder(context, folder_of(result_scene).root)


def _logs(context: bpy.types.Context) -> bool:
    known = preferences(context)
    return known is not None and known.wandb_mode != "OFF"


CLASSES = (SEQUENCER_PT_skyar_wandb,)
