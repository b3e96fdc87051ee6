# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run has written: each file's size and SHA-256, so that a damaged or foreign one is told from its own.

``state/record.txt`` has one JSON object a line, each behind a sum of its own, so that a damaged line counts for
nothing and leaves the others alone. The first one holds the job and what tells its clip from another; the later of
two lines on one file is right. A line is written before its file gets its name: after a crash the file may still be
the one of the line before.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .documents import parse_json
from .layout import OutputFolder

#: Bytes of a record at the most: that of a hundred thousand frames takes a tenth.
_LARGEST = 1 << 29
_BLOCK = 1 << 20
_SUM = 16


@dataclass(frozen=True)
class FileState:
    """Size in bytes, and SHA-256 as hexadecimal digits."""

    size: int
    sha256: str


@dataclass
class Record:
    """What :func:`read_record` found.

    Attributes:
        files: by path relative to the folder, with forward slashes: what the file is, and before that what it was.
        job: the job as plain data; None where the record does not say it, and so is of no use.
        clip: what tells the clip from another.
        damaged: whether something that was written there cannot be read.
    """

    files: dict[str, list[FileState]] = field(default_factory=dict)
    job: dict[str, Any] | None = None
    clip: dict[str, Any] | None = None
    damaged: bool = False


def read_record(folder: OutputFolder, path: Path | None = None) -> Record:
    """The record of a result, or that of a part of it at ``path``; an empty one where there is none."""
    found, path = Record(), folder.record if path is None else path
    try:
        if path.stat().st_size > _LARGEST:
            return Record(damaged=True)
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return found
    except OSError:
        return Record(damaged=True)
    for line in filter(None, lines):
        try:
            _take(found, line)
        except (ValueError, KeyError, TypeError, RecursionError):
            found.damaged = True
    found.damaged = found.damaged or found.job is None
    return found


def line_of(entry: dict[str, Any]) -> bytes:
    """One line of the record."""
    text = json.dumps(entry, allow_nan=False).encode()
    return _sum(text) + b" " + text + b"\n"


def head_line(job: dict[str, Any], clip: dict[str, Any]) -> bytes:
    """The first line."""
    return line_of({"job": job, "clip": clip})


def file_line(name: str, state: FileState) -> bytes:
    """The line on one file; ``name`` as in :attr:`Record.files`."""
    return line_of({"file": name, "size": state.size, "sha256": state.sha256})


def state_of(path: Path) -> FileState:
    """What a file is. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileState(size, digest.hexdigest())


def state_of_bytes(data: bytes) -> FileState:
    """What a file with this content is."""
    return FileState(len(data), hashlib.sha256(data).hexdigest())


def misfits(folder: OutputFolder) -> list[str]:
    """Files of a finished result that are gone or not what was written.

    A worker has compared them all; those changed since the record was written are read, of the others the size tells.
    What is in ``state/`` only a rerun needs, and that compares all again.
    """
    try:
        recorded = folder.record.stat().st_mtime_ns
    except OSError:
        return [folder.record.relative_to(folder.root).as_posix()]
    files = {name: states[-1] for name, states in read_record(folder).files.items()}
    return [
        name
        for name, state in files.items()
        if not name.startswith(f"{folder.state.name}/") and not _fits(folder.root / name, state, recorded)
    ]


def _fits(path: Path, state: FileState, recorded: int) -> bool:
    try:
        found = path.stat()
        if not path.is_file() or found.st_size != state.size:
            return False
        return found.st_mtime_ns <= recorded or state_of(path) == state
    except OSError:
        return False


def _take(found: Record, line: bytes) -> None:
    reported, _, text = line.partition(b" ")
    if reported != _sum(text):
        raise ValueError("a damaged line")
    entry = parse_json(text)
    if "file" in entry:
        name, state = entry["file"], FileState(entry["size"], entry["sha256"])
        _check_line(name, state)
        found.files[name] = [*found.files.get(name, [])[-1:], state]
    else:
        found.job, found.clip = dict(entry["job"]), dict(entry["clip"])


def _check_line(name: object, state: FileState) -> None:
    """Raise ValueError unless the name is one within the folder, and the state what :func:`state_of` may give."""
    if not isinstance(name, str) or not all(part.strip(". ") for part in re.split(r"[/\\]", name)) or ":" in name:
        raise ValueError("a name that leads out of the folder")
    if not isinstance(state.size, int) or not isinstance(state.sha256, str):
        raise ValueError("no size and sum of a file")


def _sum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:_SUM].encode()
