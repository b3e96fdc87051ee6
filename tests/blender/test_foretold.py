# SPDX-License-Identifier: GPL-3.0-or-later
"""Before a run: how long it takes, how much it writes, and what room there is, in the tab and in the dialog."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.drawn import drawn
from blender.shots import add_movie, new_scene, select, show_result, skyar
from blender.test_panels import window


@pytest.fixture
def strip(media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SKYAR_SPEEDS", str(tmp_path / "speeds.json"))
    scene = new_scene()
    return select(scene, add_movie(scene, media / "big.mkv", start=1)) or scene.sequence_editor.active_strip


def foretell(**options: Any) -> Any:
    module = skyar("addon.jobs.foretold")
    module._latest = None
    return module.foretell(bpy.context.scene, "sunset", options)


def job(**options: Any) -> Any:
    motion = skyar("addon.motion.given").MotionFile()
    clip = skyar("addon.jobs.foretold")._ANY_CLIP
    return skyar("addon.jobs.replace_sky").job_of(clip, "sunset", motion, options)


def test_told_beside_the_button_and_in_the_dialog(strip: Any) -> None:
    found = foretell()
    assert found.seconds > 1 and found.takes > 0 and found.fits
    replace_sky = skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_replace
    assert found.text in drawn(replace_sky, window()).labels()
    rna = bpy.ops.sequencer.skyar_replace_sky.get_rna_type()
    values = {name: getattr(each, "default", None) for name, each in rna.properties.items() if name != "rna_type"}
    dialog = drawn(skyar("addon.operators.replace_sky").SEQUENCER_OT_skyar_replace_sky, **values, bl_rna=rna)
    assert any(text.startswith("About ") for text in dialog.labels())
    assert found.text.startswith("About ") and found.text.endswith(" GB free")


def test_more_frames_take_more_and_a_draft_less(strip: Any) -> None:
    normal, draft = foretell(), foretell(quality="draft")
    assert draft.seconds < normal.seconds
    strip.frame_final_duration = strip.frame_final_duration // 2
    half = foretell()
    assert half.seconds < normal.seconds and half.takes == pytest.approx(normal.takes / 2, rel=0.01)


def test_what_the_computer_has_shown_counts(strip: Any) -> None:
    speeds = skyar("common.speeds")
    work = speeds.work_of(job(), (1920, 1080), 60)
    before = foretell()
    run = speeds.EarlierRun(work, {phase: 3 * seconds for phase, seconds in work.ordinary().items()})
    speeds.add_speed(skyar("addon.preferences.fetching").speeds_path(), run)
    assert foretell().seconds > 1.2 * before.seconds


def test_a_full_disk_stands_out(strip: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    free = shutil.disk_usage(bpy.app.tempdir)._replace(free=1000)
    monkeypatch.setattr(skyar("addon.jobs.foretold").shutil, "disk_usage", lambda _: free)
    assert not foretell().fits
    replace_sky = skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_replace
    (row,) = [given for name, given, _ in drawn(replace_sky, window()).all_calls() if given.get("icon") == "ERROR"]
    assert "0 MB free" in row["text"]


def test_another_sky_takes_less(strip: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mattes and motion of the strip's result are taken, where they are of the same quality."""
    before = foretell()
    show_result(bpy.context.scene, strip)
    select(bpy.context.scene, strip)
    folder = skyar("addon.result.link").folder_of(
        skyar("addon.result.link").result_of(bpy.context.scene, strip).scene
    )
    for path in (folder.job, folder.record):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    monkeypatch.setattr(skyar("addon.jobs.foretold"), "stored_data", lambda _: job().to_dict())
    assert foretell().seconds < before.seconds
    os.utime(folder.record, (1, 1))
    monkeypatch.setattr(skyar("addon.jobs.foretold"), "stored_data", lambda _: job(quality="high").to_dict())
    assert foretell().seconds == before.seconds


def test_change_sky_and_try_skies_tell_it_too(strip: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, module = bpy.context.scene, skyar("addon.jobs.foretold")

    def tried(*skies: str) -> Any:
        module._latest = None
        return module.foretell_trial(scene, skies, {"previews": True})

    one, two, three = tried("sunset"), tried("sunset", "sunny"), tried("sunset", "sunny", "sunset")
    assert one.seconds < two.seconds < three.seconds < 2 * one.seconds  # mattes are found once
    assert three.takes - two.takes > two.takes - one.takes > 0  # a clear sky takes less room
    operator = skyar("addon.operators.try_skies").SEQUENCER_OT_skyar_try_skies
    rna = bpy.ops.sequencer.skyar_try_skies.get_rna_type()
    values = {name: getattr(each, "default", None) for name, each in rna.properties.items() if name != "rna_type"}

    def told(**given: Any) -> list[str]:
        layout = drawn(operator, **{**values, **given}, bl_rna=rna)
        return [text for text in layout.labels() if text.startswith("About ")]

    picked = [False] * len(values["picked"]) if hasattr(values["picked"], "__len__") else []
    assert told(picked=picked, skies="sunset") == [] and len(told(picked=picked, skies="sunset, sunny")) == 1

    shown = show_result(scene, strip)
    select(scene, shown)
    monkeypatch.setattr(module, "job_of_result", lambda _: job())
    monkeypatch.setattr(skyar("addon.jobs.change_sky"), "job_of_result", lambda _: job())
    module._latest = None
    changed = module.foretell_change(scene, "sunny", {})
    assert 0 < changed.seconds < one.seconds and changed.takes < one.takes
    module._latest = None
    assert module.foretell_change(scene, "sunset", {}).takes > changed.takes
    module._latest = None
    assert module.foretell_change(scene, "sunny", {"previews": True}).seconds > changed.seconds
    rna = bpy.ops.sequencer.skyar_change_sky.get_rna_type()
    values = {name: getattr(each, "default", None) for name, each in rna.properties.items() if name != "rna_type"}
    dialog = drawn(skyar("addon.operators.change_sky").SEQUENCER_OT_skyar_change_sky, **values, bl_rna=rna)
    assert any(text.startswith("About ") for text in dialog.labels())


def test_nothing_is_told_where_nothing_is_chosen() -> None:
    new_scene()
    assert foretell() is None


def test_words_for_a_time(strip: Any) -> None:
    duration = skyar("addon.translations.say").duration
    assert [duration(each) for each in (3, 42, 58, 130, 7200)] == [
        "5 seconds",
        "40 seconds",
        "a minute",
        "2 minutes",
        "2.0 hours",
    ]
