# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors, warnings and notes in the user's language, the engine's too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.shots import skyar

ROOT = Path(__file__).resolve().parents[2] / "skyar_blender"
#: What only a shell or a developer sees.
ELSEWHERE = (
    *("evaluation", "worker/cli", "worker/option_docs.py", "worker/__main__.py", "worker/draft/__main__.py"),
    *("worker/self_check.py", "contract/option.py", "common/farm_bundle.py", "addon/translations"),
)


def template(node: ast.AST) -> str | None:
    """A text as it stands in the code, with single spaces and numbers in braces for what changes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return " ".join(node.value.split())
    if isinstance(node, ast.JoinedStr):
        places = iter(range(len(node.values)))
        parts = [each.value if isinstance(each, ast.Constant) else f"{{{next(places)}}}" for each in node.values]
        return " ".join("".join(map(str, parts)).split())
    return None


def is_sentence(text: str) -> bool:
    if not re.match(r"[A-Z“{\d]", text) or " " not in text or text.endswith("...") or len(text) < 10:
        return False
    if re.fullmatch(r"[\s{}\d.,;:“”()]*", text):  # only puts others together
        return False
    return text.endswith((".", "?")) or (bool(re.search(r"\{\d\}$", text)) and len(re.findall(r"\w{2,}", text)) > 4)


def sentences() -> Iterator[str]:
    """All sentences in the code but for its own documentation."""
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).as_posix().startswith(ELSEWHERE):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        aside = {each.value for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        aside |= {part for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
        for node in ast.walk(tree):
            text = None if node in aside else template(node)
            if text is not None and is_sentence(text):
                yield text


def test_no_sentence_lacks_a_translation() -> None:
    translations, module = skyar("addon.translations"), skyar("addon.translations.told")
    wanted = set(sentences())
    assert len(wanted) > 500
    for language, texts in translations.languages().items():
        known = module.messages(language)
        assert sorted(wanted - set(known) - set(texts)) == [], language
        unused = set(known) - wanted
        assert sorted(unused) == ["then press Set Up Engine again."]  # which ends others
        for text, said in known.items():
            assert sorted(re.findall(r"\{\w*\}", said)) == sorted(re.findall(r"\{\w*\}", text)), text


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skyar("addon.translations.told"), "_language", lambda: "de")


def test_names_and_numbers_come_along(german: None) -> None:
    told = skyar("addon.translations.told").told
    assert told("There is not enough room in /disk/a b.") == "In /disk/a b ist nicht genug Platz."
    assert (
        told("A result of this size usually takes 86 MB, and 12 MB are free in /disk.")
        == "Ein Ergebnis dieser Größe braucht üblicherweise 86 MB, und in /disk sind 12 MB frei."
    )
    assert told("It is 20 x 30 pixels; the clip is 40 x 50.") == "Es hat 20 x 30 Pixel; der Clip hat 40 x 50."
    assert told("Nobody has written this. Check the path.") == "Nobody has written this. Prüfen Sie den Pfad."


def test_an_error_of_the_set_up_is_told_whole(german: None) -> None:
    """Sentences that are put together, one of them within another."""
    words, module = skyar("bridge.setup_words"), skyar("addon.translations.told")
    _, todo = words.advice("no space left on device")
    assert module.told(f"{todo} An engine that was set up before stays in use.") == (
        "Schaffen Sie Platz auf der Platte, dann drücken Sie noch einmal Rechenkern einrichten. "
        "Ein Rechenkern, der vorher eingerichtet war, bleibt in Gebrauch."
    )


def test_all_that_a_run_has_to_say(german: None) -> None:
    runner, events = skyar("addon.jobs.runner"), skyar("contract.events")
    run = runner.JobQueue(Path("python"), [])
    run.warnings = [events.Warning(code="no_sky", what="No sky was found in this clip.", why="", todo="")]
    run.notes = ["The movie is complete: /out/preview.mp4."]
    assert [message.text for message in run.messages] == [
        "In diesem Clip wurde kein Himmel gefunden.",
        "Der Film ist fertig: /out/preview.mp4.",
    ]


def test_english_stays_english() -> None:
    told: Any = skyar("addon.translations.told")
    assert not bpy.context.preferences.view.use_translate_interface or told._language() in ("en", "")
    assert told.told("Check the path.") == "Check the path."
