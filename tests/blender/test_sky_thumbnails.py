# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies as thumbnails: all are there, words find them, a click chooses one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.drawn import Layout, drawn, shown
from blender.shots import new_scene, skyar
from blender.test_panels import window

OPERATOR = "skyar.choose_sky"


@pytest.fixture
def settings() -> Any:
    return new_scene().skyar


def panel() -> Layout:
    found = skyar("addon.panels.skies").SEQUENCER_PT_skyar_skies
    assert shown(found)
    return drawn(found, window())


def icons(layout: Layout) -> list[int]:
    return [given["icon_value"] for name, given, _ in layout.all_calls() if name == "template_icon"]


def test_all_are_there_with_a_image(settings: Any) -> None:
    skies = skyar("common.sky_library").list_skies()
    layout = panel()
    assert [button.name for button in layout.operators(OPERATOR)] == [sky.name for sky in skies]
    assert len(icons(layout)) == len(skies)  # Blender draws none without a window
    known = skyar("addon.panels.thumbnails").ICONS.collection
    assert {str(sky.thumbnail) for sky in skies} <= set(known)
    before = {key: id(icon) for key, icon in known.items()}
    panel()
    assert {key: id(icon) for key, icon in known.items()} == before  # kept, not made again


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
