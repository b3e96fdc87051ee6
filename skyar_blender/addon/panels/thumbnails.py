# SPDX-License-Identifier: GPL-3.0-or-later
"""Small images of skies, as icons: those that ship with a sky, and for the artist's own images those that Blender
makes of them, in the background, and keeps."""

from __future__ import annotations

from ...common.sky_library import MOVIE_SKIES
from ..skies.sky_choice import Choice
from .icons import IconSet

ICONS = IconSet()
register, unregister = ICONS.register, ICONS.unregister


def _kind(choice: Choice) -> str:
    return "MOVIE" if choice.thumbnail.suffix.lower() in MOVIE_SKIES else "IMAGE"


def icon_of(choice: Choice) -> int:
    """The icon of a sky; 0, which shows nothing, where its image is gone."""
    key = str(choice.thumbnail)
    found = ICONS.collection.get(key)
    if found is None:
        if not choice.thumbnail.is_file():
            return 0
        found = ICONS.collection.load(key, key, _kind(choice))
    return int(found.icon_id)
