# SPDX-License-Identifier: GPL-3.0-or-later
"""What was chosen last in the sidebar, kept with the preferences: another file begins with it.

Only in a window: what runs headless depends on the file and on what it is told alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import bpy

from ..bases import there
from .preferences import preferences

#: Choices of the sidebar that are no options of a job.
_OTHERS = ("sky", "sky_file")


def register() -> None:
    """Watch for other files."""
    if not bpy.app.background:
        bpy.app.handlers.load_post.append(_on_load)


def unregister() -> None:
    """Stop watching."""
    if _on_load in bpy.app.handlers.load_post:
        bpy.app.handlers.load_post.remove(_on_load)


def remember(settings: Any) -> None:
    """Keep the choices of a scene's ``settings``."""
    chosen = preferences()
    if chosen is None:
        return
    values = {name: getattr(settings, name) for name in _names(settings)}
    if values["sky_file"]:
        values["sky_file"] = bpy.path.abspath(values["sky_file"])
    text = json.dumps(values)
    if chosen.last_choices != text:
        chosen.last_choices = text
        there(bpy.context.preferences).is_dirty = True


def begin_with_last(settings: Any) -> None:
    """Give a scene in which nothing was chosen yet what was chosen last; what no longer fits is left out."""
    chosen = preferences()
    if chosen is None or any(settings.is_property_set(name) for name in _names(settings)):
        return
    try:
        values = json.loads(chosen.last_choices or "{}")
    except ValueError:
        return
    for name in _names(settings):
        if name in values:
            try:
                setattr(settings, name, values[name])
            except (TypeError, ValueError):
                continue


def _names(settings: Any) -> list[str]:
    found = settings.bl_rna.properties
    kept = [each.identifier for each in found if each.type in {"FLOAT", "ENUM", "BOOLEAN"} and not each.is_skip_save]
    # A way to know the camera that needs something of this file stays with it.
    return [*_OTHERS, *(name for name in kept if name != "motion")]


@bpy.app.handlers.persistent
def _on_load(*_given: Any) -> None:
    scenes: Iterable[Any] = bpy.data.scenes
    for scene in scenes:
        begin_with_last(scene.skyar)
