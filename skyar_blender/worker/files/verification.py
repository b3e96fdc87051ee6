# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an earlier run, compared with what it wrote: what is torn, empty, swapped or flipped is set aside, so
that it counts as missing and is made again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

from ...common.new_file import PARTIAL
from ...contract import events
from ...contract.file_record import FileState, Record, state_of
from ...contract.layout import NUMBERED, OutputFolder
from ...engine.media.atomic import explained
from ...engine.media.prefetch import parallel_map
from ..process.control import CancelToken
from ..process.progress import Emit

#: Seconds after which the person is told that files are compared.
_TELL_AFTER = 1.0
#: Files that a warning names.
_NAMED = 3


def set_damaged_aside(
    folder: OutputFolder, record: Record, token: CancelToken, emit: Emit
) -> tuple[dict[str, FileState], list[str]]:
    """What is as ``record`` says, by path relative to the folder, and the names of what was not and is set aside.

    Files that no run writes are left alone. Raises ``cancelled``, ``output_not_writable``.
    """
    paths = list(files_of(folder))
    known: dict[str, FileState] = {}
    damaged: list[str] = []
    reported = time.monotonic() + _TELL_AFTER
    compared = parallel_map(partial(_compared, folder, record), paths)
    for number, (path, state) in enumerate(zip(paths, compared, strict=True), start=1):
        token.check()
        name = path.relative_to(folder.root).as_posix()
        if state is not None:
            known[name] = state
        else:
            damaged.append(name)
            with explained(path):
                set_aside(folder, path)
        if time.monotonic() >= reported:
            reported = time.monotonic() + _TELL_AFTER
            emit(events.Progress(stage="check", frame=number, total=len(paths)))
    return known, damaged


def set_aside(folder: OutputFolder, path: Path) -> None:
    """Take ``path`` out of the way without losing it; an empty file or a link holds nothing. Raises OSError."""
    if path.is_symlink() or (path.is_file() and path.stat().st_size == 0):
        path.unlink()
        return
    target = folder.set_aside / path.relative_to(folder.root)
    target.parent.mkdir(parents=True, exist_ok=True)
    for number in count(2):
        if not target.exists():
            break
        target = target.with_name(f"{path.stem}-{number}{path.suffix}")
    path.replace(target)


def words_of_damaged(damaged: list[str], folder: OutputFolder) -> tuple[str, str, str] | None:
    """What a person has to know of files, by path, that were set aside: what, why and what to do; None of none."""
    if not damaged:
        return None
    named = ", ".join(damaged[:_NAMED])
    more = len(damaged) - _NAMED
    kept = f" They are kept in {folder.set_aside}." if folder.set_aside.exists() else ""
    return (
        f"{len(damaged)} file(s) of the earlier run are not as it had written them, and are made again.",
        f"{named}{f' and {more} more' if more > 0 else ''}: cut off, damaged or changed since, or not in "
        f"the record of what was written.{kept}",
        "Look after the disk if you did not change them yourself; a painted matte is to be given as a mask.",
    )


def _compared(folder: OutputFolder, record: Record, path: Path) -> FileState | None:
    return as_recorded(path, record.files.get(path.relative_to(folder.root).as_posix(), []))


def as_recorded(path: Path, states: list[FileState]) -> FileState | None:
    """What the file is, where that is one of the recorded ``states``; files of another size are not read."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size not in {each.size for each in states}:
            return None
        found = state_of(path)
    except OSError:  # a disk that cannot read it
        return None
    return found if found in states else None


def files_of(folder: OutputFolder) -> Iterator[Path]:
    """Everything that a run may have written, and is read again or handed on; what a dead one left half-done goes."""
    for place in (folder.root, folder.state, *(folder.root / name for name in NUMBERED)):
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if path.name.startswith(PARTIAL):
                with suppress(OSError):
                    path.unlink()
            elif place == folder.root:
                if path in (folder.track, folder.confidence, folder.report, folder.preview, folder.compare):
                    yield path
            elif place == folder.state:
                if path not in (folder.record, folder.masks, folder.motion) and path.suffix in _REMEMBERED:
                    yield path
            elif path.stem.isdigit():
                yield path


_REMEMBERED = (".json", ".npz", ".bin")
