# SPDX-License-Identifier: GPL-3.0-or-later
"""Add Your Own: ``bpy.ops.skyar.add_own_sky``."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

from pathlib import Path

import bpy

from ...contract.errors import SkyarError
from .. import compat
from ..bases import Returned, there
from ..preferences.preferences import preferences
from ..redraw import redraw_sequencers
from ..skies.own_folder import add_own
from ..skies.sky_choice import SKY_FILES, choices
from ..translations.told import told_error
from .polls import needs


class SKYAR_OT_add_own_sky(bpy.types.Operator):
    """Copy pictures, panoramas or movies of skies into the folder My Skies, and choose the first of them"""

    bl_idname = "skyar.add_own_sky"
    bl_label = "Add Your Own"
    bl_options = {"UNDO"}  # noqa: RUF012

    directory: bpy.props.StringProperty(
        name="Folder", description="Where the files are", subtype="DIR_PATH", options={"SKIP_SAVE", "HIDDEN"}
    )
    files: bpy.props.CollectionProperty(
        name="Files",
        description="Their names",
        type=bpy.types.OperatorFileListElement,
        options={"SKIP_SAVE", "HIDDEN"},
    )
    filter_glob: bpy.props.StringProperty(
        name="Kinds",
        description="Kinds of files to show",
        default=";".join(f"*{ending}" for ending in sorted(SKY_FILES)),
        options={"HIDDEN"},
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs(cls, compat.sequencer_scene(context) is not None, "Open the Video Sequencer first")

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        """Ask for the files."""
        there(context.window_manager).fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: bpy.types.Context) -> Returned:
        folder = Path(bpy.path.abspath(self.directory))
        files = [folder / each.name for each in self.files if each.name]
        chosen = preferences(context)
        if not files or chosen is None:
            self.report({"ERROR"}, "No file was chosen. Choose pictures or movies of skies")
            return {"CANCELLED"}
        try:
            first = str(add_own(files, chosen)[0])
            name = next(each.name for each in choices() if each.source == first)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        settings = compat.sequencer_scene(context).skyar
        settings.sky, settings.sky_file, settings.sky_world, settings.sky_search = name, "", None, ""
        redraw_sequencers()
        return {"FINISHED"}


CLASSES = (SKYAR_OT_add_own_sky,)
