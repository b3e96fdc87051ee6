# SPDX-License-Identifier: GPL-3.0-or-later
"""The results that lie on the disk for this .blend: where, how large, and whether something in it shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import bpy

from ...contract.file_record import read_record
from ...contract.layout import OutputFolder
from ..output_folder import files_of_the_blend
from .link import FOLDER_KEY, folder_of


@dataclass(frozen=True)
class Stored:
    """A result's folder; ``size`` in bytes as the run has noted it; ``used``: shown by this .blend, or needed."""

    folder: Path
    size: int
    used: bool


def stored_results(needed: Collection[Path] = ()) -> list[Stored]:
    """All results beside the .blend, and those elsewhere that it shows, by name.

    ``needed``: folders that nothing shows yet and that must stay. Cheap: the disk is read anew only where a folder
    came or went, or others are shown or needed.
    """
    scenes: Iterable[Any] = bpy.data.scenes
    used = {folder_of(scene).root for scene in scenes if FOLDER_KEY in scene} | set(needed)
    # Whatever else lies beside a folder that was chosen by hand may be anybody's.
    beside = files_of_the_blend("skyar")
    try:
        changed = beside.stat().st_mtime_ns
    except OSError:
        changed = 0
    return list(_read(beside, changed, frozenset(used)))


@lru_cache(maxsize=1)
def _read(beside: Path, _changed: int, used: frozenset[Path]) -> tuple[Stored, ...]:
    used = frozenset(_whole(path) for path in used)
    found = set(used)
    if beside.is_dir():
        found |= {_whole(path) for path in beside.iterdir() if path.is_dir() and not path.is_symlink()}
    return tuple(
        Stored(path, size, path in used)
        for path in sorted(found)
        if (size := size_of(OutputFolder(path))) is not None
    )


def other_files() -> list[str]:
    """Names of other .blend files in this one's folder: they may show the same results."""
    mine = Path(bpy.data.filepath)
    if not bpy.data.filepath:
        return []
    return sorted(path.name for path in mine.parent.glob("*.blend") if path.name != mine.name)


def _whole(path: Path) -> Path:
    return path.resolve()


def size_of(folder: OutputFolder) -> int | None:
    """Bytes of a result's files, as its runs have noted them; None for a folder that is no result of ours."""
    try:
        state = folder.record.stat()
    except OSError:
        return None
    return _noted_size(folder.record, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _noted_size(record: Path, _changed: int, _length: int) -> int | None:
    noted = read_record(OutputFolder(record.parent.parent))
    if noted.job is None:
        return None
    return sum(states[-1].size for states in noted.files.values())
