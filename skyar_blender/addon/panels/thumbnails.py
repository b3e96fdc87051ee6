# SPDX-License-Identifier: GPL-3.0-or-later
"""Small pictures of skies, as icons: those that ship with a sky, and for the artist's own pictures those that Blender
makes of them, in the background, and keeps."""

from __future__ import annotations

from typing import Any

import bpy.utils.previews

from ..sky_choice import Choice


class _Icons:
    """The icons that are in use; there are none before :func:`register` and after :func:`unregister`."""

    collection: Any = None


def register() -> None:
    """Make room for icons."""
    _Icons.collection = bpy.utils.previews.new()


def unregister() -> None:
    """Free all of them."""
    bpy.utils.previews.remove(_Icons.collection)
    _Icons.collection = None


def icon_of(choice: Choice) -> int:
    """The icon of a sky; 0, which shows nothing, where its picture is gone."""
    key = str(choice.thumbnail)
    found = _Icons.collection.get(key)
    if found is None:
        if not choice.thumbnail.is_file():
            return 0
        found = _Icons.collection.load(key, key, "IMAGE")
    return int(found.icon_id)
