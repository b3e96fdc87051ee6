# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies that ship with SkyAR: folders in ``skyboxes/`` with a ``sky.toml`` each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..contract.documents import check_plain_name
from ..contract.errors import ErrorCode, SkyarError
from .own_sky import own_metadata
from .toml_file import read_toml

#: Rain (``Look.rain``) under a sky that it rains from, where nothing else is said.
RAIN = 0.6

#: What most shipped skies have as :func:`detail`.
USUAL_DETAIL = 2.1

#: Movies of the user's that can be a sky, by their endings.
MOVIE_SKIES = frozenset({".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v"})


@dataclass(frozen=True, kw_only=True)
class SkyEntry:
    """One shipped sky. ``image`` and ``thumbnail`` are absolute; ``metadata`` is the whole ``sky.toml``."""

    name: str
    title: str
    tags: tuple[str, ...]
    kind: str
    image: Path
    thumbnail: Path
    metadata: dict[str, Any]


def skyboxes_folder() -> Path:
    """Where the shipped skies are: inside an installed package, else beside it as in the repository."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "skyboxes"
    return installed if installed.is_dir() else package.parent / "skyboxes"


def list_skies(folder: Path | None = None) -> list[SkyEntry]:
    """All skies in ``folder`` (default: the shipped ones), by name; folders without ``sky.toml`` are not skies.

    Raises:
        SkyarError: a ``sky.toml`` cannot be read or lacks a field.
    """
    paths = sorted((folder or skyboxes_folder()).glob("*/sky.toml"))
    return list(_skies(tuple((path, _changed(path)) for path in paths)))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # reading it says what is wrong
        return 0


@lru_cache(maxsize=4)
def _skies(files: tuple[tuple[Path, int], ...]) -> tuple[SkyEntry, ...]:
    """Those described in ``files``, each with the time of its last change: panels ask many times a second."""
    skies = []
    for path, _ in files:
        try:
            metadata = read_toml(path)
            for key in ("name", "file"):
                check_plain_name(metadata[key], key)
            skies.append(
                SkyEntry(
                    name=metadata["name"],
                    title=metadata["title"],
                    tags=tuple(metadata.get("tags", ())),
                    kind=metadata.get("kind", "still"),
                    image=path.parent / metadata["file"],
                    thumbnail=path.parent / "thumbnail.jpg",
                    metadata=metadata,
                )
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise SkyarError(
                ErrorCode.SKY_UNREADABLE,
                f"The description of a sky cannot be read: {path}.",
                f"{type(error).__name__}: {error}.",
                "Mend the file, or install SkyAR again.",
            ) from error
    return tuple(skies)


def usual_rain(source: str, folder: Path | None = None) -> float:
    """How much rain a sky brings along, 0..1; ``source`` is that of a job."""
    try:
        if Path(source).is_absolute():
            return RAIN if own_metadata(Path(source)).get("rain") else 0.0
        return RAIN if any(sky.name == source and sky.metadata.get("rain") for sky in list_skies(folder)) else 0.0
    except SkyarError:
        return 0.0  # a sky that is asked for by name says what is wrong


def moves(source: str, folder: Path | None = None) -> bool:
    """Whether the sky looks different from moment to moment; ``source`` is that of a job."""
    if Path(source).is_absolute():
        try:
            return Path(source).suffix.lower() in MOVIE_SKIES or "drift" in own_metadata(Path(source))
        except SkyarError:
            return False  # reading the sky says what is wrong
    return any(sky.name == source and (sky.kind == "loop" or "drift" in sky.metadata) for sky in list_skies(folder))


def detail(source: str, folder: Path | None = None) -> float:
    """Bytes a pixel that images of a sky take as they are stored; of one of the user's, what shipped ones take."""
    try:
        skies = list_skies(folder)
    except SkyarError:
        return USUAL_DETAIL
    known = [float(sky.metadata.get("detail", USUAL_DETAIL)) for sky in skies if sky.name == source]
    return known[0] if known else USUAL_DETAIL


def find_sky(name: str, folder: Path | None = None) -> SkyEntry:
    """The sky called ``name``.

    Raises:
        SkyarError: ``sky_unknown``, naming the skies that there are.
    """
    skies = list_skies(folder)
    for sky in skies:
        if sky.name == name:
            return sky
    names = ", ".join(sky.name for sky in skies) or "none"
    raise SkyarError(
        ErrorCode.SKY_UNKNOWN,
        f"There is no sky called “{name}”.",
        f"The skies are: {names}.",
        "Choose one of them, or give the path of a picture.",
    )
