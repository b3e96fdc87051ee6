# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads of operators and properties: all have a tooltip, and what is greyed out says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
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


def visible_texts() -> Iterator[str]:
    """All that a person can read of the add-on's classes."""
    for _, each in properties():
        if not each.is_hidden:
            yield from (each.name, each.description)
            if each.type == "ENUM":
                yield from (text for item in each.enum_items_static for text in (item.name, item.description) if text)
    for cls in operators():
        yield from (cls.bl_label, cls.__doc__)
    for cls in [*classes(bpy.types.Panel), *classes(bpy.types.Menu)]:
        yield cls.bl_label


def test_every_language_has_all_texts() -> None:
    translations = skyar("addon.translations")
    help_of_draft = [text for texts in skyar("addon.draft.overlay")._HELP.values() for text in texts]
    module = skyar("bridge.setup_steps")
    somewhere, build = Path("somewhere"), module.TorchBuild.CUDA
    setup = module.setup_steps(somewhere, somewhere, build, downloads=somewhere, fits=False, wandb=True)
    setup.append(module.removal_step(somewhere, []))
    groups = [each.group for each in skyar("common.options").OPTIONS.values()]
    steps = [*groups, *skyar("addon.jobs.progress_words").STEPS.values(), *(step.title for step in setup)]
    wanted = {
        translations.single_spaced(text) for text in (*visible_texts(), *spoken(), *help_of_draft, *steps) if text
    }
    languages = translations.languages()
    assert "de" in languages
    for language, texts in languages.items():
        assert sorted(wanted - set(texts)) == [], language
        for text, said in texts.items():
            assert said and placeholders(said) == placeholders(text), text
            assert said.endswith("...") == text.endswith("...") and said.endswith(".") == text.endswith("."), text


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|//|\w+://\S+|\S+\.mp4|wandb\.ai\S*", text))


def spoken() -> Iterator[str]:
    """Whole texts that code writes on layouts, and that tell why something is greyed out."""
    folder = Path(skyar("addon").__file__).parent
    for path in folder.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            given = {"needs": call.args[2:], "poll_message_set": call.args, "say": call.args[:1]}.get(name, [])
            if name in {"label", "operator", "prop", "_button"}:
                given = [each.value for each in call.keywords if each.arg == "text"]
            for each in given:
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and len(each.value) > 1:
                    yield each.value
