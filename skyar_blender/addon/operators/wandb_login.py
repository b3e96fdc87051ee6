# SPDX-License-Identifier: GPL-3.0-or-later
"""Log In to Weights & Biases: hands a key to the client and forgets it."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from ...bridge import wandb_login
from ...contract.errors import SkyarError
from ..bases import Drawn, Returned, there
from ..preferences.preferences import engine_python
from ..translations.told import told_error


class SKYAR_OT_wandb_login(Drawn, bpy.types.Operator):
    """Give your key to the client of Weights & Biases, once; SkyAR does not keep it"""

    bl_idname = "skyar.wandb_login"
    bl_label = "Log In..."
    # Not REGISTER: what is registered is written to the Info editor with its properties.
    bl_options = {"INTERNAL"}  # noqa: RUF012

    key: bpy.props.StringProperty(
        name="API Key",
        description="From wandb.ai/authorize",
        subtype="PASSWORD",
        options={"SKIP_SAVE", "HIDDEN"},
    )

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> Returned:
        return there(context.window_manager).invoke_props_dialog(self, width=420)

    def draw(self, _context: bpy.types.Context) -> None:
        self.layout.prop(self, "key")

    def execute(self, context: bpy.types.Context) -> Returned:
        key, self.key = self.key, ""
        if not key.strip():
            self.report({"ERROR"}, "There is no key. Copy yours from wandb.ai/authorize.")
            return {"CANCELLED"}
        try:
            wandb_login.log_in(engine_python(context), key.strip(), online=bpy.app.online_access)
        except SkyarError as error:
            self.report({"ERROR"}, told_error(error))
            return {"CANCELLED"}
        self.report({"INFO"}, "Logged in to Weights & Biases.")
        return {"FINISHED"}


CLASSES = (SKYAR_OT_wandb_login,)
