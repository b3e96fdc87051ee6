# SPDX-License-Identifier: GPL-3.0-or-later
"""Change it: the nodes show at once, and a movie of them follows; so it does when a thumbnail gives another sky."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import watching
from figures import figures, note_blocks
from hand import brightness, click, picture, skyar, until
from shot import result_strip, undone


def do() -> Iterator[float]:
    result, before = result_strip(), brightness()
    plain = movie_of(result)
    watching.forget()
    exposure().default_value = -2.0
    yield from until(lambda: abs(brightness() - before) > 2, 120)
    assert result.scene_input == "CAMERA", "the movie shows what is no more"
    note_blocks("when a slider changes")
    picture("changed")
    yield from follows("until the movie follows a slider by itself")
    picture("baked")
    exposure().default_value = 0.0
    yield 1.0
    assert result_strip().scene_input == "CAMERA"
    yield from follows("until it follows back to what it was")
    assert movie_of(result_strip()) == plain, "a movie that there was is another now"
    exposure().default_value = -2.0
    yield 1.0
    yield from follows("until it follows to the slider once more")

    click("skyar.choose_sky", name="thunderstorm")
    yield 1.0
    yield from until(lambda: not skyar("addon.jobs.runner").busy(), 600)
    assert result_strip().scene["skyar_sky"].find("thunderstorm") >= 0
    picture("other_sky")
    yield from follows("until another sky has its movie")
    assert "thunderstorm" in folder_of_movie(result_strip()), "the movie is the old sky's"
    picture("movie_of_the_other_sky")
    note_blocks("when the sky changes")
    yield from undone(lambda: result_strip().scene["skyar_sky"].find("sunset") >= 0)
    yield from follows("until undo has the first sky's movie")
    assert "sunset" in folder_of_movie(result_strip()), "undo has left the other sky's movie"
    click("skyar.choose_sky", name="thunderstorm")
    yield 1.0
    yield from until(lambda: not skyar("addon.jobs.runner").busy(), 600)
    yield from follows("until the other sky is there again")


def exposure() -> Any:
    return skyar("addon.nodes.tree").group_node(result_strip().scene).inputs["Sky Exposure"]


def follows(what: str) -> Iterator[float]:
    """Wait until the movie shows; it is of what the nodes are set to."""
    begun = time.monotonic()
    yield from until(lambda: result_strip().scene_input == "SEQUENCER", 600)
    assert not skyar("addon.result.movie").is_stale(result_strip().scene)
    figures[f"seconds {what}"] = round(time.monotonic() - begun, 1)
    yield 1.0


def movie_of(result: Any) -> bytes:
    return bytes(skyar("addon.result.link").folder_of(result.scene).preview.read_bytes())


def folder_of_movie(result: Any) -> str:
    return str(skyar("addon.result.movie").movie_of(result.scene).filepath)
