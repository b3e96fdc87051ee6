# SPDX-License-Identifier: GPL-3.0-or-later
"""What operators share that let a worker work: at once in a script, in the background of a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import bpy

from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from .. import output_folder
from ..bases import Drawn, OperatorBase, Returned, own_ops, there
from ..jobs import runner, unwatched
from ..jobs.progress_words import status_text
from ..redraw import redraw_sequencers
from ..translations.say import say
from ..translations.told import told_error
from .polls import needs
from .timer import start_timer, stop_timer


class JobOperator(Drawn, OperatorBase):
    """An operator that runs jobs; it needs ``output`` and ``ask`` as properties, a dialog of its own, and ``start``,
    which plans the work and raises SkyarError or ValueError for what cannot be.

    The dialog comes first where ``ask`` is set, then the work, with a timer; `execute` from a script works and waits.
    """

    start: Callable[[bpy.types.Context], runner.JobQueue]
    _asking = False
    if TYPE_CHECKING:  # what its operators have; Blender reads annotations as properties
        ask: bool
        output: str

    def prefill(self, context: bpy.types.Context) -> None:
        """Put into the dialog what is known. Raises SkyarError."""

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """In a window a further run waits for its turn; a script would wait for ever."""
        return needs(cls, not (bpy.app.background and runner.busy()), "Replace Sky is at work already")

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        """Ask, or start the work in the background."""
        try:
            if self.ask:
                self.prefill(context)
                self._asking = True
                return there(context.window_manager).invoke_props_dialog(self, width=420)
            self._run = self._begin(context)
        except SkyarError as error:
            return self._fail(error)
        return start_timer(self, context)

    def execute(self, context: bpy.types.Context) -> Returned:
        """Work, and wait for the end."""
        if self._asking:
            # From the dialog: an operator may go modal from `invoke` alone, and this step is none to undo.
            category, name = self.bl_idname.split("_OT_") if "_OT_" in self.bl_idname else self.bl_idname.split(".")
            getattr(getattr(own_ops, category.lower()), name)("INVOKE_DEFAULT", **self._chosen(), ask=False)
            return {"CANCELLED"}
        try:
            run = self._begin(context)
            run.wait(_Printer(run))
        except SkyarError as error:
            return self._fail(error)
        return self._finish(context, run)

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Returned:
        """Listen to the worker now and then."""
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            self._run.begin_if_turn()
            for heard in self._run.poll():
                if isinstance(heard, events.Warning) and heard.code == "worker_silent":
                    self.report({"WARNING"}, told_error(heard))
        except SkyarError as error:
            self._leave(context)
            if error.code is not ErrorCode.CANCELLED or self._run.ended_for is error:
                self._run.failure = error
            runner.note_end(self._run)
            result = self._fail(error)
            # What is in the .blend by now must be one step to undo.
            return {"FINISHED"} if self._run.shown else result
        except Exception:
            self.cancel(context)
            raise
        if not self._run.over:
            if self._run.running:
                text = f"{status_text(self._run)}  |  {say('Cancel: in the tab SkyAR')}"
                there(context.workspace).status_text_set(text)
            redraw_sequencers()
            return {"PASS_THROUGH"}
        self._leave(context)
        return {"CANCELLED"} if self._run.withdrawn else self._finish(context, self._run)

    def cancel(self, context: bpy.types.Context) -> None:
        """The window was closed, or another file is opened: the run goes on, and is listened to from elsewhere."""
        if not self._asking and not self._run.over:
            self._leave(context)
            unwatched.leave(self._run)

    def _chosen(self) -> dict[str, Any]:
        """What was set in the dialog or before it."""
        keywords: Any = self.as_keywords(ignore=("ask",))  # type: ignore[func-returns-value]  # it returns a dictionary
        return {name: value for name, value in keywords.items() if self.properties.is_property_set(name)}

    def _begin(self, context: bpy.types.Context) -> runner.JobQueue:
        if bpy.app.background and runner.busy():
            raise runner.busy_error()
        try:
            run = self.start(context)
        except ValueError as error:  # the contract's ranges
            raise SkyarError(
                ErrorCode.BAD_JOB, f"{self.bl_label} cannot run with these choices.", f"{error}.", "Change them."
            ) from error
        if bpy.app.background:
            run.start()
        else:
            run.queue()
        return run

    def _finish(self, context: bpy.types.Context, run: runner.JobQueue) -> Returned:
        if not output_folder.is_saved() and not self.output:
            self.report(
                {"WARNING"},
                f"The .blend was never saved, so the files of the result are in {run.current.job.output}. "
                f"Save it and run {self.bl_label} again to have them beside it.",
            )
        runner.note_end(run)
        here = [replacement for replacement in run.replacements if replacement.file_is_open]
        if here:
            names = ", ".join(dict.fromkeys(f"“{replacement.strip}”" for replacement in here))
            self.report({"INFO"}, f"{names}: the new sky is on the strip above.")
        # The gravest last: the status bar shows no other. All stay in the tab.
        for message in reversed(run.messages):
            self.report({"WARNING" if message.serious else "INFO"}, message.text)
        redraw_sequencers()
        return {"FINISHED"}

    def _fail(self, error: SkyarError) -> Returned:
        self.report({"WARNING" if error.code is ErrorCode.CANCELLED else "ERROR"}, told_error(error))
        return {"CANCELLED"}

    def _leave(self, context: bpy.types.Context) -> None:
        stop_timer(self, context)
        redraw_sequencers()


class _Printer:
    """Prints the events of a run; of progress, one line per stage and tenth of the way."""

    def __init__(self, run: runner.JobQueue) -> None:
        self._run = run
        self._given: tuple[str, str, int] | None = None

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.Progress):
            key = (self._run.current.strip, event.stage, 10 * event.frame // max(1, event.total))
            if key != self._given:
                self._given = key
                self._run.progress = event
                print(status_text(self._run), flush=True)
        elif isinstance(event, events.Starting):
            print(status_text(self._run), flush=True)
        elif isinstance(event, events.Started):
            print(f"{self._run.title}: {self._run.current.strip}, files in {event.output}", flush=True)
        elif isinstance(event, events.Warning):
            print(f"Warning: {event.what} {event.why} {event.todo}".rstrip(), flush=True)
