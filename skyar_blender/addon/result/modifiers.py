# SPDX-License-Identifier: GPL-3.0-or-later
"""Strip modifiers (grading) of the original on the result."""

from __future__ import annotations

from typing import Any

import bpy

from .compositor_modifier import modifier_of
from .resampling import AS_FOOTAGE

#: Custom property of the result: names of the copied modifiers, so that an update replaces them alone.
_KEY = "skyar_modifiers"


def copy_modifiers(original: bpy.types.Strip, result: Any) -> None:
    """Give ``result`` the modifiers of ``original``, in their order, before any that the user added to it.

    What shows the result itself, and what only says how it is scaled, is none of them.
    """
    for name in list(result.get(_KEY, ())):
        if name in result.modifiers:
            result.modifiers.remove(result.modifiers[name])
    copies = []
    for modifier in [
        each for each in original.modifiers if each != modifier_of(original) and each.name != AS_FOOTAGE
    ]:
        copy = result.modifiers.new(modifier.name, modifier.type)
        _copy(modifier, copy)
        copies.append(copy.name)
    result[_KEY] = copies


def _copy(source: Any, target: Any) -> None:
    """Copy options, and the curves and wheels within, as far as ``target`` lets them be set."""
    for option in source.bl_rna.properties:
        name = option.identifier
        if name in {"rna_type", "name", "type", "is_active"}:
            continue
        if option.type == "COLLECTION":
            _copy_points(source, target, name)
        elif option.type == "POINTER" and option.is_readonly:
            if getattr(source, name) is not None:
                _copy(getattr(source, name), getattr(target, name))
        elif not option.is_readonly:
            setattr(target, name, getattr(source, name))
    if hasattr(target, "curves") and hasattr(target, "update"):
        target.update()


def _copy_points(source: Any, target: Any, name: str) -> None:
    """Curves of a curve mapping are fixed in number; their points are not, but never fewer than two."""
    pairs, places = getattr(source, name), getattr(target, name)
    if name == "points":
        while len(places) > max(2, len(pairs)):
            places.remove(places[-1])
        while len(places) < len(pairs):
            places.new(0.5, 0.5)
    for entry, place in zip(pairs, places, strict=False):
        _copy(entry, place)
