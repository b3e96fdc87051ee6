# SPDX-License-Identifier: GPL-3.0-or-later
"""Check Engine: runs the engine's own check and shows each line."""

from __future__ import annotations

from pathlib import Path

import bpy

from ...bridge.check import CheckReport, EngineCheck
from ...contract.errors import SkyarError
from ..bases import Returned
from ..preferences import engine_state
from ..preferences.preferences import engine_python
from ..translations.told import told_error
from .polls import needs_idle_engine
from .timer import start_timer, stop_timer


class SKYAR_OT_check_engine(bpy.types.Operator):
    """Look at everything that the engine needs, and run one frame through it"""

    bl_idname = "skyar.check_engine"
    bl_label = "Check Engine"

    _check: EngineCheck

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return needs_idle_engine(cls)

    def execute(self, context: bpy.types.Context) -> Returned:
        try:
            check = start_check(context)
            report = check.wait()
        except SkyarError as error:
            return self._fail(error)
        engine_state.finish(checked=report)
        for line in report_lines(report):
            print(line)
        return self._tell(report)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        try:
            self._check = start_check(context)
        except SkyarError as error:
            return self._fail(error)
        return start_timer(self, context)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        if event.type == "ESC":
            self.cancel(context)
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            report = self._check.poll()
        except SkyarError as error:
            self._leave(context)
            return self._fail(error)
        if report is None:
            return {"PASS_THROUGH"}
        self._leave(context)
        engine_state.finish(checked=report)
        return self._tell(report)

    def cancel(self, context: bpy.types.Context) -> None:
        """Esc, or the window was closed."""
        self._check.stop()
        self._leave(context)
        engine_state.finish()

    def _leave(self, context: bpy.types.Context) -> None:
        stop_timer(self, context)

    def _tell(self, report: CheckReport) -> Returned:
        if report.ok:
            self.report({"INFO"}, "The engine is ready.")
        else:
            wrong = ", ".join(line.name for line in report.checks if not line.ok)
            self.report({"WARNING"}, f"The engine is not ready: {wrong}. SkyAR's preferences say what to do.")
        return {"FINISHED"}

    def _fail(self, error: SkyarError) -> Returned:
        engine_state.finish(failed=error)
        self.report({"ERROR"}, told_error(error))
        return {"CANCELLED"}


def start_check(context: bpy.types.Context) -> EngineCheck:
    """Begin a check with the engine of the preferences, for the disk of the .blend. Raises SkyarError."""
    blend = bpy.data.filepath
    check = EngineCheck(engine_python(context), output=Path(blend).parent if blend else Path.home())
    check.start()
    engine_state.begin(check)
    return check


def report_lines(report: CheckReport) -> list[str]:
    """The report as text for a terminal."""
    lines = []
    for line in report.checks:
        lines.append(f"{'ok  ' if line.ok else 'FAIL'} {line.name}: {line.value}")
        if not line.ok:
            lines.append(f"     {line.todo}")
    return lines


CLASSES = (SKYAR_OT_check_engine,)
