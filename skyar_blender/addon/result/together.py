# SPDX-License-Identifier: GPL-3.0-or-later
"""Footage, its sound and the result as one: what is selected together is moved, trimmed, cut and deleted together.

Blender's own connections do that, from 4.3 on. A Meta strip would hide the footage from the other strips, and a
handler that follows strips could not tell a move from a slip.
"""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat


def hold_together(scene: Any, original: Any, result: Any) -> list[Any]:
    """Connect the strips of a result; all of them but the result itself, none where Blender has no connections."""
    others = [original, *_sounds(scene, original)]
    return others if compat.connect(scene, [result, *others]) else []


def _sounds(scene: Any, original: Any) -> list[Any]:
    """Sound strips of the same file that lie over the same frames."""
    if original.type != "MOVIE":
        return []
    path = bpy.path.abspath(original.filepath)
    return [
        strip
        for strip in compat.all_strips(scene.sequence_editor)
        if strip.type == "SOUND"
        and strip.sound is not None
        and bpy.path.abspath(strip.sound.filepath) == path
        and compat.handles(strip) == compat.handles(original)
    ]
