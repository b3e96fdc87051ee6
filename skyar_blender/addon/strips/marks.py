# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips that an artist has marked: what is white in them is surely sky, or surely not.

The mark is a custom property of the strip, so it survives saving, copying and undo. A marked strip is muted, since no
one wants to see it in the image, and gets back what it was when the mark is cleared.
"""

from __future__ import annotations

from typing import Any

import bpy

from ...contract.correction import Truth
from .. import compat

#: Custom properties of a marked strip: what it says, and whether it was muted before.
KEY = "skyar_mark"
_WAS_MUTED = "skyar_was_muted"
#: Types of strips that can be marked.
MARKABLE = ("MASK", "IMAGE", "MOVIE")
#: What a mark says, for a person.
WORDS: dict[Truth, str] = {"sky": "Sky", "not_sky": "Not Sky"}


def mark(strip: bpy.types.Strip, truth: Truth) -> None:
    """Mark ``strip`` and mute it."""
    if mark_of(strip) is None:
        strip[_WAS_MUTED] = bool(strip.mute)
    strip[KEY] = truth
    strip.mute = True


def clear(strip: Any) -> None:
    """Make ``strip`` an ordinary strip again, muted only if it was before."""
    if mark_of(strip) is None:
        return
    del strip[KEY]
    strip.mute = bool(strip.get(_WAS_MUTED, False))
    if _WAS_MUTED in strip:
        del strip[_WAS_MUTED]


def mark_of(strip: bpy.types.Strip) -> Truth | None:
    """What the mark of ``strip`` says, or None."""
    given = strip.get(KEY)
    return given if given in WORDS else None


def marked_over(scene: bpy.types.Scene, strip: bpy.types.Strip) -> list[Any]:
    """The marked strips of ``scene`` that overlap ``strip`` in time, from the lowest channel to the highest."""
    left, right = compat.handles(strip)
    found = []
    for other in compat.all_strips(scene.sequence_editor):
        start, end = compat.handles(other)
        if other != strip and mark_of(other) is not None and start < right and left < end:
            found.append(other)
    return sorted(found, key=lambda other: (other.channel, other.name))


def seen_marks(scene: bpy.types.Scene, strip: bpy.types.Strip) -> list[str]:
    """What to tell the user of marked strips over ``strip`` that are not muted."""
    names = [f"“{other.name}”" for other in marked_over(scene, strip) if not other.mute]
    if not names:
        return []
    return [f"{', '.join(names)} is marked for Replace Sky, but not muted: mute it, or it is seen in the picture."]


def to_mark(scene: bpy.types.Scene) -> list[Any]:
    """The selected strips that can be marked, or else the active one."""
    editor = scene.sequence_editor if scene is not None else None
    if editor is None:
        return []
    selected = [strip for strip in compat.all_strips(editor) if strip.select]
    active = [editor.active_strip] if editor.active_strip else []
    return [strip for strip in selected or active if strip.type in MARKABLE]
