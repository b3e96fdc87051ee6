# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies as thumbnails: all are there, words find them, a click chooses one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.drawn import Layout, drawn, shown
from blender.shots import new_scene, skyar
from blender.test_panels import window

OPERATOR = "skyar.choose_sky"


@pytest.fixture
def settings() -> Iterator[Any]:
    yield new_scene().skyar
    chosen = skyar("addon.preferences.preferences").preferences()
    chosen.favourite_skies = chosen.skies_folder = ""


def names(layout: Layout) -> list[str]:
    return [button.name for button in layout.operators(OPERATOR)]


def panel() -> Layout:
    found = skyar("addon.panels.skies").SEQUENCER_PT_skyar_skies
    assert shown(found)
    return drawn(found, window())


def icons(layout: Layout) -> list[int]:
    return [given["icon_value"] for name, given, _ in layout.all_calls() if name == "template_icon"]


def test_all_are_there_with_a_image(settings: Any) -> None:
    skies = skyar("common.sky_library").list_skies()
    settings.all_skies = True
    layout = panel()
    assert [button.name for button in layout.operators(OPERATOR)] == [sky.name for sky in skies]
    assert len(icons(layout)) == len(skies)  # Blender draws none without a window
    known = skyar("addon.panels.thumbnails").ICONS.collection
    assert {str(sky.thumbnail) for sky in skies} <= set(known)
    before = {key: id(icon) for key, icon in known.items()}
    panel()
    assert {key: id(icon) for key, icon in known.items()} == before  # kept, not made again


def test_the_first_ones_and_the_chosen_one_are_seen_until_all_are_wanted(settings: Any) -> None:
    skies = [sky.name for sky in skyar("common.sky_library").list_skies()]
    settings.sky = skies[0]
    assert names(panel()) == skies[:8] and "all_skies" in panel().properties()
    settings.sky = skies[-1]
    assert names(panel()) == [*skies[:7], skies[-1]]
    pressed = [
        given["depress"]
        for name, given, _ in panel().all_calls()
        if (name, given.get("operator")) == ("operator", OPERATOR)
    ]
    assert pressed == [False] * 7 + [True]
    settings.sky_search = "sunset"
    assert "all_skies" not in panel().properties()


def test_favourites_come_first_in_every_file(settings: Any) -> None:
    settings.only_favourites = True
    assert any("star" in text for text in panel().labels())
    assert bpy.ops.skyar.favourite_sky(source="rainy") == {"FINISHED"}
    assert names(panel()) == ["rainy"]
    settings = new_scene().skyar
    assert names(panel())[0] == "rainy" and len(names(panel())) == 8
    assert bpy.ops.skyar.favourite_sky(source="rainy") == {"FINISHED"}
    assert names(panel())[0] != "rainy"
    skyar("addon.preferences.preferences").preferences().favourite_skies = "{damaged"
    assert len(names(panel())) == 8


def test_add_your_own(settings: Any, tmp_path: Path) -> None:
    preferences = skyar("addon.preferences.preferences").preferences()
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bay.png").write_bytes(folder.encode())
    (tmp_path / "here" / "bay.toml").write_text('title = "Over the Bay"\n')

    def add(*files: str, folder: str = "here") -> set[str]:
        return bpy.ops.skyar.add_own_sky(directory=str(tmp_path / folder), files=[{"name": name} for name in files])

    # A folder is made where there is none yet.
    assert add("bay.png") == {"FINISHED"} and settings.sky == "bay"
    folder = Path(preferences.skies_folder)
    assert (folder / "bay.png").read_bytes() == b"here" and folder.name == "skies"
    assert any("Over the Bay" in str(given) for _, given, _ in panel().all_calls())
    assert add("bay.png") == {"FINISHED"} and len(list(folder.glob("*.png"))) == 1
    assert add("bay.png", folder="there") == {"FINISHED"} and settings.sky == "bay-2"
    assert (folder / "bay-2.png").read_bytes() == b"there" and (folder / "bay.png").read_bytes() == b"here"
    for wrong, message in (("bay.toml", "no picture and no movie"), ("gone.png", "no such file")):
        with pytest.raises(RuntimeError, match=message):
            add("bay.png", wrong)
    with pytest.raises(RuntimeError, match="No file was chosen"):
        add()
    # Of a folder that cannot be written to it is told.
    preferences.skies_folder = str(tmp_path / "here" / "bay.png")
    with pytest.raises(RuntimeError, match="could not be copied"):
        add("bay.png", folder="there")


def test_words_find_skies_by_name_title_and_tag(settings: Any) -> None:
    settings.sky_search = "GREY over"
    assert {button.name for button in panel().operators(OPERATOR)} == {"cloudy", "rainy"}
    settings.sky_search = "no such sky"
    assert not panel().operators(OPERATOR)
    assert "No sky has such a name or tag." in panel().labels()


def test_a_click_chooses(settings: Any) -> None:
    settings.sky_file = "//picture.png"
    assert bpy.ops.skyar.choose_sky(name="cloudy") == {"FINISHED"}
    assert (settings.sky, settings.sky_file) == ("cloudy", "")


def test_a_sky_whose_image_is_gone_has_none(tmp_path: Path) -> None:
    choice = skyar("addon.skies.sky_choice").Choice("gone", "Gone", "gone", tmp_path / "gone.png")
    assert skyar("addon.panels.thumbnails").icon_of(choice) == 0
