# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a job from the command line: a bar on a terminal, plain lines in a pipe, or JSON."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ..process.control import CancelToken, watch_signals
from ..process.standard_streams import StandardStreams

if TYPE_CHECKING:
    from ..run.run_job import Extent

Emit = Callable[[events.Event], None]
LogTo = Callable[[Path], None]
_PLAIN_INTERVAL = 2.0


@contextmanager
def reported_errors(as_json: bool = False) -> Iterator[None]:
    """Tell a person (or a program) what went wrong and end with the documented exit status."""
    try:
        yield
    except SkyarError as error:
        tell(error, as_json)
        raise typer.Exit(error.exit_status) from error


def tell(error: SkyarError, as_json: bool) -> None:
    """Print an error: an event on standard output, or three lines on standard error."""
    if as_json:
        print(events.to_line(events.Error.of(error)), flush=True)
    else:
        Console(stderr=True, highlight=False).print(
            f"[bold red]Error:[/] {_plain(error.what)}\n  {_plain(error.why)}\n  {_plain(error.todo)}",
            soft_wrap=True,
        )


def run(job: Job, as_json: bool) -> dict[str, Any]:
    """Do ``job`` here and show its progress; figures of its report. Ends the program on errors."""
    return run_all([job], as_json)


def run_all(jobs: Sequence[Job], as_json: bool, extent: Extent = "whole") -> dict[str, Any]:
    """Do ``jobs`` one after the other; figures of the last. Ends the program on errors."""

    def do(emit: Emit, token: CancelToken, log_to: LogTo) -> dict[str, Any]:
        from ..job.loaded import Loaded  # takes seconds
        from ..run.run_job import run_job

        loaded, figures = Loaded(alone=len(jobs) == 1), dict[str, Any]()
        for job in jobs:
            figures = run_job(job, emit, token, log_to, extent, loaded)
        return figures

    return shown(do, as_json)


def run_each(jobs: Mapping[str, Callable[[], Job]], as_json: bool) -> None:
    """Do the job of each clip, by the clips' names; one that fails is told, and the others go on.

    Ends the program with the status of the first failure, if there was any.
    """

    def do(emit: Emit, token: CancelToken, log_to: LogTo) -> dict[str, Any]:
        from ..job.loaded import Loaded  # takes seconds
        from ..run.run_job import run_job

        loaded, failed = Loaded(alone=len(jobs) == 1), dict[str, SkyarError]()
        for clip, job_of in jobs.items():
            try:
                run_job(job_of(), emit, token, log_to, loaded=loaded)
            except SkyarError as error:
                if error.code is ErrorCode.CANCELLED:
                    raise
                logging.getLogger("skyar").error("%s: %s: %s", clip, error.code, error)
                emit(events.Error.of(error))
                failed[clip] = error
        if failed:
            raise SkyarError(
                next(iter(failed.values())).code,
                f"{len(failed)} of {len(jobs)} clips failed: {', '.join(failed)}.",
                "What was wrong with each is told above; the others are done.",
                "Run the same command again when it is mended: what is complete is not made again.",
            )
        return {}

    shown(do, as_json)


def shown(do: Callable[[Emit, CancelToken, LogTo], dict[str, Any]], as_json: bool) -> dict[str, Any]:
    """Let ``do`` work and show its progress; what it returns. Ends the program on errors."""
    streams = StandardStreams(echo=False)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    token = CancelToken()
    watch_signals(token)
    failure: SkyarError | None = None
    figures: dict[str, Any] = {}
    try:
        with _shown(streams, as_json) as emit:
            emit(events.Starting())
            figures = do(emit, token, streams.log_to)
    except SkyarError as error:
        logging.getLogger("skyar").error("%s: %s", error.code, error)
        failure = error
    except ImportError as error:
        failure = SkyarError(
            ErrorCode.ENGINE_INCOMPLETE,
            "The environment is not complete.",
            f"{error}.",
            "Install SkyAR again with all its packages.",
        )
    finally:
        streams.close()
    if failure is not None:
        sys.stdout = sys.__stdout__
        if as_json:
            os.write(streams.events.fileno(), (events.to_line(events.Error.of(failure)) + "\n").encode())
        else:
            tell(failure, False)
        raise typer.Exit(failure.exit_status)
    return figures


@contextmanager
def _shown(streams: StandardStreams, as_json: bool) -> Iterator[Emit]:
    if as_json:
        yield lambda event: print(events.to_line(event), file=streams.events, flush=True)
    elif streams.events.isatty():
        console = Console(file=streams.events, highlight=False)
        with Progress(
            TextColumn("{task.description:<8}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TextColumn("{task.fields[speed]}"),
            TextColumn("{task.fields[left]}"),
            console=console,
        ) as bar:
            yield _Bar(bar)
    else:
        yield _Lines(streams)


class _Bar:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.Progress):
            if event.stage not in self._tasks:
                self._tasks[event.stage] = self._bar.add_task(event.stage, total=event.total, speed="", left="")
            speed = f"{event.fps:.1f} frames/s" if event.fps else ""
            for task in self._tasks.values():  # the time left is that of the whole, told once
                self._bar.update(task, left="")
            self._bar.update(
                self._tasks[event.stage], completed=event.frame, speed=speed, left=_left(event).removeprefix(", ")
            )
        else:
            for line in _words(event):
                self._bar.console.print(_plain(line), soft_wrap=True)


class _Lines:
    def __init__(self, streams: StandardStreams) -> None:
        self._file = streams.events
        self._reported: dict[str, float] = {}
        self._complete: set[str] = set()

    def __call__(self, event: events.Event) -> None:
        if isinstance(event, events.Progress):
            now = time.monotonic()
            completes = event.frame >= event.total and event.stage not in self._complete
            if now - self._reported.get(event.stage, -_PLAIN_INTERVAL) < _PLAIN_INTERVAL and not completes:
                return
            self._reported[event.stage] = now
            if completes:
                self._complete.add(event.stage)
            speed = f", {event.fps:.1f} frames/s" if event.fps else ""
            text = f"{event.stage}: {event.frame}/{event.total}{speed}{_left(event)}"
            print(text, file=self._file, flush=True)
        else:
            for line in _words(event):
                print(line, file=self._file, flush=True)


def _left(event: events.Progress) -> str:
    """How long the whole still takes, where that is known."""
    return "" if event.seconds_left is None else f", {event.seconds_left:.0f} s left"


def _words(event: events.Event) -> list[str]:
    """An event other than progress, for a person."""
    if isinstance(event, events.Starting):
        return ["Starting"]
    if isinstance(event, events.Started):
        again = ", going on where an earlier run ended" if event.resumed else ""
        return [f"{event.frames} frames into {event.output}{again}"]
    if isinstance(event, events.Warning):
        return [f"Warning: {event.what} {event.why} {event.todo}".rstrip()]
    if isinstance(event, events.Artifact):
        return [f"{event.name}: {event.path}"]
    if isinstance(event, events.Error):
        return [f"Error: {event.what} {event.why} {event.todo}".rstrip()]
    if isinstance(event, events.Done):
        return ["Done."]
    return []


def _plain(text: str) -> str:
    """Keep rich from reading brackets in paths as markup."""
    return text.replace("[", "\\[")
