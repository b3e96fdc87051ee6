# SPDX-License-Identifier: GPL-3.0-or-later
"""What was chosen last in the sidebar is what another file begins with."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import bpy
import pytest
from blender.shots import MODULE, new_scene, skyar


@pytest.fixture
def last() -> Iterator[Any]:
    yield skyar("addon.preferences.last_choices")
    bpy.context.preferences.addons[MODULE].preferences.last_choices = ""


def test_another_file_begins_with_it(last: Any) -> None:
    settings = new_scene().skyar
    settings.sky, settings.quality, settings.sky_rotation = "galaxy", "high", math.radians(30)
    settings.motion = "STATIC"
    last.remember(settings)
    other = new_scene().skyar
    assert other.sky == "sunset"  # headless nothing comes from elsewhere
    last.begin_with_last(other)
    assert (other.sky, other.quality) == ("galaxy", "high") and other.motion == "SOLVE"
    assert other.sky_rotation == pytest.approx(math.radians(30))


def test_what_was_chosen_in_a_file_stays(last: Any) -> None:
    settings = new_scene().skyar
    settings.sky = "galaxy"
    last.remember(settings)
    other = new_scene().skyar
    other.quality = "draft"
    last.begin_with_last(other)
    assert (other.sky, other.quality) == ("sunset", "draft")


@pytest.mark.parametrize("kept", ["", "{", json.dumps({"quality": "no such", "sky": "cloudy", "gone": 1})])
def test_what_no_longer_fits_is_left_out(last: Any, kept: str) -> None:
    bpy.context.preferences.addons[MODULE].preferences.last_choices = kept
    settings = new_scene().skyar
    last.begin_with_last(settings)
    assert settings.quality == "normal" and settings.sky == ("cloudy" if "cloudy" in kept else "sunset")
