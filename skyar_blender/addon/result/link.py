# SPDX-License-Identifier: GPL-3.0-or-later
"""Which result belongs to which strip.

Strip and result scene carry the same identifier as a custom property: that survives renaming, saving and appending,
and works where the add-on is not installed.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import bpy

from ...contract.layout import OutputFolder
from .. import compat
from ..bases import there

#: Custom property of the original strip and of the result's scene.
KEY = "skyar_id"
#: Custom property of the result's scene: its output folder, relative to the .blend where that was possible.
FOLDER_KEY = "skyar_folder"
#: Custom property of the result's scene: its sky, as its job has it.
SKY_KEY = "skyar_sky"


def result_of(scene: bpy.types.Scene, strip: bpy.types.Strip) -> Any:
    """The Scene strip in ``scene`` that shows the result made from ``strip``, or None.

    Copies of a strip share its identifier; the result belongs to the one with which it overlaps in time.
    """
    identifier = strip.get(KEY)
    if not identifier or not scene.sequence_editor:
        return None
    for other in compat.all_strips(scene.sequence_editor):
        if _identifier(other) == identifier and _overlap(other, strip):
            return other
    return None


def original_of(scene: bpy.types.Scene, strip: bpy.types.Strip) -> Any:
    """The strip from which the result that ``strip`` shows was made, or None if it shows none."""
    identifier = _identifier(strip)
    if identifier:
        for other in compat.all_strips(scene.sequence_editor):
            if other.type != "SCENE" and other.get(KEY) == identifier and _overlap(other, strip):
                return other
    return None


def active_result(scene: bpy.types.Scene) -> Any:
    """The Scene strip of the result that the active strip of ``scene`` shows, or that was made from it; or None."""
    editor = scene.sequence_editor if scene else None
    strip = editor.active_strip if editor else None
    if strip is None or strip.type == "SCENE":
        return strip if strip is not None and _identifier(strip) else None
    return result_of(scene, strip)


def selected_result(scene: bpy.types.Scene) -> Any:
    """The Scene strip of a result that is itself active and selected in ``scene``; or None."""
    strip = active_result(scene)
    is_itself = strip is not None and strip == there(scene.sequence_editor).active_strip
    return strip if is_itself and strip.select and original_of(scene, strip) is not None else None


def link(strip: bpy.types.Strip, result_scene: bpy.types.Scene) -> None:
    """Note that the new scene ``result_scene`` was made from ``strip``."""
    strip[KEY] = result_scene[KEY] = uuid.uuid4().hex


def folder_of(result_scene: bpy.types.Scene) -> OutputFolder:
    """The output folder of a result; it may have gone in the meantime."""
    return OutputFolder(Path(bpy.path.abspath(result_scene.get(FOLDER_KEY, ""))))


def uses_of(result_scene: bpy.types.Scene) -> int:
    """How many strips show ``result_scene``."""
    return sum(
        strip.type == "SCENE" and strip.scene == result_scene
        for scene in bpy.data.scenes
        if scene.sequence_editor
        for strip in compat.all_strips(scene.sequence_editor)
    )


def left_over_scene(strip: bpy.types.Strip) -> Any:
    """The scene of an earlier result of ``strip`` whose Scene strip was deleted, or None."""
    identifier = strip.get(KEY)
    for scene in bpy.data.scenes if identifier else ():
        if scene.get(KEY) == identifier and uses_of(scene) == 0:
            return scene
    return None


def _identifier(strip: Any) -> str | None:
    return strip.scene.get(KEY) if strip.type == "SCENE" and strip.scene else None


def _overlap(one: Any, other: Any) -> bool:
    (left, right), (other_left, other_right) = compat.handles(one), compat.handles(other)
    return left < other_right and other_left < right
