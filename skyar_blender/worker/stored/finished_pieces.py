# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds of movies that are not whole yet: what was made until a cancel or a crash is not made again."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..job.running_job import RunningJob

#: Name of what is remembered: the number of each piece's file, by its key.
_STATE = "pieces"


class FinishedPieces:
    """The pieces of a folder's movies that are at work; those of ``preview.mp4`` and ``compare.mp4`` go together."""

    def __init__(self, running: RunningJob, keys: list[str]) -> None:
        """``keys``: of the pieces that are wanted; others go."""
        self._running = running
        known, root = running.written.known, running.folder.root
        self._numbers: dict[str, int] = {}
        for key, number in dict(running.load_state(_STATE) or {}).items():
            paths = self._paths(int(number))
            if key not in keys:
                for path in paths:
                    path.unlink(missing_ok=True)
            elif all(path.relative_to(root).as_posix() in known for path in paths):
                self._numbers[str(key)] = int(number)

    def get(self, key: str) -> tuple[Path, Path] | None:
        """The files of a piece, of both movies; None where it is not there."""
        return self._paths(self._numbers[key]) if key in self._numbers else None

    def add(self, key: str, preview: bytes, compare: bytes) -> None:
        """A new piece."""
        number = 1 + max(self._numbers.values(), default=0)
        for path, data in zip(self._paths(number), (preview, compare), strict=True):
            self._running.written.write(path, data)
        self._numbers[key] = number
        self._running.save_state(_STATE, self._numbers)

    def _paths(self, number: int) -> tuple[Path, Path]:
        return self._running.folder.preview_piece(number), self._running.folder.compare_piece(number)


def forget_pieces(running: RunningJob) -> None:
    """Remove all: the movies are whole."""
    (running.folder.state / f"{_STATE}.json").unlink(missing_ok=True)
    for path in (running.folder.preview_piece(1), running.folder.compare_piece(1)):
        shutil.rmtree(path.parent, ignore_errors=True)
