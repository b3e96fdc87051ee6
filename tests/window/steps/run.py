# SPDX-License-Identifier: GPL-3.0-or-later
"""Run it. Esc ends no job; undo takes the result away, and redo brings it back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import bpy
import watching
from figures import figures, note_blocks
from hand import brightness, click, key, picture, skyar, until
from shot import clip, redone, result_strip, seen, strips, undone


def do() -> Iterator[float]:
    runner = skyar("addon.jobs.runner")
    begun = time.monotonic()
    watching.forget()
    click("sequencer.skyar_replace_sky", sky="sunset", quality="draft", ask=False)
    yield from until(lambda: runner.current is not None and runner.current.progress is not None, 240)
    key("ESC")
    yield 2.0
    assert runner.busy(), "Esc has ended the job"
    picture("run")
    yield from until(lambda: runner.current._worker is None, 900)
    note_blocks("during the run")
    yield from until(lambda: not runner.busy(), 120)
    yield 0.3
    note_blocks("at its end, before Blender draws")
    figures["seconds of the run"] = round(time.monotonic() - begun, 1)
    yield 5.0
    result = bpy.context.scene.sequence_editor.active_strip
    assert result.type == "SCENE" and result.scene_input == "SEQUENCER", "the movie is not shown"
    assert not clip().mute, "the footage was touched"
    if "draft" in seen:
        figures["mean level of the draft and of the result"] = [round(seen["draft"], 1), round(brightness(), 1)]
        assert abs(seen["draft"] - brightness()) < 15, "the draft is not as the result"
    picture("result")
    yield from undone(lambda: not strips("SCENE"))
    yield from redone(lambda: len(strips("SCENE")) == 1)
    yield 2.0
    assert result_strip().scene_input == "SEQUENCER", "redo has not brought the movie back"
