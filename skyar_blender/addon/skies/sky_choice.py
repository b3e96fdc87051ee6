# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies that can be chosen: those that ship with SkyAR, and images in the artist's own folder."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import bpy

from ...common.own_sky import DESCRIPTION, IN_FOLDER, in_own_folder, own_metadata, own_name
from ...common.sky_library import MOVIE_SKIES, SkyEntry, find_sky, list_skies
from ...contract.errors import ErrorCode, SkyarError
from ..preferences.preferences import preferences
from .sky_world import SHOT, bake_world

#: Endings of the files that can be a sky.
SKY_FILES = frozenset({".exr", ".hdr", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"}) | MOVIE_SKIES


@dataclass(frozen=True)
class Choice:
    """A sky by its name, what the job is to say for it, and what shows it: a small image, or the sky's own."""

    name: str
    title: str
    source: str
    thumbnail: Path
    tags: tuple[str, ...] = ()

    def matches(self, words: str) -> bool:
        """Whether all of ``words`` are in its name, its title or its tags."""
        text = " ".join((self.name, self.title, *self.tags)).lower()
        return all(word in text for word in words.lower().split())


def choices() -> list[Choice]:
    """All skies that have a name: the shipped ones, then those of the folder My Skies.

    Where a file there is called like another sky, its ending belongs to its name.

    Raises:
        SkyarError: the description of a shipped sky cannot be read.
    """
    shipped, own = _shipped(), [_own(path, described) for path, described in _own_images()]
    stems = Counter(choice.name for choice in (*shipped, *own))
    for index, choice in enumerate(own):
        if stems[choice.name] > 1:
            path = Path(choice.source)
            name = f"{path.parent.name}/{path.name}" if in_own_folder(path) else path.name
            own[index] = replace(choice, name=name, title=name)
    return [*shipped, *own]


def choose(name: str, file: str, world: str = "", shot: int = SHOT) -> Choice:
    """The World called ``world`` if that is given, else the sky in ``file``, else the one called ``name``.

    ``shot``: the shot's width in pixels, see :func:`.sky_world.bake_world`.

    Raises:
        SkyarError: ``sky_unknown``, ``sky_unreadable``; those of rendering a World.
    """
    if world:
        return replace(_own(bake_world(world, shot=shot)), name=world, title=world)
    if file.strip():
        path = Path(bpy.path.abspath(file.strip()))
        if not path.is_file():
            raise SkyarError(
                ErrorCode.SKY_UNREADABLE,
                f"There is no sky at {path}.",
                "The file was moved or renamed, or its name is misspelt.",
                "Choose the file again, or a sky that comes with SkyAR.",
            )
        return _own(path.resolve())
    for choice in choices():
        if choice.name == name:
            return choice
    return _choice(find_sky(name))  # raises, naming those that there are


def search(_self: Any, _context: bpy.types.Context, _typed: str) -> list[tuple[str, str]]:
    """For the search box of a property: names and titles."""
    try:
        return [(choice.name, choice.title) for choice in choices()]
    except SkyarError:
        return []  # running says what is wrong


@cache
def _shipped() -> tuple[Choice, ...]:
    """These stay as they are while Blender runs, and panels ask for them again and again."""
    return tuple(_choice(sky) for sky in list_skies())


def _choice(sky: SkyEntry) -> Choice:
    return Choice(sky.name, sky.title, sky.name, sky.thumbnail, sky.tags)


def _own(path: Path, described: bool = True) -> Choice:
    """A sky of the artist's own."""
    name = own_name(path)
    given: dict[str, Any] = {}
    if described:
        with suppress(SkyarError):  # choosing it says what is wrong
            given = own_metadata(path)
    small = path.with_name("thumbnail.jpg")
    thumbnail = small if in_own_folder(path) and small.is_file() else path
    return Choice(
        given.get("name", name), given.get("title", name), str(path), thumbnail, tuple(given.get("tags", ()))
    )


def _own_images() -> list[tuple[Path, bool]]:
    """What is in the folder My Skies, and whether it has a description: panels ask for it again and again."""
    chosen = preferences()
    if chosen is None or not chosen.skies_folder:
        return []
    folder = Path(bpy.path.abspath(chosen.skies_folder))
    try:
        inside = {path for path in folder.iterdir() if path.name[0] != "."}
        found = [(path, path.with_suffix(".toml") in inside) for path in inside if path.suffix.lower() in SKY_FILES]
        folders = [path for path in inside if not path.suffix and (path / DESCRIPTION).is_file()]
        for each in folders:
            found += [(path, True) for path in each.glob(f"{IN_FOLDER}.*") if path.suffix.lower() in SKY_FILES]
        return sorted(found)
    except OSError:
        return []  # a drive that is not plugged in
