# SPDX-License-Identifier: GPL-3.0-or-later
"""The run under way: one worker after another, for a window's timer and for scripts alike."""

from __future__ import annotations

import atexit
import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ...bridge.worker_process import WorkerProcess
from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ...contract.file_record import misfits
from ...contract.layout import OutputFolder
from ..preferences.fetching import fetching
from ..result.report import report_in
from ..translations.told import told, told_error
from . import opened, pickups, queued
from .replace_sky import Replacement

_SECONDS_BETWEEN_POLLS = 0.1


@dataclass(frozen=True)
class Message:
    """What a run has to say when it is over; ``serious`` are errors and warnings."""

    text: str
    serious: bool


class JobQueue:
    """Works through ``replacements`` and shows each result in the .blend as soon as it is complete.

    Attributes:
        title: what is done, for a person.
        progress: the latest word of the worker, for the panel.
        warnings: what the workers warned of.
        notes: what the user should know about the results.
        shown: how many results are in the .blend.
        failure: why the run ended early; None for one that did not, or was cancelled.
        ended_for: why it was cancelled, where the person did not ask for that.
        withdrawn: whether it was taken out of those that wait.
        gives_way: whether it ends as soon as another is to be done; ``gave_way``: that it has done so.
        dismissed: whether the person has taken note of what it had to say.
    """

    def __init__(self, python: Path, replacements: list[Replacement], title: str = "Replace Sky") -> None:
        self.title = title
        self.replacements = replacements
        self.progress: events.Progress | None = None
        self.warnings: list[events.Warning] = []
        self.notes: list[str] = []
        self.shown = 0
        self.failure: SkyarError | None = None
        self.dismissed = False
        self.withdrawn = False
        self.gives_way = self.gave_way = False
        self._python = python
        self._worker: WorkerProcess | None = None
        self._ending: Iterator[None] | None = None
        self._cancelled = False
        self.ended_for: SkyarError | None = None
        self._made_again = False

    @property
    def current(self) -> Replacement:
        """The strip at work."""
        return self.replacements[min(self.shown, len(self.replacements) - 1)]

    @property
    def running(self) -> bool:
        """Whether there is work left."""
        return self._worker is not None or self._ending is not None

    @property
    def fraction(self) -> float:
        """0..1 of the whole run."""
        now = self.progress.fraction if self.progress is not None else 0.0
        return (self.shown + now) / len(self.replacements)

    @property
    def silent_for(self) -> float | None:
        """Seconds since the worker said anything, where that is too long; None while all is well."""
        return None if self._worker is None else self._worker.silent_for

    def keep_waiting(self) -> None:
        """Go on waiting for a silent worker."""
        if self._worker is not None:
            self._worker.keep_waiting()

    @property
    def messages(self) -> list[Message]:
        """What there is to say, the gravest first."""
        found = [] if self.failure is None else [Message(told_error(self.failure), True)]
        for warning in self.warnings:
            if warning.code != "worker_silent":  # said at once, and over
                found.append(Message(told_error(warning), True))
        return found + [Message(told(note), False) for note in self.notes]

    def start(self) -> None:
        """Start the first worker; refused while another run is at work.

        Raises:
            SkyarError: ``output_busy``; those of :meth:`WorkerProcess.start`.
        """
        global current
        if current is not None and current.running:
            raise busy_error()
        current = self
        queued.add(self, [each.job for each in self.replacements])
        try:
            self._next()
        except BaseException:
            queued.remove(self)
            raise

    def queue(self) -> None:
        """Start now, or when those before it are through. Raises SkyarError as :meth:`start`."""
        if current is not None and current.running and current.gives_way:
            current.gave_way = True
            current.cancel()
        if busy() or waiting:
            waiting.append(self)
            queued.add(self, [each.job for each in self.replacements])
        else:
            self.start()

    @property
    def waits(self) -> bool:
        """Whether its turn is still to come."""
        return self in waiting

    def begin_if_turn(self) -> None:
        """Start if it is the first of those that wait and nothing is at work. Raises SkyarError as :meth:`start`."""
        if waiting and waiting[0] is self and not busy():
            waiting.remove(self)
            self.start()

    @property
    def over(self) -> bool:
        """Whether nothing of it is to be done any more."""
        return not self.running and not self.waits

    def poll(self) -> Iterator[events.Event]:
        """The workers' events since the last call, in order; never waits.

        Raises:
            SkyarError: a job failed or was cancelled, or its result cannot be shown. The run is over then.
        """
        worker = self._worker
        if worker is None:
            self._go_on_ending()
            return
        if self.ended_for is None and (why := self.current.gone()) is not None:
            self.cancel(why)
        for event in worker.poll():
            yield event
            if isinstance(event, events.Progress):
                self.progress = event
            elif isinstance(event, events.Warning):
                self.warnings.append(event)
            elif isinstance(event, events.Artifact) and event.name == "wandb":
                self.notes.append(f"Logged to Weights & Biases: {event.path}")
        # A worker that has said its last still has to put away its things.
        if worker.running or self._worker is not worker:
            return
        self._worker = None
        if isinstance(worker.result, events.Error):
            queued.remove(self)
            raise self.ended_for or worker.result.to_exception()
        self._ending = self._finish_one()

    def wait(self, on_event: Callable[[events.Event], object]) -> None:
        """Work through everything, handing each event to ``on_event``. Ctrl-C cancels.

        Raises:
            SkyarError: as :meth:`poll`.
        """
        try:
            while self.running:
                try:
                    for event in self.poll():
                        on_event(event)
                    time.sleep(_SECONDS_BETWEEN_POLLS)
                except KeyboardInterrupt:
                    self.cancel()
        finally:
            self.stop()

    def cancel(self, why: SkyarError | None = None) -> None:
        """Ask the worker to stop; the end comes through :meth:`poll`, with ``why`` where the person did not ask."""
        self._cancelled = True
        self.ended_for = why
        if self._worker is not None:
            self._worker.cancel()

    def stop(self) -> None:
        """End the worker at once: when Blender quits or the add-on is disabled."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None
        self._ending = None
        if self in waiting:
            waiting.remove(self)
            self.withdrawn = True
        queued.remove(self)

    def _make_again(self, damaged: list[str]) -> None:
        """Let a worker make what was damaged since it was written; once, as a disk may damage everything."""
        named = ", ".join(damaged[:3]) + (f" and {len(damaged) - 3} more" if len(damaged) > 3 else "")
        if self._made_again:
            raise SkyarError(
                ErrorCode.OUTPUT_NOT_WRITABLE,
                f"Files of the result do not stay as they are written in {self.current.job.output}.",
                f"They were made twice, and are gone or damaged again: {named}.",
                "Choose an output folder on another disk, or end the program that changes them.",
            )
        self._made_again = True
        self.notes.append(f"{len(damaged)} file(s) were gone or damaged after all, and were made again: {named}.")
        self._next()

    def _next(self) -> None:
        self.progress = None
        self.current.prepare()
        worker = WorkerProcess(self._python, self.current.job, environment=fetching())
        worker.start()
        self._worker = worker

    def _go_on_ending(self) -> None:
        """The next step of showing a result: each is short, so that a window that waits for it stays usable."""
        ending = self._ending
        if ending is None:
            return
        try:
            next(ending)
        except BaseException as error:
            if self._ending is ending:
                self._ending = None
            if not self.running:
                queued.remove(self)
            if not isinstance(error, StopIteration):
                raise

    def _finish_one(self) -> Iterator[None]:
        folder = OutputFolder(Path(self.current.job.output))
        with ThreadPoolExecutor(1) as pool:
            check = pool.submit(_checked, folder)
            while not check.done():
                yield
        damaged = check.result()
        if damaged:
            self._make_again(damaged)
            return
        self._made_again = False
        if self.current.file_is_open:
            self.current.get_ready()
            yield
        # Asked once more: a file may have been opened in between.
        self.notes += self.current.show().notes if self.current.file_is_open else [_kept_for_later(self.current)]
        self.shown += 1
        if self.shown < len(self.replacements):
            if self._cancelled:
                raise SkyarError(
                    ErrorCode.CANCELLED,
                    "The rest was cancelled.",
                    f"{self.shown} of {len(self.replacements)} strips have their new sky.",
                    "Run it again on the others to go on.",
                )
            self._next()


def _kept_for_later(replacement: Replacement) -> str:
    """Let a result wait for its file; what a person is told."""
    blend = opened.path_of(replacement.file)
    done = f"“{replacement.strip}” of another file: the new sky is complete in {replacement.job.output}"
    if not blend or type(replacement) is not Replacement:
        return f"{done}. Run it again there to see it."
    try:
        pickups.keep(replacement, blend)
    except OSError as error:
        return f"{done}. It could not be noted for {blend} ({error}): run it again there to see it."
    return f"{done}. It is put onto the strip when {blend} is opened."


def _checked(folder: OutputFolder) -> list[str]:
    """Files that are not as they were written; what the report says is read on the way, for who asks next."""
    damaged = misfits(folder)
    with contextlib.suppress(OSError, ValueError):
        report_in(folder)
    return damaged


#: The latest run, for the panel and for Cancel; those that wait for it, in order; and those that have ended.
current: JobQueue | None = None
waiting: list[JobQueue] = []
ended: list[JobQueue] = []


def messages() -> list[Message]:
    """What the runs that are over have to say, the latest first, until it is dismissed."""
    latest = [] if current is None or current.running or current in ended else [current]
    return [message for run in (*latest, *reversed(ended)) if not run.dismissed for message in run.messages]


def dismiss() -> None:
    """The person has taken note."""
    for run in (*ended, *([] if current is None else [current])):
        run.dismissed = True
    ended.clear()


def withdraw(title: str, strip: str) -> None:
    """Take what waits under this title for this strip alone out again, as something else takes its place."""
    for run in list(waiting):
        if run.title == title and {each.strip for each in run.replacements} == {strip}:
            run.stop()


def note_end(run: JobQueue) -> None:
    """Keep what ``run`` has to say while others follow."""
    if run not in ended:
        ended.append(run)


def busy() -> bool:
    """Whether a run is at work."""
    return current is not None and current.running


def busy_error() -> SkyarError:
    """The error for a second run at the same time."""
    return SkyarError(
        ErrorCode.OUTPUT_BUSY,
        "Replace Sky is at work already.",
        "One run at a time keeps the computer usable.",
        "Wait until it is done, or cancel it.",
    )


def stop() -> None:
    """End whatever is at work, and forget what waits."""
    global current
    for run in list(waiting):
        run.stop()
    ended.clear()
    if current is not None:
        current.stop()
        current = None


atexit.register(stop)
