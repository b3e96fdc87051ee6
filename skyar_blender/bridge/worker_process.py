# SPDX-License-Identifier: GPL-3.0-or-later
"""One worker at work on one job, as Blender's side sees it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..contract import events
from ..contract.errors import ErrorCode, SkyarError
from ..contract.job import Job
from .exit_words import exit_words
from .launch import worker_command
from .process import WatchedProcess
from .starting import event_of, last_lines, last_words, no_temporary_file, start_engine

#: Seconds that a worker which has said its last event may take to leave.
_LEAVE_WITHIN = 15.0


class WorkerProcess:
    """Starts a worker, passes on its events, and tells when it died without a word.

    ::

        worker = WorkerProcess(python, job)
        worker.start()
        while worker.running:          # from a timer, or :meth:`wait` in a script
            for event in worker.poll():
                ...

    The last event is always one :class:`~..contract.events.Done` or :class:`~..contract.events.Error`. When this
    process dies, the worker sees its standard input end and ends as well.
    """

    def __init__(
        self,
        python: Path,
        job: Job,
        *,
        command: Sequence[str] | None = None,
        cancel_grace: float = 5.0,
        silent_after: float = 15.0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            python: the engine's interpreter (:func:`.interpreter.find_python`).
            job: what to do.
            command: runs this instead of the worker that comes with SkyAR; the job's file is added as last word.
            cancel_grace: seconds that the worker may take to answer :meth:`cancel` before it is ended by force.
            silent_after: seconds without a word after which the worker is taken to be stopped; it speaks every two,
                once it has begun to, and is given four times as long for that.
            environment: variables for the worker, besides those of :func:`.launch.worker_environment`.
        """
        self.python = python
        self.job = job
        self._command = command
        self._cancel_grace = cancel_grace
        self._environment = environment or {}
        self._process: WatchedProcess | None = None
        self._job_file: Path | None = None
        self._last: events.Done | events.Error | None = None
        self._cancelled = False
        self._silent_after = silent_after
        self._heard: float | None = None
        self._started = self._polled = self._waits_since = time.monotonic()
        self._silent = False

    @property
    def silent_for(self) -> float | None:
        """Seconds since the worker said anything, where that is too long; None while all is well."""
        return time.monotonic() - (self._heard or self._started) if self._silent else None

    @property
    def running(self) -> bool:
        """True from :meth:`start` until :meth:`poll` has returned the last event (so it changes only there)."""
        return self._process is not None and not self._process.ended

    @property
    def pid(self) -> int | None:
        """Process number of the worker, or None before :meth:`start`."""
        return None if self._process is None else self._process.pid

    @property
    def log(self) -> list[str]:
        """The latest lines of the worker that were not events, oldest first."""
        return [] if self._process is None else list(self._process.log)

    @property
    def result(self) -> events.Done | events.Error | None:
        """The last event, once there is one."""
        return self._last

    def start(self) -> None:
        """Start the worker and return at once.

        Raises:
            SkyarError: ``engine_missing`` when the interpreter cannot be started; ``output_not_writable`` when the
                job cannot be written to the folder for temporary files.
        """
        if self._process is not None:
            raise RuntimeError("a WorkerProcess starts once; make a new one for a new run")
        self._job_file = _write_job(self.job)
        if self._command is None:
            command = worker_command(self.python, self._job_file)
        else:
            command = [*self._command, str(self._job_file)]
        try:
            self._process = start_engine(command, self._environment)
        except SkyarError:
            self._remove_job_file()
            raise
        self._started = self._polled = self._waits_since = time.monotonic()

    def keep_waiting(self) -> None:
        """The person wants to wait for a silent worker; the next warning comes after as long again."""
        self._waits_since = time.monotonic()
        self._silent = False

    def poll(self) -> list[events.Event]:
        """All events since the last call, in order; never waits. To be called a few times a second."""
        process = self._process
        if process is None or process.ended:
            return []
        found: list[events.Event] = []
        lines = process.poll()
        for line in lines:
            self._sort(line, process, found)
        self._listen(bool(lines), found)
        if process.ended:
            self._remove_job_file()
            if self._last is None:
                self._last = self._unsaid_end(process)
                found.append(self._last)
        elif self._last is not None:
            # Said its last and still there: a library may hang on the way out.
            process.end(grace=_LEAVE_WITHIN)
        return found

    def cancel(self) -> None:
        """Ask the worker to stop; it is ended by force if it does not. The end comes through :meth:`poll`."""
        if self._process is not None and self._last is None:
            self._cancelled = True
            self._process.end(say="cancel", grace=self._cancel_grace)

    def stop(self) -> None:
        """End the worker now, without ceremony: for when the add-on is unregistered or Blender quits."""
        if self._process is not None and not self._process.ended:
            self._cancelled = True
            self._process.stop()
            self._remove_job_file()
            if self._last is None:
                self._last = _cancelled_error("It was ended together with what had started it.")

    def wait(self, on_event: Callable[[events.Event], object]) -> None:
        """Hand every event to ``on_event`` until the worker has ended; for scripts.

        Ctrl-C cancels, a second Ctrl-C ends the worker at once. An exception of ``on_event`` ends it too and is
        passed on.
        """
        try:
            while self.running:
                try:
                    for event in self.poll():
                        on_event(event)
                    time.sleep(0.05)
                except KeyboardInterrupt:
                    if self._cancelled:
                        self.stop()
                        if self._last is not None:
                            on_event(self._last)
                    self.cancel()
        except BaseException:
            self.stop()
            raise

    def _listen(self, heard: bool, found: list[events.Event]) -> None:
        """Warn once when the worker has been silent for too long; it may only be stopped, so it is left alone."""
        now = time.monotonic()
        if heard:
            self._heard, self._silent = now, False
        # Where nobody polled for a while, its words may still be on their way.
        if heard or now - self._polled > 1.0:
            self._waits_since = now
        self._polled = now
        allowed = self._silent_after * (1 if self._heard is not None else 4)
        if self._last is None and not self._silent and not self._cancelled and now - self._waits_since > allowed:
            self._silent = True
            found.append(
                events.Warning(
                    code="worker_silent",
                    what="The engine does not answer.",
                    why=f"It has said nothing for {now - (self._heard or self._started):.0f} seconds: it was stopped "
                    "from outside, or a disk that it works on does not answer.",
                    todo="Wait until it goes on, or cancel: what is complete is kept.",
                )
            )

    def _sort(self, line: str, process: WatchedProcess, found: list[events.Event]) -> None:
        event = event_of(line, process)
        if event is None or self._last is not None:
            return  # nothing counts after the last event
        if isinstance(event, events.Alive):
            return
        if isinstance(event, events.Done | events.Error):
            self._last = event
        found.append(event)

    def _unsaid_end(self, process: WatchedProcess) -> events.Error:
        if self._cancelled:
            forced = "It did not stop by itself in time and was ended."
            return _cancelled_error(forced if process.forced else exit_words(process.status))
        last = next(reversed(last_lines(process.log)), "")
        if last.startswith(("ModuleNotFoundError:", "ImportError:")) or "No module named" in last:
            return events.Error(
                code=ErrorCode.ENGINE_INCOMPLETE,
                what="The engine's Python lacks something that the engine needs.",
                why=f"{last} ({self.python})",
                todo="Press Set Up Engine in the add-on's preferences, or install SkyAR's requirements there.",
            )
        return events.Error(
            code=ErrorCode.WORKER_DIED,
            what="The worker ended before the job was done.",
            why=last_words(process),
            todo="Frames that were complete are kept: run it again to go on. If it happens again, close other "
            "programs, choose a lower quality, or press Check Engine in the add-on's preferences.",
        )

    def _remove_job_file(self) -> None:
        if self._job_file is not None:
            with contextlib.suppress(OSError):
                self._job_file.unlink()
            self._job_file = None


def _cancelled_error(why: str) -> events.Error:
    return events.Error(
        code=ErrorCode.CANCELLED,
        what="The job was cancelled.",
        why=why,
        todo="Frames that were complete are kept: run it again to go on.",
    )


def _write_job(job: Job) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix="skyar-job-", suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(job.to_json())
    except OSError as error:
        raise no_temporary_file("The job", error) from error
    return Path(name)
