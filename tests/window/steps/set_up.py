# SPDX-License-Identifier: GPL-3.0-or-later
"""Set Up Engine, as the tab asks for it: a real environment from the real index, made by uv."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import bpy
import watching
from figures import figures, note_blocks
from hand import click, picture, skyar


def do() -> Iterator[float]:
    state, preferences = skyar("addon.preferences.engine_state"), skyar("addon.preferences.preferences")
    assert not preferences.engine_is_there(bpy.context), "there is an engine already"
    picture("welcome")
    bpy.context.preferences.system.use_online_access = True  # the button in the tab
    watching.forget()
    begun, pictured = time.monotonic(), False
    click("skyar.setup_engine")
    while state.busy() or state.report is None:
        assert state.error is None, state.error
        assert time.monotonic() < begun + 900, "the set-up takes too long"
        if state.progress is not None and state.progress.fetched and not pictured:
            picture("set_up")
            pictured = True
        yield 0.1
    note_blocks("during the set-up")
    figures["seconds of the set-up"] = round(time.monotonic() - begun)
    python = Path(preferences.engine_python(bpy.context))
    assert "skyar" in python.parts, python  # in the extension's own folder
    packages = python.parents[1] / "lib"
    assert not list(packages.glob("python*/site-packages/torch")), "torch was not wanted"
    assert list(packages.glob("python*/site-packages/onnxruntime"))
    picture("is_set_up")
    yield 1.0
