# SPDX-License-Identifier: GPL-3.0-or-later
"""The Scene strip of a result, above the strip that it was made from."""

from __future__ import annotations

import math
from typing import Any

import bpy

from .. import compat
from ..bases import there
from ..strips.placement import WHOLE, placement
from ..strips.retimed import speed_effects
from .modifiers import copy_modifiers
from .resampling import filter_as_footage

#: Less than this part of a pixel is none.
_PIXELS = 0.01
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
    filter_as_footage(strip)
    return strip


def shows_through(original: Any, scene: bpy.types.Scene, has_alpha: bool, size: tuple[int, int]) -> bool:
    """Whether the original would be seen through or beside a strip that lies above it and is blended alike.

    ``size``: width and height of the original's media.
    """
    plain = original.blend_type in ("REPLACE", "ALPHA_OVER") and original.blend_alpha == 1
    return has_alpha or not plain or _is_animated(original, scene) or _has_soft_edge(original, scene, size)


def _is_animated(original: Any, scene: bpy.types.Scene) -> bool:
    path = original.path_from_id()
    return any(
        curve.data_path.startswith(f"{path}.") and not curve.data_path.startswith(f"{path}.color_")
        for curves in compat.fcurve_lists(scene)
        for curve in curves
    )


def _has_soft_edge(original: Any, scene: bpy.types.Scene, size: tuple[int, int]) -> bool:
    """Whether an edge of the picture cuts through pixels of the frame: it is half see-through there."""
    across, up = scene.render.resolution_x, scene.render.resolution_y
    corners = _corners(original, scene, size)
    edges = list(zip(corners, corners[1:] + corners[:1], strict=True))
    upright = all(
        math.isclose(x, next_x, abs_tol=_PIXELS) or math.isclose(y, next_y, abs_tol=_PIXELS)
        for (x, y), (next_x, next_y) in edges
    )
    if upright:
        rows, columns = ({corner[axis] for corner in corners} for axis in (1, 0))
        return any(_within(place, up) for place in rows) or any(_within(place, across) for place in columns)
    # How far the corners of the frame, and a pixel beyond, lie inside each edge: all on one side if they are covered.
    sides = [
        (next_x - x) * (frame_y - y) - (next_y - y) * (frame_x - x)
        for (x, y), (next_x, next_y) in edges
        for frame_x, frame_y in ((-1, -1), (across + 1, -1), (-1, up + 1), (across + 1, up + 1))
    ]
    return not (all(side > 0 for side in sides) or all(side < 0 for side in sides))


def _within(place: float, length: int) -> bool:
    """Whether an edge at ``place`` lies inside the frame and between two pixels of it."""
    return _PIXELS < place < length - _PIXELS and not math.isclose(place, round(place), abs_tol=_PIXELS)


def _corners(original: Any, scene: bpy.types.Scene, size: tuple[int, int]) -> list[tuple[float, float]]:
    """Where the corners of what is left of the picture by *Crop* lie, in pixels of the frame, going around it."""
    width, height = size
    crop = original.crop
    left, right = crop.min_x / width, 1 - crop.max_x / width
    top, bottom = crop.max_y / height, 1 - crop.min_y / height
    if original.use_flip_x:  # the picture is cropped as it is shown
        left, right = 1 - right, 1 - left
    if original.use_flip_y:
        top, bottom = 1 - bottom, 1 - top
    a, b, c, d, e, f = placement(scene, original, size, compat.handles(original)[0]) or WHOLE
    across, up = scene.render.resolution_x, scene.render.resolution_y
    return [
        ((a * x + b * y + c) * across, (d * x + e * y + f) * up)
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
    ]


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
