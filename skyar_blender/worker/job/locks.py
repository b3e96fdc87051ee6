# SPDX-License-Identifier: GPL-3.0-or-later
"""Who works in an output folder: one worker on all of it, or several on a part each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import filelock

from ...contract.errors import ErrorCode, SkyarError
from ...contract.layout import OutputFolder
from ...contract.part import Part
from ...engine.media.atomic import explained

#: Seconds that a part waits for another one, which holds the lock of the whole folder while it begins.
_PATIENCE = 20.0


@contextmanager
def whole_folder(folder: OutputFolder) -> Iterator[None]:
    """Hold all of a folder.

    Raises:
        SkyarError: ``output_busy``: somebody works in it or on a part of it; ``output_not_writable``,
            ``output_full``.
    """
    with _held(folder, folder.lock, 0.0):
        for path in sorted(folder.parts.glob("*.lock")) if folder.parts.is_dir() else ():
            with _held(folder, path, 0.0):
                pass
        yield


@contextmanager
def part_of_folder(folder: OutputFolder, part: Part) -> Iterator[None]:
    """Hold a part of a folder that nobody holds all of; errors as :func:`whole_folder`."""
    with ExitStack() as stack:
        # The file stays: others may be waiting for it.
        with _held(folder, folder.lock, _PATIENCE, keep=True):
            stack.enter_context(_held(folder, folder.part_lock(part), 0.0))
        yield


@contextmanager
def _held(folder: OutputFolder, path: Path, patience: float, keep: bool = False) -> Iterator[None]:
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():  # never another file than ours is emptied
            path.unlink()
    lock = filelock.FileLock(path)
    with explained(path):
        try:
            lock.acquire(timeout=patience)
        except filelock.Timeout as error:  # an OSError too, but not of the disk
            raise SkyarError(
                ErrorCode.OUTPUT_BUSY,
                f"Another worker is at work in {folder.root}.",
                f"It holds the lock {path.name} of the folder.",
                "Wait until it is done, or choose another output folder.",
            ) from error
    try:
        yield
    finally:
        lock.release()
        if not keep:
            with suppress(OSError):  # the folder may be gone, or the disk
                path.unlink(missing_ok=True)
