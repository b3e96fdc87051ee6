# SPDX-License-Identifier: GPL-3.0-or-later
"""The Scene strip of a result, above the strip that it was made from."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..bases import there
from ..strips.retimed import speed_effects
from .modifiers import copy_modifiers

_PLACEMENT = ("offset_x", "offset_y", "scale_x", "scale_y", "rotation", "origin", "filter")
_CROP = ("min_x", "max_x", "min_y", "max_y")
_LOOK = (
    "blend_type",
    "blend_alpha",
    "use_flip_x",
    "use_flip_y",
    "color_multiply",
    "color_saturation",
    "multiply_alpha",
    "color_tag",
)


def place_strip(
    existing: Any, original: bpy.types.Strip, result_scene: bpy.types.Scene, scene: bpy.types.Scene
) -> Any:
    """Show ``result_scene`` above ``original``, for the same frames, in the same place, blended alike.

    ``existing`` is brought up to date; without it a strip is made on the first free channel above.
    """
    left, right = compat.handles(original)
    editor = there(scene.sequence_editor)
    strip = existing
    if strip is None:
        channel = _free_channel(editor, original, speed_effects(original, scene), left, right)
        collection = compat.siblings(editor, original)
        strip = collection.new_scene(f"{original.name} sky", result_scene, channel, left)
    elif strip.scene != result_scene:
        strip.scene = result_scene
    compat.move_strip_to(strip, left, right - left)
    _take_over(original, strip)
    for part in ("blend_alpha", "color_", "transform.", "crop."):
        compat.copy_fcurves(scene, f"{original.path_from_id()}.{part}", f"{strip.path_from_id()}.{part}")
    copy_modifiers(original, strip)
    return strip


def shows_through(original: Any, scene: bpy.types.Scene, has_alpha: bool) -> bool:
    """Whether the original would be seen through or beside a strip that lies above it and is blended alike."""
    path = original.path_from_id()
    animated = any(curve.data_path.startswith(path) for curves in compat.fcurve_lists(scene) for curve in curves)
    transform = original.transform
    moved = (
        transform.scale_x != 1
        or transform.scale_y != 1
        or transform.rotation != 0
        or transform.offset_x % 1 != 0
        or transform.offset_y % 1 != 0
    )
    plain = original.blend_type in ("REPLACE", "ALPHA_OVER") and original.blend_alpha == 1
    return has_alpha or animated or moved or not plain


def _take_over(original: Any, strip: Any) -> None:
    for name in _LOOK:
        setattr(strip, name, getattr(original, name))
    for name in _PLACEMENT:
        setattr(strip.transform, name, getattr(original.transform, name))
    for name in _CROP:
        setattr(strip.crop, name, getattr(original.crop, name))


def _free_channel(
    editor: bpy.types.SequenceEditor, original: bpy.types.Strip, above: list[Any], left: int, right: int
) -> int:
    """The first free channel over ``original`` and the effects ``above`` it."""
    taken = set()
    for other in compat.siblings(editor, original):
        start, end = compat.handles(other)
        if start < right and left < end:
            taken.add(other.channel)
    channel: int = 1 + max(each.channel for each in (original, *above))
    while channel in taken or _locked(editor, channel):
        channel += 1
    return channel


def _locked(editor: bpy.types.SequenceEditor, channel: int) -> bool:
    channels = editor.channels
    return channel < len(channels) and (channels[channel].lock or channels[channel].mute)
