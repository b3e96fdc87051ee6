# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors, warnings and notes in the user's language, the engine's too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.shots import skyar


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
    said = "Es hat 20 x 30 Pixel, und 40 x 50 sollten es sein."
    assert told("It is 20 x 30 pixels, and should be 40 x 50.") == said
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
