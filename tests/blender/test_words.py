# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads: all has a tooltip, what is greyed out says why, each language has an entry for each text."""

from __future__ import annotations

import re
import warnings
from types import SimpleNamespace
from typing import Any

import bpy
import pytest
from blender.shots import skyar
from blender.test_panels import window
from blender.texts import operators, properties, sentences, words
from blender.write_texts import with_entries

AGAIN = "run: make generated"


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


@pytest.mark.parametrize("language", skyar("addon.translations").languages())
def test_a_language_has_all_texts_and_no_other(language: str) -> None:
    texts = skyar("addon.translations").languages()[language]
    assert sorted(words() - texts.keys()) == [], AGAIN
    assert sorted(texts.keys() - words()) == [], AGAIN
    for text, said in translated(texts, language):
        assert placeholders(said) == placeholders(text), text
        assert said.endswith("...") == text.endswith("...") and said.endswith(".") == text.endswith("."), text


@pytest.mark.parametrize("language", skyar("addon.translations").languages())
def test_a_language_has_all_sentences_and_no_other(language: str) -> None:
    known, wanted = skyar("addon.translations.told").messages(language), sentences() - words()
    assert sorted(wanted - known.keys()) == [], AGAIN
    assert sorted(known.keys() - wanted) == [], AGAIN
    for text, said in translated(known, language):
        assert sorted(re.findall(r"\{\w*\}", said)) == sorted(re.findall(r"\{\w*\}", text)), text


def translated(texts: dict[str, str], language: str) -> list[tuple[str, str]]:
    """The entries that are translated; of the others, which are shown in English, the test run tells."""
    for text in (text for text, said in texts.items() if not said):
        warnings.warn(f"not yet in {language}.toml: {text}", stacklevel=1)
    return [(text, said) for text, said in texts.items() if said]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|//|\w+://\S+|\S+\.mp4|wandb\.ai\S*", text))


def test_new_entries_are_empty_and_those_no_longer_used_go() -> None:
    file = '# German\n"Old" = "Alt"\n\n# Names\n"Sky" = "Himmel"\n'
    assert with_entries(file, {"Sky", 'The "new" one'}) == (
        '# German\n\n# Names\n"Sky" = "Himmel"\n"The \\"new\\" one" = ""\n'
    )
    assert with_entries("", {"Sky"}) == '"Sky" = ""\n'


def test_the_code_is_read_whole() -> None:
    """Texts of each kind, so that a way in which none is found any longer does not pass for complete."""
    assert len(words()) > 350 and len(sentences()) > 500
    a_step = skyar("addon.jobs.progress_words").STEPS["matte"]
    assert {"Set Up Engine", "Quality", "By Hand", "API Key", a_step, "Esc: end"} <= words()
    assert "Select a result of Replace Sky, or the strip that it was made from" in words()
    assert "A matte cannot be read: {0}." in sentences()


def test_what_is_not_translated_yet_stays_english(monkeypatch: pytest.MonkeyPatch) -> None:
    translations, given = skyar("addon.translations"), list[dict[str, Any]]()
    monkeypatch.setattr(translations, "languages", lambda: {"de": {"Sky": "Himmel", "Turn": ""}})
    fake = SimpleNamespace(translations=SimpleNamespace(register=lambda _, texts: given.append(texts)))
    monkeypatch.setattr(translations.bpy, "app", fake, raising=False)
    translations.register([])
    assert [sorted({text for _, text in texts["de"]}) for texts in given] == [["Sky"]]
    assert skyar("addon.translations.told").Sentences({"It is so.": ""}).said("It is so.") == "It is so."
