# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads of operators and properties: all have a tooltip, and what is greyed out says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy
import pytest
from blender.shots import skyar
from blender.test_panels import window

#: Properties that every class of its kind has from Blender.
_BLENDERS = {"rna_type", "name"}


def classes(kind: type) -> list[Any]:
    return [cls for module in skyar("addon")._MODULES for cls in module.CLASSES if issubclass(cls, kind)]


def operators() -> list[Any]:
    return classes(bpy.types.Operator)


def properties() -> Iterator[tuple[str, Any]]:
    for cls in operators():
        module, _, function = cls.bl_idname.partition(".")
        for each in getattr(getattr(bpy.ops, module), function).get_rna_type().properties:
            if each.identifier != "rna_type":
                yield f"{cls.bl_idname} {each.identifier}", each
    for cls in [*classes(bpy.types.PropertyGroup), *classes(bpy.types.AddonPreferences)]:
        for each in cls.bl_rna.properties:
            if each.identifier not in _BLENDERS and each.identifier in cls.__annotations__:
                yield f"{cls.__name__} {each.identifier}", each


def test_all_have_a_tooltip_and_a_name() -> None:
    assert len(operators()) > 20
    for cls in operators():
        text = cls.__doc__ or ""
        assert len(text) > 15 and text[0].isupper() and not text.rstrip().endswith("."), cls.bl_idname
    without = [where for where, each in properties() if not (each.name and each.description)]
    assert without == []
    dotted = [where for where, each in properties() if each.description.endswith(".")]
    assert dotted == []


@pytest.mark.parametrize("editor", [False, True])
def test_what_cannot_be_pressed_says_why(editor: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    if editor:
        bpy.context.scene.sequence_editor_create()
    refused = []
    for cls in operators():
        if not any("poll" in vars(base) and base.__module__.startswith("bl_ext") for base in cls.__mro__):
            continue
        said: list[str] = []
        monkeypatch.setattr(cls, "poll_message_set", said.append, raising=False)
        if not cls.poll(window()):
            refused.append(cls.bl_idname)
            assert len(said) == 1 and said[0][0].isupper() and not said[0].endswith("."), (cls.bl_idname, said)
    assert len(refused) > 10
