# SPDX-License-Identifier: GPL-3.0-or-later
"""Change Sky: a result gets another sky in its place, and what was found before is not found again."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import numpy as np
import pytest
from blender.drawn import drawn
from blender.shots import (
    HEIGHT,
    add_movie,
    group_inputs,
    new_scene,
    rendered,
    replaced,
    saved_shot,
    select,
    skyar,
    strips,
)
from blender.test_panels import window

replace_sky = bpy.ops.sequencer.skyar_replace_sky
change_sky = bpy.ops.sequencer.skyar_change_sky
TOP = slice(0, HEIGHT // 4)


@pytest.fixture(scope="module")
def skies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Two small panoramas of our own, orange and green above."""
    found, tmp_path = {}, tmp_path_factory.mktemp("skies")
    for name, colour in {"orange": (1.0, 0.6, 0.2), "green": (0.1, 0.7, 0.2)}.items():
        path = tmp_path / f"{name}.png"
        image = bpy.data.images.new(name, 64, 32)
        rows = np.linspace(0.2, 0.9, 32)[:, None, None] * np.array(colour)
        pixels = np.concatenate([rows * np.ones((32, 64, 1)), np.ones((32, 64, 1))], 2)
        image.pixels.foreach_set(pixels.astype(np.float32).ravel())
        image.filepath_raw, image.file_format = str(path), "PNG"
        image.save()
        found[name] = str(path)
    return found


@pytest.fixture
def shot(media: Path, tmp_path: Path, skies: dict[str, str]) -> Any:
    """A saved file with a movie strip of eight frames under the orange sky; its result is selected."""
    scene = saved_shot(media, tmp_path, 5, (2, 10))
    replaced(tmp_path, sky_file=skies["orange"], sky_rotation=math.radians(10), quality="draft")
    select(scene, result_of(scene))
    return scene


def result_of(scene: Any) -> Any:
    (found,) = [strip for strip in strips(scene) if strip.type == "SCENE"]
    return found


def report_of(result: Any) -> Any:
    return json.loads((folder_of(result) / "report.json").read_text())


def job_of(result: Any) -> Any:
    return json.loads((folder_of(result) / "job.json").read_text())


def folder_of(result: Any) -> Path:
    return Path(bpy.path.abspath(result.scene["skyar_folder"]))


def test_another_sky_in_the_same_result(shot: Any, skies: dict[str, str]) -> None:
    result = result_of(shot)
    before, first = rendered(shot, 9), folder_of(result)
    group_inputs(result)["Light Wrap"].default_value = 0.33
    assert change_sky(sky_file=skies["green"]) == {"FINISHED"}
    assert result_of(shot) == result
    assert folder_of(result) != first and first.is_dir()
    report, job = report_of(result), job_of(result)
    assert [report["stages"][name]["computed"] for name in ("matte", "track", "plate", "sky")] == [0, 0, 0, 8]
    assert report["figures"]["reused"] == first.name
    assert job["sky"]["source"] == skies["green"]
    assert job["sky"]["rotation"] == pytest.approx(10)  # not said, so it stays
    assert group_inputs(result)["Light Wrap"].default_value == pytest.approx(0.33)
    after = rendered(shot, 9)
    assert before[TOP, :, 0].mean() > before[TOP, :, 1].mean()
    assert after[TOP, :, 1].mean() > after[TOP, :, 0].mean() + 20
    # And back again: what is complete is used.
    assert change_sky(sky_file=skies["orange"]) == {"FINISHED"}
    assert folder_of(result) == first
    assert np.abs(rendered(shot, 9) - before).mean() < 3  # but for the light wrap


def test_a_movie_is_of_what_its_sky_and_sliders_are(shot: Any, skies: dict[str, str]) -> None:
    result, movie, bake = result_of(shot), skyar("addon.result.movie"), bpy.ops.sequencer.skyar_bake
    first = folder_of(result)
    group_inputs(result)["Sky Exposure"].default_value = -1.0
    assert bake() == {"FINISHED"} and not movie.is_stale(result.scene)
    assert change_sky(sky_file=skies["green"]) == {"FINISHED"}
    assert movie.is_stale(result.scene) and movie.changed_settings(result.scene) == []
    group_inputs(result)["Sky Exposure"].default_value = -2.0
    assert bake() == {"FINISHED"} and not movie.is_stale(result.scene)
    assert job_of(result)["settings"]["look"]["sky_exposure"] == -2.0
    # The first folder's movie is of another slider: it is no movie of this.
    assert change_sky(sky_file=skies["orange"]) == {"FINISHED"}
    assert folder_of(result) == first
    assert movie.changed_settings(result.scene) == ["Sky Exposure"]
    group_inputs(result)["Sky Exposure"].default_value = -1.0
    assert not movie.is_stale(result.scene)
    assert replace_sky(sky_file=skies["orange"], sky_rotation=math.radians(10), quality="draft") == {"FINISHED"}
    assert folder_of(result) == first and not movie.is_stale(result.scene)


def test_the_sky_is_placed_anew(shot: Any) -> None:
    result = result_of(shot)
    placed = {"sky_raised": math.radians(8), "sky_mirror": True, "sky_brightness": -1.0, "horizon": 0.4}
    assert change_sky(**placed, light="horizon") == {"FINISHED"}
    sky, settings = job_of(result)["sky"], job_of(result)["settings"]
    assert (sky["raised"], sky["mirror"], sky["exposure"]) == (pytest.approx(8), True, -1.0)
    assert settings["horizon"] == pytest.approx(0.4)
    assert settings["look"]["light"] == "horizon"
    assert change_sky(find_horizon=True) == {"FINISHED"}
    assert job_of(result)["settings"]["horizon"] is None
    assert job_of(result)["sky"]["mirror"]


def test_light_by_hand_is_the_users(shot: Any, skies: dict[str, str]) -> None:
    inputs = group_inputs(result_of(shot))
    inputs["Light Change"].default_value = -0.7
    inputs["Tint"].default_value = (1.3, 1.0, 0.6, 1.0)
    haze = tuple(inputs["Haze Colour"].default_value)
    assert change_sky(sky_file=skies["green"], light="manual") == {"FINISHED"}
    inputs = group_inputs(result_of(shot))
    assert inputs["Light Change"].default_value == pytest.approx(-0.7)
    assert tuple(inputs["Tint"].default_value) == pytest.approx((1.3, 1.0, 0.6, 1.0))
    assert tuple(inputs["Haze Colour"].default_value) != haze
    assert change_sky(light="sky") == {"FINISHED"}
    assert group_inputs(result_of(shot))["Light Change"].default_value != pytest.approx(-0.7)


def test_the_dialog_knows_what_there_is(shot: Any, skies: dict[str, str]) -> None:
    """What `invoke` puts into the dialog; without a window it cannot be shown."""
    operator = skyar("addon.operators.change_sky").SEQUENCER_OT_skyar_change_sky
    dialog = SimpleNamespace(properties=SimpleNamespace(is_property_set=lambda name: name == "wind"))
    operator.prefill(dialog, bpy.context)
    given = vars(dialog)
    assert given["sky_file"] == skies["orange"] and given["sky"] == ""
    assert given["sky_rotation"] == pytest.approx(math.radians(10))
    assert given["find_horizon"] and "wind" not in given


def test_a_strip_that_was_trimmed_is_refused(shot: Any) -> None:
    movie = next(strip for strip in strips(shot) if strip.type == "MOVIE")
    movie.frame_final_end -= 2
    with pytest.raises(RuntimeError, match="shows other frames"):
        change_sky(sky_rotation=1.0)


def test_a_folder_that_is_gone_is_told(shot: Any) -> None:
    shutil.rmtree(folder_of(result_of(shot)))
    with pytest.raises(RuntimeError, match="cannot be used"):
        change_sky(sky_rotation=1.0)


def test_without_a_result_there_is_nothing_to_change(media: Path) -> None:
    scene = new_scene()
    select(scene, add_movie(scene, media / "landscape.mkv"))
    with pytest.raises(RuntimeError, match="poll"):
        change_sky(sky="sunset")


def test_values_out_of_range_are_told(shot: Any) -> None:
    with pytest.raises(RuntimeError, match="There is no sky called “pink elephants”"):
        change_sky(sky="pink elephants")
    assert folder_of(result_of(shot)).name == "landscape_orange"


def test_rain_and_reflections_come_and_go(shot: Any) -> None:
    result = result_of(shot)
    dry = rendered(shot, 9)
    group_inputs(result)["Mix"].default_value = 0.9
    assert change_sky(rain=0.6, reflections=0.4) == {"FINISHED"}
    inputs, tree = group_inputs(result), skyar("addon.compat").compositor_tree(result.scene)
    assert [inputs[name].default_value for name in ("Rain", "Reflections", "Mix")] == pytest.approx([0.6, 0.4, 0.9])
    linked = {socket.name for socket in inputs if socket.is_linked}
    assert linked >= {"Footage", "Matte", "Sky", "Rain Streaks", "Mirror", "Mirror Share"}
    assert np.abs(rendered(shot, 9) - dry).mean() > 0.5
    inputs["Rain"].default_value = 0.2
    assert change_sky(sky_rotation=0.5) == {"FINISHED"}  # not said, so it rains on, and as was set
    assert group_inputs(result)["Rain"].default_value == pytest.approx(0.2)
    assert change_sky(sky_rotation=math.radians(10), rain=0.0, reflections=0.0) == {"FINISHED"}
    inputs = group_inputs(result)
    assert "Rain" not in inputs and "Reflections" not in inputs
    assert not {"Rain Streaks", "Mirror"} & {node.name for node in tree.nodes}
    inputs["Mix"].default_value = 1.0
    assert np.abs(rendered(shot, 9) - dry).max() < 1
    assert change_sky(rain=0.3) == {"FINISHED"}
    assert group_inputs(result)["Rain Streaks"].is_linked
    assert group_inputs(result)["Rain"].default_value == pytest.approx(0.3)


def test_a_rainy_sky_brings_its_rain_unless_something_else_is_said(media: Path, tmp_path: Path) -> None:
    scene = saved_shot(media, tmp_path, 5, (2, 4))
    known: dict[str, Any] = {"quality": "draft", "matte_method": "adaptive", "motion": "STATIC"}
    assert replace_sky(sky="rainy", **known) == {"FINISHED"}
    assert job_of(result_of(scene))["settings"]["look"]["rain"] == pytest.approx(0.6)
    assert group_inputs(result_of(scene))["Rain"].default_value == pytest.approx(0.6)
    select(scene, result_of(scene))
    assert change_sky(sky="jupiter") == {"FINISHED"}
    assert job_of(result_of(scene))["settings"]["look"]["rain"] == 0
    assert change_sky(sky="rainy", rain=0.0) == {"FINISHED"}
    assert job_of(result_of(scene))["settings"]["look"]["rain"] == 0


def test_replace_sky_with_another_sky_finds_nothing_again(shot: Any, skies: dict[str, str]) -> None:
    result = result_of(shot)
    first = folder_of(result)
    select(shot, strips(shot)["Clip"])
    assert replace_sky(sky_file=skies["green"], quality="draft") == {"FINISHED"}
    assert result_of(shot) == result and folder_of(result) != first
    report = report_of(result)
    assert [report["stages"][name]["computed"] for name in ("matte", "track", "plate", "sky")] == [0, 0, 0, 8]
    assert report["figures"]["reused"] == first.name and not (folder_of(result) / "preview.mp4").exists()
    # Mattes of another kind are found anew, from nothing that was there.
    plan, chosen = skyar("addon.jobs.replace_sky").plan, skyar("addon.jobs.replace_sky").Chosen
    other = {"quality": "normal"}
    (planned,) = plan(shot, [strips(shot)["Clip"]], chosen(sky_file=skies["orange"], options=other))
    assert planned.job.reuse is None and planned.job.settings.previews
    same = {"quality": "draft", "sky_rotation": 20.0, "previews": True}
    (planned,) = plan(shot, [strips(shot)["Clip"]], chosen(sky_file=skies["green"], options=same))
    assert planned.job.reuse == str(folder_of(result)) and planned.job.until == "preview"


def test_a_thumbnail_switches_the_sky_of_the_selected_result(
    shot: Any, skies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    module = skyar("addon.operators.choose_sky")
    called = SimpleNamespace(skyar_change_sky=lambda how, **given: asked.append(given))
    monkeypatch.setattr(module, "own_ops", SimpleNamespace(sequencer=called))

    def click(name: str) -> None:
        operator = SimpleNamespace(name=name)
        operator.execute = module.SKYAR_OT_choose_sky.execute.__get__(operator)
        assert module.SKYAR_OT_choose_sky.invoke(operator, bpy.context, None) == {"FINISHED"}
        assert shot.skyar.sky == name

    click("galaxy")
    assert asked == [{"sky": "galaxy", "ask": False}]
    select(shot, strips(shot)["Clip"])
    click("sunset")
    assert len(asked) == 1  # the footage is selected: it is only chosen
    result = result_of(shot)
    select(shot, result)
    result.scene["skyar_sky"] = "cloudy"
    layout = drawn(skyar("addon.panels.skies").SEQUENCER_PT_skyar_skies, window())
    pressed = [
        made.name
        for call, given, made in layout.all_calls()
        if call == "operator" and given["operator"] == "skyar.choose_sky" and given["depress"]
    ]
    assert pressed == ["cloudy"]


def test_a_draft_of_a_shot_that_has_a_result_takes_what_that_knows(shot: Any) -> None:
    subject_of, chosen = skyar("addon.draft.subject").subject_of, skyar("addon.draft.chosen").chosen_in
    shot.frame_set(9)
    shot.skyar.quality = "draft"
    choice = skyar("addon.skies.sky_choice").choose("galaxy", "")
    subject = subject_of(shot, chosen(shot))
    folder = folder_of(result_of(shot))
    assert subject.job(choice, chosen(shot).options, folder.parent / "draft").reuse == str(folder)
    shot.skyar.quality = "high"  # another matte
    assert subject.job(choice, chosen(shot).options, folder.parent / "draft").reuse is None
