# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator with the real worker: from strip to rendered result, and what it says when that cannot be."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import (
    HEIGHT,
    add_images,
    add_movie,
    add_movie_at_its_rate,
    group_inputs,
    make_media,
    movie_order,
    new_scene,
    rendered,
    saved_shot,
    select,
    skyar,
    strips,
)

replace_sky = bpy.ops.sequencer.skyar_replace_sky


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A saved file with one movie strip of eight frames."""
    return saved_shot(media, tmp_path, 5, (2, 10))


def results(scene: Any) -> list[Any]:
    return [strip for strip in strips(scene) if strip.type == "SCENE"]


@pytest.mark.usefixtures("true_engine")
def test_from_strip_to_image(shot: Any, sky: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rendered(shot, 9)
    assert replace_sky(sky_file=sky, quality="draft") == {"FINISHED"}
    (result,) = results(shot)
    output = tmp_path / "skyar" / "landscape_sky"
    assert len(list((output / "matte").iterdir())) == len(list((output / "sky").iterdir())) == 8
    assert result.scene["skyar_folder"] == "//skyar/landscape_sky"

    after = rendered(shot, 9)
    # The sky above turns from blue to orange, the ground stays within what recolouring does.
    top, bottom = slice(0, HEIGHT // 4), slice(-HEIGHT // 4, None)
    assert before[top, :, 2].mean() > before[top, :, 0].mean()
    assert after[top, :, 0].mean() > after[top, :, 2].mean() + 20
    assert np.corrcoef(before[bottom].mean(2).ravel(), after[bottom].mean(2).ravel())[0, 1] > 0.9

    group_inputs(result)["Mix"].default_value = 0.0
    assert np.abs(rendered(shot, 9) - before).max() <= 1.001

    # An image that is cut off before the result is shown is made again.
    runner = skyar("addon.jobs.runner")
    image, compare, found = output / "sky" / "000003.exr", runner.misfits, []
    whole = image.read_bytes()

    def cut_off_first(folder: Any) -> list[str]:
        if not found:
            image.write_bytes(whole[:99])
        found.append(compare(folder))
        return found[-1]

    monkeypatch.setattr(runner, "misfits", cut_off_first)
    assert replace_sky(sky_file=sky, quality="draft") == {"FINISHED"}
    assert found == [["sky/000003.exr"], []] and image.read_bytes() == whole
    assert any("made again: sky/000003.exr" in note for note in runner.current.notes)
    assert results(shot) == [result]
    assert [path.name for path in (tmp_path / "skyar").iterdir()] == ["landscape_sky"]


def test_blender_and_the_preview_agree(shot: Any, sky: str, tmp_path: Path) -> None:
    """What Blender composites is what the engine put into ``preview.mp4``, but for the video's compression."""
    assert replace_sky(sky_file=sky, quality="draft", output="//out") == {"FINISHED"}
    (result,) = results(shot)
    left = result.frame_final_start
    ours = [rendered(shot, left + index) for index in (0, 4, 7)]
    preview = add_movie(shot, tmp_path / "out" / "preview.mp4", start=left, channel=9, name="Preview")
    theirs = [rendered(shot, left + index) for index in (0, 4, 7)]
    assert preview.frame_final_duration == 8
    for one, other in zip(ours, theirs, strict=True):
        assert np.abs(one - other).mean() < 6


def test_several_strips_and_a_reversed_one(media: Path, sky: str, tmp_path: Path) -> None:
    scene = new_scene()
    names = [f"shot_{number:04d}.png" for number in range(7, 12)]
    images = add_images(scene, media / "pictures", names, start=40)
    movie = add_movie(scene, media / "landscape.mkv", start=1)
    movie.frame_offset_end = 7
    movie.use_reverse_frames = True
    images.select = movie.select = True
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    assert replace_sky(sky_file=sky, quality="draft") == {"FINISHED"}
    assert sorted((result.frame_final_start, result.frame_final_duration) for result in results(scene)) == [
        (1, 5),
        (40, 5),
    ]
    assert len(list((tmp_path / "skyar").iterdir())) == 2


def test_unsaved_file_keeps_its_result(media: Path, sky: str) -> None:
    scene = new_scene()
    add_movie(scene, media / "landscape.mkv").frame_offset_end = 8
    assert replace_sky(sky_file=sky, quality="draft") == {"FINISHED"}
    folder = Path(bpy.path.abspath(results(scene)[0].scene["skyar_folder"]))
    user = Path(bpy.utils.extension_path_user("bl_ext.user_default.skyar", path="unsaved"))
    assert folder.parent.parent == user or user in folder.parents
    assert (folder / "report.json").is_file()


def test_cancelled_then_run_again(shot: Any, sky: str, tmp_path: Path) -> None:
    when_at_work(lambda run: run.cancel())
    assert replace_sky(sky_file=sky, quality="draft") == {"CANCELLED"}
    assert not results(shot)
    assert not skyar("addon.jobs.runner").busy()
    assert replace_sky(sky_file=sky, quality="draft") == {"FINISHED"}
    assert len(results(shot)) == 1


@pytest.mark.usefixtures("true_engine")
def test_killed_worker_is_told(shot: Any, sky: str) -> None:
    when_at_work(lambda run: os.kill(run._worker.pid, signal.SIGKILL))
    started = time.monotonic()
    with pytest.raises(RuntimeError, match="worker ended before the job was done"):
        replace_sky(sky_file=sky, quality="draft")
    assert time.monotonic() - started < 30
    assert not results(shot)
    assert not skyar("addon.jobs.runner").busy()


def when_at_work(act: Any) -> None:
    """Call ``act(run)`` from another thread as soon as the next run's worker has begun."""
    runner = skyar("addon.jobs.runner")
    latest = runner.current

    def watch() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            run = runner.current
            if run is not latest and run is not None and run._worker is not None and run._worker.pid:
                act(run)
                return
            time.sleep(0.005)

    threading.Thread(target=watch, daemon=True).start()


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"sky": "pink elephants"}, "There is no sky called “pink elephants”.*sunset"),
        ({"sky_file": "//missing.exr"}, "There is no sky at .*missing.exr"),
        ({"sky": "sunset", "output": "/proc/nowhere"}, "/proc/nowhere"),
        ({"sky": "sunset", "focal_length": 1.0}, "must lie between 4 and 2000"),
    ],
)
def test_choices_that_cannot_be(shot: Any, choices: dict[str, Any], words: str) -> None:
    with pytest.raises(RuntimeError, match=words):
        replace_sky(**choices)
    assert not results(shot)


def test_no_strip() -> None:
    scene = new_scene()
    with pytest.raises(RuntimeError, match="no movie or image strip"):
        replace_sky(sky="sunset")
    strips(scene).new_effect("Colour", "COLOR", 1, 1, **length(20))
    with pytest.raises(RuntimeError, match="no movie or image strip"):
        replace_sky(sky="sunset")


def test_several_strips_of_which_none_is_selected(media: Path) -> None:
    scene = new_scene()
    add_movie(scene, media / "landscape.mkv", channel=1)
    strip = add_movie(scene, media / "landscape.mkv", channel=2, name="Other")
    strip.select = False
    scene.sequence_editor.active_strip = None
    with pytest.raises(RuntimeError, match="No movie or image strip is selected"):
        replace_sky(sky="sunset")


def test_a_selected_title_is_no_other_strip(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    title = strips(scene).new_effect("Title", "COLOR", 2, 1, **length(20))
    strip.select, title.select = False, True
    scene.sequence_editor.active_strip = strip
    with pytest.raises(RuntimeError, match="No movie or image strip is selected"):
        replace_sky(sky="sunset")


@pytest.mark.parametrize("names", [("frame_offset_start",), ("animation_offset_start", "animation_offset_end")])
def test_a_strip_without_frames(media: Path, names: tuple[str, ...]) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    for name in names:
        setattr(strip, name, strip.frame_duration)
    with pytest.raises(RuntimeError, match="shows no frame"):
        replace_sky(sky="sunset")


def test_the_only_strip_need_not_be_selected(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    strip.select = False
    scene.sequence_editor.active_strip = None
    assert skyar("addon.jobs.chosen_strips").chosen_strips(scene) == [strip]


def test_file_that_is_gone(media: Path, tmp_path: Path) -> None:
    scene = new_scene()
    path = tmp_path / "clip.mkv"
    path.write_bytes((media / "landscape.mkv").read_bytes())
    add_movie(scene, path)
    path.unlink()
    with pytest.raises(RuntimeError, match=r"not there.*clip\.mkv"):
        replace_sky(sky="sunset")


def test_file_that_is_no_movie(media: Path, tmp_path: Path) -> None:
    scene = new_scene()
    path = tmp_path / "clip.mkv"
    path.write_bytes((media / "landscape.mkv").read_bytes())
    add_movie(scene, path)
    path.write_text("not a movie\n" * 100)
    with pytest.raises(RuntimeError, match=r"cannot read.*clip\.mkv"):
        replace_sky(sky="sunset")


def test_one_folder_for_two_strips(media: Path, tmp_path: Path) -> None:
    scene = new_scene()
    first = add_movie(scene, media / "landscape.mkv", channel=1)
    second = add_movie(scene, media / "landscape.mkv", channel=2, start=30, name="Other")
    first.select = second.select = True
    with pytest.raises(RuntimeError, match="2 strips cannot share"):
        replace_sky(sky="sunset", output=str(tmp_path / "out"))


def test_folder_of_another_job(shot: Any, sky: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("keep me")
    with pytest.raises(RuntimeError, match=r"letter\.txt"):
        replace_sky(sky_file=sky, output="//out")
    assert (tmp_path / "out" / "letter.txt").read_text() == "keep me"


def test_engine_that_is_not_there(shot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKYAR_ENGINE_PYTHON", "/nowhere/python")
    with pytest.raises(RuntimeError, match="There is no Python at /nowhere/python"):
        replace_sky(sky="sunset")


def test_names_with_spaces_quotes_and_umlauts(tmp_path: Path, sky: str) -> None:
    folder = tmp_path / "Fünf 'quotes' & \"空\""
    make_media(movie_order(folder / 'mein "Clip" №1.mkv', frames=4))
    scene = new_scene()
    strip = add_movie(scene, folder / 'mein "Clip" №1.mkv', name='Strip "№" [1]')
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "shot ä.blend"))
    before = rendered(scene, 2)
    assert replace_sky(sky_file=sky, quality="draft") == {"FINISHED"}
    (result,) = results(scene)
    group_inputs(result)["Mix"].default_value = 0.0
    strip.mute = True
    assert np.abs(rendered(scene, 2) - before).max() <= 1.001


def test_movie_at_another_rate(media: Path, sky: str, tmp_path: Path) -> None:
    make_media(movie_order(tmp_path / "fast.mkv", frames=10, rate="30"))
    scene = new_scene()
    strip = add_movie_at_its_rate(scene, tmp_path / "fast.mkv")
    select(scene, strip)
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    before = [rendered(scene, frame) for frame in range(1, 9)]
    assert replace_sky(sky_file=sky, quality="draft") == {"FINISHED"}
    (result,) = results(scene)
    assert result.frame_final_duration == 8
    group_inputs(result)["Mix"].default_value = 0.0
    strip.mute = True
    for frame, image in enumerate(before, start=1):
        assert np.abs(rendered(scene, frame) - image).max() <= 1.001


def length(frames: int) -> dict[str, int]:
    return {"length": frames} if bpy.app.version >= (5, 0, 0) else {"frame_end": 1 + frames}
