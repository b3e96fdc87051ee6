# SPDX-License-Identifier: GPL-3.0-or-later
"""Set Up Engine: makes the engine's own Python environment, then checks it."""

from __future__ import annotations

import sys

import bpy

from ...bridge.base_python import find_base_python
from ...bridge.environment import EnvironmentSetup, SetupEvent, SetupProgress, require_network
from ...bridge.graphics import build_for_graphics
from ...bridge.setup_steps import TorchBuild
from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ..bases import Returned, own_ops, there
from ..preferences import engine_state
from ..preferences.preferences import managed_folder, preferences
from ..translations.say import say, size
from ..translations.told import told_error
from .polls import needs_idle_engine
from .timer import start_timer, stop_timer


class SKYAR_OT_setup_engine(bpy.types.Operator):
    """Download the engine into a Python environment of its own, beside Blender's; needs online access"""

    bl_idname = "skyar.setup_engine"
    bl_label = "Set Up Engine"

    _setup: EnvironmentSetup

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs_idle_engine(cls)

    def execute(self, context: bpy.types.Context) -> Returned:
        try:
            setup = _start_setup(context)
            setup.wait(_print)
        except SkyarError as error:
            return self._fail(error)
        if isinstance(setup.result, events.Error):
            return self._fail(setup.result.to_exception())
        engine_state.finish()
        own_ops.skyar.check_engine()
        return {"FINISHED"}

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        try:
            self._setup = _start_setup(context)
        except SkyarError as error:
            return self._fail(error)
        return start_timer(self, context)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        if event.type == "ESC" and event.value == "PRESS":
            self._setup.cancel()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        for happened in self._setup.poll():
            if isinstance(happened, SetupProgress):
                engine_state.update(happened)
                there(context.workspace).status_text_set(_status(happened))
        if self._setup.running:
            return {"PASS_THROUGH"}
        self._leave(context)
        if isinstance(self._setup.result, events.Error):
            return self._fail(self._setup.result.to_exception())
        engine_state.finish()
        own_ops.skyar.check_engine("INVOKE_DEFAULT")
        return {"FINISHED"}

    def cancel(self, context: bpy.types.Context) -> None:
        """The window was closed, or Blender quits."""
        self._setup.stop()
        self._leave(context)
        engine_state.finish()

    def _leave(self, context: bpy.types.Context) -> None:
        stop_timer(self, context)

    def _fail(self, error: SkyarError) -> Returned:
        engine_state.finish(failed=error)
        self.report({"WARNING" if error.code is ErrorCode.CANCELLED else "ERROR"}, told_error(error))
        return {"CANCELLED"}


def _start_setup(context: bpy.types.Context) -> EnvironmentSetup:
    """Begin with what the preferences say. Raises SkyarError."""
    require_network(bpy.app.online_access)
    folder, chosen = managed_folder(), preferences(context)
    if folder is None or chosen is None:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            "There is no place for the engine.",
            "SkyAR does not run as an installed extension.",
            "Install it as an extension, or name a Python in the environment variable SKYAR_ENGINE_PYTHON.",
        )
    base = find_base_python(sys.executable)
    setup = EnvironmentSetup(
        folder,
        base.path,
        build_for_graphics() if chosen.torch_build == "AUTO" else TorchBuild(chosen.torch_build),
        online=bpy.app.online_access,
        wandb=chosen.wandb_mode != "OFF",
        fits=base.fits,
    )
    setup.start()
    engine_state.begin(setup)
    return setup


def _status(now: SetupProgress) -> str:
    fetched = f" ({fetched_text(now)})" if now.to_fetch else ""
    return f"Set Up Engine, step {now.step} of {now.steps}: {now.title}{fetched}  {now.line[:80]}  |  Esc: Cancel"


def fetched_text(now: SetupProgress) -> str:
    """How much of the step's packages is there."""
    return say("{fetched} of {size}", fetched=size(now.fetched), size=size(now.to_fetch))


def _print(happened: SetupEvent) -> None:
    if isinstance(happened, SetupProgress):
        print(f"[{happened.step}/{happened.steps}] {happened.title}  {happened.line}".rstrip(), flush=True)


CLASSES = (SKYAR_OT_setup_engine,)
