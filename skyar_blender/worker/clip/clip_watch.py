# SPDX-License-Identifier: GPL-3.0-or-later
"""Notices a clip that is replaced or deleted while its job runs."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip

#: Pieces of a file that are looked at, evenly spread, and their bytes.
_PIECES = 64
_PIECE = 1 << 14


class ClipWatch:
    """The files of a clip as they are now, by size and samples of what is in them.

    The time of a file's last change alone means nothing: programs touch files. What is between the samples of a
    movie is not compared.

    Attributes:
        replaced: whether :meth:`check` has found another file in the place of one.
    """

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self.replaced = False
        self._before = {path: _look(path, _PIECES if clip.kind == "movie" else 3) for path in files_of(clip)}

    def check(self) -> None:
        """Raise ``clip_changed`` where a file is no longer what it was."""
        for path, before in self._before.items():
            now = _look(path, _PIECES if self._clip.kind == "movie" else 3)
            if now == before:
                continue
            if now is None:
                raise SkyarError(
                    ErrorCode.CLIP_CHANGED,
                    f"The clip was deleted or moved away while SkyAR worked on it: {path}.",
                    "The file is not there any more, or cannot be read.",
                    "Put it back and run again: what is complete is kept.",
                )
            self.replaced = True
            raise SkyarError(
                ErrorCode.CLIP_CHANGED,
                f"The clip was replaced or changed while SkyAR worked on it: {path}.",
                "What was made so far is partly of the old file and partly of the new one.",
                "Run again with a new output folder, or delete this one first.",
            )


def files_of(clip: Clip) -> list[Path]:
    """The movie, or the images in use, each once."""
    if clip.kind == "movie":
        return [Path(clip.path)]
    return [Path(clip.path, name) for name in dict.fromkeys(clip.files)]


def _look(path: Path, pieces: int) -> tuple[int, str] | None:
    """Size and a digest of samples; None where the file cannot be read."""
    digest = hashlib.sha256()
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            for piece in range(pieces):
                file.seek(max(0, size - _PIECE) * piece // (pieces - 1))
                digest.update(file.read(_PIECE))
    except OSError:
        return None
    return size, digest.hexdigest()
