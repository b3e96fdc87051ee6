# SPDX-License-Identifier: GPL-3.0-or-later
"""The tab before the engine is set up: one sentence and what there is to press, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import bpy
import pytest
from blender.drawn import Layout, drawn, shown
from blender.shots import ENGINE_PYTHON, MODULE, new_scene, skyar


def preferences() -> Any:
    return bpy.context.preferences.addons[MODULE].preferences


def first() -> Any:
    return skyar("addon.panels.first").SEQUENCER_PT_skyar_first


def replace() -> Any:
    return skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_replace


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SKYAR_ENGINE_PYTHON")
    new_scene()
    yield
    preferences().engine_python = ""
    skyar("addon.preferences.engine_state").finish()


def panel() -> Layout:
    region = SimpleNamespace(width=340)
    return drawn(first(), SimpleNamespace(region=region, preferences=bpy.context.preferences))


def test_before_the_set_up(without_engine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(first()) and not shown(replace())
    assert not shown(skyar("addon.panels.marks").SEQUENCER_PT_skyar_marks)
    layout = panel()
    assert layout.properties() == ["use_online_access", "engine_python"]  # the tests are offline
    (text,) = [given["text"] for name, given, _ in layout.all_calls() if name == "operator"]
    assert text.startswith("Set Up Engine (about ")
    errors = skyar("contract.errors")
    state = skyar("addon.preferences.engine_state")
    state.finish(failed=errors.SkyarError(errors.ErrorCode.ENGINE_INCOMPLETE, "It failed.", "Why.", "Try."))
    assert "It failed." in panel().labels() and len(panel().operators("skyar.copy_text")) == 1


def test_a_python_that_is_there_is_enough(without_engine: None) -> None:
    preferences().engine_python = ENGINE_PYTHON
    assert not shown(first()) and shown(replace())
