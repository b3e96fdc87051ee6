# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts what runs in the engine's interpreter, and words what goes wrong around it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..contract import events
from ..contract.errors import ErrorCode, SkyarError
from .exit_words import exit_words
from .launch import worker_environment
from .process import WatchedProcess

#: Lines of a process's log that an error quotes.
_QUOTED_LINES = 15


def start_engine(command: Sequence[str], environment: Mapping[str, str] | None = None) -> WatchedProcess:
    """A process that runs ``command``; ``environment`` are variables besides those of a worker.

    Raises:
        SkyarError: ``engine_missing`` when the interpreter cannot be started.
    """
    process = WatchedProcess(command, environment={**worker_environment(), **(environment or {})})
    try:
        process.start()
    except OSError as error:
        raise cannot_start(Path(command[0]), error) from error
    return process


def event_of(line: str, process: WatchedProcess) -> events.Event | None:
    """The event in a line that the process has written; None for any other line, which goes to its log."""
    try:
        return events.from_line(line)
    except ValueError:
        if line.strip():
            process.log.append(line)
        return None


def last_lines(lines: Sequence[str]) -> list[str]:
    """Those of a log that an error quotes."""
    return [line for line in lines if line.strip()][-_QUOTED_LINES:]


def last_words(process: WatchedProcess) -> str:
    """How a process has ended that did not say why, with the end of its log."""
    printed = last_lines(process.log)
    quoted = "\n".join(["Its last words were:", *printed]) if printed else "It left no message."
    return f"{exit_words(process.status)} {quoted}"


def cannot_start(python: Path, error: OSError) -> SkyarError:
    """The error for an interpreter that the system refuses to run."""
    return SkyarError(
        ErrorCode.ENGINE_MISSING,
        f"The engine's Python cannot be started: {python}.",
        f"{error.strerror or error}.",
        "Press Set Up Engine in the add-on's preferences, or point them to a Python 3.11 or later that has "
        "SkyAR's requirements.",
    )


def no_temporary_file(what: str, error: OSError) -> SkyarError:
    """The error for ``what`` (“The job”) that the folder for temporary files does not take."""
    return SkyarError(
        ErrorCode.OUTPUT_NOT_WRITABLE,
        f"{what} cannot be written to the folder for temporary files: {tempfile.gettempdir()}.",
        f"{error.strerror or error}.",
        "Make room there, or choose another folder with the environment variable TMPDIR (TEMP on Windows).",
    )
