# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips to measure mattes on, with or without truth.

A folder with truth has one of two layouts: images with their alpha beside them (``000001.jpg`` and
``000001_alpha.png``), or one movie or images with a folder ``alpha`` of as many PNGs, in the order of their names.
Anything else is a clip without truth: a movie, or a folder of images.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip
from ...engine.media.clip import ClipReader, open_clip
from ...worker.files.image_files import images_in

_MOVIES = {".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v"}
_BESIDE = "_alpha.png"


@dataclass(frozen=True)
class Footage:
    """A clip that is open, and the file of each frame's exact matte, or None."""

    reader: ClipReader
    alphas: list[Path] | None


def open_footage(path: Path) -> Footage:
    """Open the clip at ``path``, with its truth where there is one.

    Raises:
        SkyarError: ``clip_missing``, ``clip_empty``, ``clip_unreadable``, ``clip_too_small``.
    """
    if not path.is_dir():
        return Footage(open_clip(Clip(path=str(path))), None)
    names = images_in(path)
    beside = {name.removesuffix(_BESIDE) for name in names if name.endswith(_BESIDE)}
    if beside:
        names = [name for name in names if Path(name).stem in beside]
        return Footage(_sequence(path, names), [path / f"{Path(name).stem}{_BESIDE}" for name in names])
    movies = sorted(file for file in path.iterdir() if file.suffix.lower() in _MOVIES and file.name[0] != ".")
    if len(movies) > 1:
        raise SkyarError(
            ErrorCode.CLIP_UNREADABLE,
            f"It is not clear which clip of {path} is meant.",
            f"It holds {len(movies)} movies.",
            "Name one of them, or keep one movie in each folder.",
        )
    reader = open_clip(Clip(path=str(movies[0]))) if movies else _sequence(path, names)
    if not (path / "alpha").is_dir():
        return Footage(reader, None)
    alphas = [path / "alpha" / name for name in images_in(path / "alpha")]
    if len(alphas) != reader.count:
        raise SkyarError(
            ErrorCode.CLIP_UNREADABLE,
            f"The truth of {path} does not fit its clip.",
            f"There are {len(alphas)} pictures in its folder alpha, and {reader.count} frames.",
            "Render the clip and its alphas again.",
        )
    return Footage(reader, alphas)


def _sequence(folder: Path, names: list[str]) -> ClipReader:
    if not names:
        raise SkyarError(
            ErrorCode.CLIP_EMPTY,
            f"There is no clip in {folder}.",
            "It holds neither a movie nor pictures.",
            "Give a movie, a folder of pictures, or a folder of pictures with their alphas.",
        )
    return open_clip(Clip(path=str(folder), kind="sequence", files=names))
