# SPDX-License-Identifier: GPL-3.0-or-later
"""Which strips Replace Sky works on."""

from __future__ import annotations

from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from ..result.link import original_of
from ..strips.marks import mark_of

#: Types of strips that hold footage.
FOOTAGE_TYPES = ("MOVIE", "IMAGE")


def chosen_strips(scene: bpy.types.Scene) -> list[Any]:
    """The selected movie and image strips of ``scene``; where nothing is selected, the active one or the only one.

    For a result of Replace Sky stands the strip that it was made from. Strips marked as sky or not sky hold no
    footage. In order of time.

    Raises:
        SkyarError: ``unsupported`` when there is none.
    """
    editor = scene.sequence_editor
    strips = list(compat.all_strips(editor)) if editor else []
    active = editor.active_strip if editor else None
    selected = [strip for strip in strips if strip.select and mark_of(strip) is None]
    # Somebody who selects a title does not ask for another strip's sky.
    candidates = [selected] if selected else [[active] if active else [], strips]
    for group in candidates:
        found = _footage(scene, group)
        if found and (group is not strips or len(found) == 1):
            return sorted(found, key=lambda strip: compat.handles(strip)[0])
    raise SkyarError(
        ErrorCode.UNSUPPORTED,
        "There is no strip to replace the sky of.",
        "No movie or image strip is selected."
        if _footage(scene, strips)
        else f"The scene “{scene.name}” has no movie or image strip in its Video Sequencer.",
        "Select one or several movie or image strips in the Video Sequencer.",
    )


def _footage(scene: bpy.types.Scene, strips: list[Any]) -> list[Any]:
    found: list[Any] = []
    for strip in strips:
        footage = strip if strip.type in FOOTAGE_TYPES else original_of(scene, strip)
        if footage is not None and mark_of(footage) is None and footage not in found:
            found.append(footage)
    return found
