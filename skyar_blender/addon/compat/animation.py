# SPDX-License-Identifier: GPL-3.0-or-later
"""F-curves and their keyframes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any


def fcurve_lists(owner: Any) -> Iterator[Any]:
    """The lists of F-curves that animate ``owner`` (an ID)."""
    data = owner.animation_data
    if data is None or data.action is None:
        return
    action = data.action
    if not getattr(action, "layers", None):
        yield from [action.fcurves] if hasattr(action, "fcurves") else []
        return
    for layer in action.layers:
        for strip in layer.strips:
            for bag in strip.channelbags:
                if bag.slot == data.action_slot:
                    yield bag.fcurves


def is_animated(owner: Any, data_path: str) -> bool:
    """Whether a property of ``owner`` has F-curves."""
    return any(curve.data_path == data_path for curves in fcurve_lists(owner) for curve in curves)


def keyframes(owner: Any, data_path: str) -> list[tuple[float | str, ...]]:
    """Place in an array, frame and value, and what leads from one to the next, of each keyframe of a property."""
    return [
        (
            curve.array_index,
            *(round(part, 5) for point in (key.co, key.handle_left, key.handle_right) for part in point),
            key.interpolation,
        )
        for curves in fcurve_lists(owner)
        for curve in curves
        if curve.data_path == data_path
        for key in curve.keyframe_points
    ]


def animated_value(owner: Any, data_path: str, value: float, frame: int) -> float:
    """The value of a property at ``frame``; ``value`` where no F-curve says otherwise."""
    for curves in fcurve_lists(owner):
        for curve in curves:
            if curve.data_path == data_path:
                return float(curve.evaluate(frame))
    return value


def copy_tree(tree: Any, name: str) -> Any:
    """A copy of a node group, with animation of its own, that may be used as a strip modifier."""
    copy = tree.copy()
    copy.name = name
    if copy.animation_data is not None and copy.animation_data.action is not None:
        # `copy` shares the action.
        slot = copy.animation_data.action_slot.identifier
        copy.animation_data.action = copy.animation_data.action.copy()
        copy.animation_data.action_slot = copy.animation_data.action.slots[slot]
    if hasattr(copy, "is_strip_modifier"):
        copy.is_strip_modifier = True
    return copy


def shift_keyframes(owner: Any, frames: int) -> None:
    """Move all keyframes of ``owner`` in time."""
    for curves in fcurve_lists(owner):
        for curve in curves:
            for key in curve.keyframe_points:
                key.co_ui[0] += frames
            curve.update()


def remove_fcurve(owner: Any, data_path: str) -> None:
    """Remove the F-curves of one property; nothing happens when there are none."""
    for curves in fcurve_lists(owner):
        for curve in [curve for curve in curves if curve.data_path == data_path]:
            curves.remove(curve)


def is_animated_below(owner: Any, path: str) -> bool:
    """Whether anything of ``owner`` that lies below the data path ``path`` is animated."""
    return any(curve.data_path.startswith(path) for curves in fcurve_lists(owner) for curve in curves)


def copy_fcurves(owner: Any, source: str, target: str) -> None:
    """Animate what lies below the data path ``target`` as what lies below ``source``, and in no other way."""
    for curves in fcurve_lists(owner):
        for curve in [curve for curve in curves if curve.data_path.startswith(target)]:
            curves.remove(curve)
        for curve in [curve for curve in curves if curve.data_path.startswith(source)]:
            copy = curves.new(target + curve.data_path.removeprefix(source), index=curve.array_index)
            copy.extrapolation = curve.extrapolation
            copy.keyframe_points.add(len(curve.keyframe_points))
            for key, original in zip(copy.keyframe_points, curve.keyframe_points, strict=True):
                for name in _KEYFRAME:
                    setattr(key, name, getattr(original, name))
            copy.update()


_KEYFRAME = (
    *("co", "interpolation", "easing", "amplitude", "back", "period"),
    *("handle_left_type", "handle_right_type", "handle_left", "handle_right"),
)


def hold_values(owner: Any, holder: Any, name: str, data_path: str, values: Sequence[tuple[int, Any]]) -> None:
    """Animate the property ``name`` of ``holder`` with a key for each of ``values`` (frame, value), held to the next.

    ``data_path`` leads from ``owner`` to the property. All keys are put in at once: each that is inserted by itself
    makes Blender evaluate the tree.
    """
    remove_fcurve(owner, data_path)
    holder.keyframe_insert(name, frame=values[0][0])
    for curves in fcurve_lists(owner):
        for curve in curves:
            if curve.data_path != data_path:
                continue
            points = curve.keyframe_points
            points.add(len(values) - len(points))
            place = curve.array_index
            levels = [value[place] if hasattr(value, "__len__") else value for _, value in values]
            frames = [frame for frame, _ in values]
            points.foreach_set("co", [part for pair in zip(frames, levels, strict=True) for part in pair])
            for key in points:
                key.interpolation = "CONSTANT"
            curve.update()


def linear_keyframes(owner: Any, data_path: str, held: frozenset[int]) -> None:
    """Let the keyframes of one property lead straight to the next; those at the frames ``held`` hold their value."""
    for curves in fcurve_lists(owner):
        for curve in curves:
            if curve.data_path == data_path:
                for key in curve.keyframe_points:
                    key.interpolation = "CONSTANT" if round(key.co[0]) in held else "LINEAR"
