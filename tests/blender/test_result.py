# SPDX-License-Identifier: GPL-3.0-or-later
"""The result as a part of the .blend: where it is, what a second run does to it, undo, saving, copying."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import (
    add_images,
    add_movie,
    group_inputs,
    new_effect,
    new_scene,
    plan,
    rendered,
    select,
    show_result,
    skyar,
    strips,
)


def scene_strips(scene: Any) -> list[Any]:
    return [strip for strip in strips(scene) if strip.type == "SCENE"]


def image_of(result: Any, name: str) -> Any:
    return skyar("addon.nodes.tree").image_in_tree(result.scene, name)


def test_lies_above_for_the_same_frames(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=20)
    strip.frame_offset_start, strip.frame_offset_end = 2, 3
    add_movie(scene, media / "landscape.mkv", start=27, channel=2, name="In the way")
    add_movie(scene, media / "landscape.mkv", start=60, channel=3, name="Elsewhere")
    result = show_result(scene, strip)
    assert (result.channel, result.frame_final_start, result.frame_final_end) == (3, 22, 29)
    assert result.scene.camera is None
    assert (result.scene.render.resolution_x, result.scene.render.resolution_y) == (96, 54)
    assert not strip.mute
    assert strip.filepath == str(media / "landscape.mkv")


def test_original_that_would_show_through_is_hidden(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    strip.blend_type, strip.blend_alpha = "ALPHA_OVER", 0.5
    show_result(scene, strip)
    assert strip.mute


def test_stays_in_step_when_moved(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=3)
    result = show_result(scene, strip)
    strip.mute = True
    before = [rendered(scene, frame) for frame in (3, 8, 14)]
    result.frame_start += 30
    for image, frame in zip(before, (33, 38, 44), strict=True):
        assert np.array_equal(rendered(scene, frame), image)


def test_second_run_brings_the_result_up_to_date(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=5)
    first = show_result(scene, strip)
    group_inputs(first)["Sky Exposure"].default_value = 1.25
    name, images, scenes = first.scene.name, len(bpy.data.images), len(bpy.data.scenes)

    strip.frame_offset_start = 4
    strip.transform.offset_x = 6
    again = show_result(scene, strip)

    assert scene_strips(scene) == [again]
    assert (again.scene.name, len(bpy.data.images), len(bpy.data.scenes)) == (name, images, scenes)
    assert (again.frame_final_start, again.frame_final_duration, again.transform.offset_x) == (9, 8, 6)
    assert again.scene.frame_end == 8
    assert group_inputs(again)["Sky Exposure"].default_value == 1.25
    assert image_of(again, "Matte").filepath != ""


def test_run_after_the_result_was_deleted(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=5)
    first = show_result(scene, strip)
    group_inputs(first)["Sky Exposure"].default_value = 1.25
    name, scenes = first.scene.name, len(bpy.data.scenes)
    strips(scene).remove(first)
    again = show_result(scene, strip)
    assert (again.scene.name, len(bpy.data.scenes)) == (name, scenes)
    assert group_inputs(again)["Sky Exposure"].default_value == 1.25


def test_copy_of_a_strip_gets_a_result_of_its_own(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=1)
    first = show_result(scene, strip)
    copy = add_movie(scene, media / "landscape.mkv", start=50, name="Copy")
    copy["skyar_id"] = strip["skyar_id"]  # as Duplicate leaves it
    second = show_result(scene, copy)
    assert second.scene != first.scene
    assert (first.frame_final_start, second.frame_final_start) == (1, 50)
    assert strip["skyar_id"] != copy["skyar_id"]


def test_effect_on_the_original_is_told(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    new_effect(scene, "Glow", "GLOW", strip)
    planned = plan(scene, strip)
    show_result(scene, strip, Path(planned.job.output))
    (note,) = planned.show().notes
    assert "“Glow”" in note


def test_run_on_the_result_is_a_run_on_its_original(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    result = show_result(scene, strip)
    select(scene, result)
    assert skyar("addon.jobs.chosen_strips").chosen_strips(scene) == [strip]
    result.select = strip.select = True
    assert skyar("addon.jobs.chosen_strips").chosen_strips(scene) == [strip]


@pytest.mark.parametrize("kind", ["SOFT", "HARD"])
def test_halves_of_a_cut_get_results_of_their_own(media: Path, kind: str) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=1)
    result = show_result(scene, strip)
    right = strip.split(7, kind)
    # From Blender 4.4 on a cut goes through connected strips.
    cut = [each for each in scene_strips(scene) if each.frame_final_start == 7]
    right_result = cut[0] if cut else result.split(7, kind)
    assert right_result.scene == result.scene
    left_before = rendered(scene, 3)
    again = show_result(scene, right)
    assert again == right_result
    assert again.scene != result.scene
    assert len(scene_strips(scene)) == 2
    assert np.array_equal(rendered(scene, 3), left_before)
    assert (again.frame_final_start, again.frame_final_end) == (right.frame_final_start, right.frame_final_end)
    # The first frame of the new result is the first that is seen.
    assert skyar("addon.result.timing").start_of(again) == again.frame_final_start


def test_two_strips_of_one_file(media: Path) -> None:
    scene = new_scene()
    results = [
        show_result(scene, add_movie(scene, media / "landscape.mkv", start=start, name=f"Clip {start}"))
        for start in (1, 40)
    ]
    assert results[0].scene != results[1].scene
    assert len(scene_strips(scene)) == 2


def test_one_step_undoes_it(media: Path) -> None:
    scene = new_scene()
    add_movie(scene, media / "landscape.mkv")
    bpy.ops.ed.undo_push(message="Before")
    scenes, images, groups = len(bpy.data.scenes), len(bpy.data.images), len(bpy.data.node_groups)
    show_result(scene, strips(scene)["Clip"])
    bpy.ops.ed.undo_push(message="Replace Sky")
    assert len(bpy.data.scenes) == scenes + 1
    bpy.ops.ed.undo()
    scene = bpy.context.scene
    assert [strip.name for strip in strips(scene)] == ["Clip"]
    assert (len(bpy.data.scenes), len(bpy.data.images), len(bpy.data.node_groups)) == (scenes, images, groups)
    assert "skyar_id" not in strips(scene)["Clip"]


@pytest.mark.parametrize("kind", ["movie", "unnumbered pictures"])
def test_saved_reopened_and_copied_elsewhere(media: Path, tmp_path: Path, kind: str) -> None:
    project = tmp_path / "the project"
    (project / "footage").mkdir(parents=True)
    blend = project / "shot.blend"
    scene = new_scene()
    if kind == "movie":
        shutil.copy(media / "landscape.mkv", project / "footage")
        strip = add_movie(scene, project / "footage" / "landscape.mkv", start=5)
    else:
        names = ["b.png", "a.png", "n004.png"]
        for name in names:
            shutil.copy(media / "numbered" / name, project / "footage")
        strip = add_images(scene, project / "footage", names, start=5)
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    result = show_result(scene, strip, project / "skyar" / "out")
    group_inputs(result)["Sky Exposure"].default_value = -0.5
    before = [rendered(scene, frame) for frame in (5, 7)]
    paths = [image_of(result, name).filepath for name in ("Footage", "Matte", "Sky")]
    assert all(path.startswith("//") for path in paths), paths
    assert result.scene["skyar_folder"] == "//skyar/out"
    bpy.ops.wm.save_mainfile(relative_remap=True)

    elsewhere = tmp_path / "elsewhere" / "copy"
    shutil.copytree(project, elsewhere)
    shutil.rmtree(project)
    bpy.ops.wm.open_mainfile(filepath=str(elsewhere / "shot.blend"))
    scene = bpy.context.scene
    (result,) = scene_strips(scene)
    assert group_inputs(result)["Sky Exposure"].default_value == -0.5
    for image, frame in zip(before, (5, 7), strict=True):
        assert np.array_equal(rendered(scene, frame), image)


def test_images_that_turn(media: Path, tmp_path: Path) -> None:
    """A file of another size than the strip's means that Blender and the engine see different images."""
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    planned = plan(scene, strip, tmp_path / "out")
    from blender.shots import make_media

    make_media({"make": "output", "folder": planned.job.output, "frames": 12, "width": 54, "height": 96})
    with pytest.raises(Exception, match="54x96") as caught:
        planned.show()
    assert caught.value.code == "unsupported"
    assert not scene_strips(scene)


def test_strip_removed_in_the_meantime(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    planned = plan(scene, strip)
    strips(scene).remove(strip)
    with pytest.raises(Exception, match="no longer as it was") as caught:
        planned.show()
    assert planned.job.output in caught.value.todo
