# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder My Skies: what can be chosen from it, and by which name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.shots import skyar


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    chosen = skyar("addon.preferences.preferences").preferences()
    before, chosen.skies_folder = chosen.skies_folder, str(tmp_path)
    yield tmp_path
    chosen.skies_folder = before


def put(folder: Path, *names: str) -> None:
    for name in names:
        image = bpy.data.images.new("own", 8, 4)
        image.filepath_raw, image.file_format = str(folder / "written.png"), "PNG"
        image.save()
        bpy.data.images.remove(image)
        (folder / "written.png").rename(folder / name)


def own(folder: Path) -> dict[str, str]:
    """File by name, of all that are not shipped."""
    choices: list[Any] = skyar("addon.skies.sky_choice").choices()
    return {each.name: Path(each.source).name for each in choices if str(folder) in each.source}


def test_images_and_movies_are_there_and_nothing_else(folder: Path) -> None:
    put(folder, "evening.png", "clouds.MP4", "notes.txt", ".hidden.png")
    assert own(folder) == {"evening": "evening.png", "clouds": "clouds.MP4"}


def test_names_that_clash_keep_their_endings(folder: Path) -> None:
    put(folder, "sunset.png", "evening.png", "evening.webp", "other.png")
    assert own(folder) == {each: each for each in ("sunset.png", "evening.png", "evening.webp")} | {
        "other": "other.png"
    }
    choose = skyar("addon.skies.sky_choice").choose
    assert choose("sunset", "").source == "sunset"
    assert choose("sunset.png", "").source == str(folder / "sunset.png")


def test_descriptions_give_titles_and_tags(folder: Path) -> None:
    put(folder, "evening.png", "odd.png")
    (folder / "evening.toml").write_text('title = "Over the Bay"\ntags = ["calm"]\nrain = true\n')
    (folder / "odd.toml").write_text("title = ")
    (folder / "harbour").mkdir()
    put(folder, "moved.png")
    (folder / "moved.png").rename(folder / "harbour" / "sky.png")
    (folder / "harbour" / "sky.toml").write_text('file = "sky.png"\ntags = ["ships"]\n')
    (folder / "sunset").mkdir()
    put(folder, "moved.png")
    (folder / "moved.png").rename(folder / "sunset" / "sky.png")
    (folder / "sunset" / "sky.toml").write_text('file = "sky.png"\n')
    found = {each.name: each for each in skyar("addon.skies.sky_choice").choices() if str(folder) in each.source}
    assert set(found) == {"evening", "odd", "harbour", "sunset/sky.png"}
    assert (found["evening"].title, found["evening"].tags) == ("Over the Bay", ("calm",))
    assert found["harbour"].matches("ships")
    assert found["odd"].title == "odd"


def test_a_folder_that_is_gone_is_as_good_as_none(folder: Path) -> None:
    skyar("addon.preferences.preferences").preferences().skies_folder = str(folder / "gone")
    assert own(folder) == {}
