# SPDX-License-Identifier: GPL-3.0-or-later
"""Strips marked as sky or not sky: from the menu to the matte."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import (
    HEIGHT,
    WIDTH,
    add_images,
    add_movie,
    new_scene,
    rendered,
    saved_shot,
    select,
    show_result,
    skyar,
    strips,
)

mark_sky = bpy.ops.sequencer.skyar_mark_sky
mark_not_sky = bpy.ops.sequencer.skyar_mark_not_sky
clear_mark = bpy.ops.sequencer.skyar_clear_mark
replace_sky = bpy.ops.sequencer.skyar_replace_sky


def painted(
    path: Path, part: tuple[slice, slice], size: tuple[int, int] = (HEIGHT, WIDTH), alpha: bool = False
) -> Path:
    """An image of ``size`` (height, width), white in ``part`` (rows from the top), else black or transparent."""
    marks = np.zeros(size, np.float32)
    marks[part] = 1
    channels = [np.ones(size), marks] if alpha else [marks, np.ones(size)]
    pixels = np.stack([channels[0]] * 3 + [channels[1]], axis=-1).astype(np.float32)
    image = bpy.data.images.new("painted", size[1], size[0], alpha=True)
    image.pixels.foreach_set(pixels[::-1].ravel())
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    bpy.data.images.remove(image)
    return path


def add_painted(scene: Any, path: Path, start: int, frames: int, channel: int = 5) -> Any:
    strip = strips(scene).new_image("Painted", str(path), channel, start)
    strip.frame_final_duration = frames
    return select(scene, strip)


def add_mask(scene: Any, corners: list[tuple[float, float]], start: int, frames: int, channel: int = 5) -> Any:
    """A Mask strip of one polygon; corners go from 0 to 1, up."""
    mask = bpy.data.masks.new("Mask")
    spline = mask.layers.new(name="Layer").splines.new()
    spline.points.add(len(corners) - 1)
    for point, corner in zip(spline.points, corners, strict=True):
        point.co = point.handle_left = point.handle_right = corner
    spline.use_cyclic = True
    strip = strips(scene).new_mask("Mask", mask, channel, start)
    strip.frame_final_duration = frames
    return select(scene, strip)


def corrections(scene: Any, strip: Any) -> Any:
    return skyar("addon.jobs.corrections").corrections_for(scene, strip)


def picture(path: Path) -> np.ndarray:
    """Grey times alpha, (height, width), 0..1, first row at the top."""
    image = bpy.data.images.load(str(path), check_existing=False)
    try:
        image.colorspace_settings.name = "Non-Color"
        image.alpha_mode = "STRAIGHT"
        width, height = image.size
        pixels = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(pixels)
    finally:
        bpy.data.images.remove(image)
    pixels = pixels.reshape(height, width, 4)[::-1]
    return pixels[..., :3].mean(2) * pixels[..., 3]


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A saved file with one movie strip of eight frames from 5 on."""
    return saved_shot(media, tmp_path, 5, (0, 8))


def footage(scene: Any) -> Any:
    return next(strip for strip in strips(scene) if strip.name == "Clip")


@pytest.mark.parametrize(("operator", "truth"), [(mark_sky, "sky"), (mark_not_sky, "not_sky")])
def test_marking_mutes_and_clearing_brings_back(shot: Any, tmp_path: Path, operator: Any, truth: str) -> None:
    strip = add_painted(shot, painted(tmp_path / "m.png", (slice(5), slice(5))), 5, 8)
    assert operator() == {"FINISHED"}
    assert strip["skyar_mark"] == truth and strip.mute
    assert mark_sky() == {"FINISHED"}
    assert clear_mark() == {"FINISHED"}
    assert "skyar_mark" not in strip and not strip.mute
    strip.mute = True
    mark_sky()
    clear_mark()
    assert strip.mute


def test_marks_are_undone(shot: Any, tmp_path: Path) -> None:
    add_painted(shot, painted(tmp_path / "m.png", (slice(5), slice(5))), 5, 8)
    bpy.ops.ed.undo_push(message="painted")
    mark_sky()
    bpy.ops.ed.undo_push(message="marked")
    bpy.ops.ed.undo()
    strip = next(strip for strip in strips(bpy.context.scene) if strip.name == "Painted")
    assert "skyar_mark" not in strip and not strip.mute


def test_what_cannot_be_marked(shot: Any) -> None:
    select(shot, footage(shot)).select = False
    shot.sequence_editor.active_strip = None
    with pytest.raises(RuntimeError, match="Select a Mask strip"):
        mark_sky()
    select(shot, footage(shot))
    with pytest.raises(RuntimeError, match="Select a strip that is marked"):
        clear_mark()


def test_marked_strips_are_no_footage(shot: Any, tmp_path: Path) -> None:
    chosen = skyar("addon.jobs.chosen_strips").chosen_strips
    add_painted(shot, painted(tmp_path / "m.png", (slice(5), slice(5))), 5, 8)
    mark_sky()
    assert chosen(shot) == [footage(shot)]
    footage(shot).select = True
    assert chosen(shot) == [footage(shot)]


def test_a_still_mask_is_one_image_for_its_frames(shot: Any) -> None:
    add_mask(shot, [(0, 0.5), (0.5, 0.5), (0.5, 1), (0, 1)], start=7, frames=30)
    mark_not_sky()
    found = corrections(shot, footage(shot))
    (correction,) = found.found
    assert (correction.truth, correction.first, correction.last) == ("not_sky", 2, 7)
    assert correction.files == [] and correction.placement is None
    (rendered_mask,) = found.images
    grey = picture(rendered_mask.folder / rendered_mask.files[0])
    assert grey.shape == (HEIGHT, WIDTH)
    assert grey[3 : HEIGHT // 2 - 3, 3 : WIDTH // 2 - 3].min() > 0.99
    assert grey[HEIGHT // 2 + 3 :].max() < 0.01 and grey[:, WIDTH // 2 + 3 :].max() < 0.01
    assert [scene.name for scene in bpy.data.scenes] == [shot.name]


def test_a_moving_matte_is_one_image_per_frame(shot: Any, tmp_path: Path) -> None:
    strip = add_painted(shot, painted(tmp_path / "m.png", (slice(10, 30), slice(10, 30))), 6, 4)
    strip.transform.keyframe_insert("offset_x", frame=6)
    strip.transform.offset_x = 40
    strip.transform.keyframe_insert("offset_x", frame=9)
    mark_sky()
    found = corrections(shot, footage(shot))
    (correction,) = found.found
    assert (correction.first, correction.last, len(correction.files)) == (1, 4, 4)
    (pictures,) = found.images
    shown = [picture(pictures.folder / name).sum(0) for name in pictures.files]
    centres = [np.average(np.arange(WIDTH), weights=columns) for columns in shown]
    assert centres[3] - centres[0] == pytest.approx(40, abs=0.5)
    assert centres[0] < centres[1] < centres[2] < centres[3]


def test_a_mask_that_changes_within_itself(shot: Any) -> None:
    """A mask's own first frame is shown at the start of its strip."""
    strip = add_mask(shot, [(0, 0.4), (0.3, 0.4), (0.3, 0.8), (0, 0.8)], start=6, frames=4)
    layer = strip.mask.layers[0]
    layer.keyframe_insert("alpha", frame=1)
    layer.alpha = 0
    layer.keyframe_insert("alpha", frame=3)
    mark_sky()
    found = corrections(shot, footage(shot))
    (pictures,) = found.images
    assert len(found.found[0].files) == 4
    brightest = [picture(pictures.folder / name).max() for name in pictures.files]
    assert brightest[0] > 0.99 and brightest[3] < 0.01


def test_images_are_the_same_whenever_they_are_made(shot: Any) -> None:
    strip = add_mask(shot, [(0, 0.5), (0.5, 0.5), (0.5, 1)], start=5, frames=8)
    mark_sky()
    first = corrections(shot, footage(shot)).found
    for _ in range(8):
        assert corrections(shot, footage(shot)).found == first
    strip.transform.offset_x = 3
    assert corrections(shot, footage(shot)).found != first


def test_other_strips_the_view_and_the_mute_do_not_show_in_masks(shot: Any, tmp_path: Path) -> None:
    part = (slice(10, 30), slice(20, 50))
    strip = add_painted(shot, painted(tmp_path / "m.png", part, alpha=True), 5, 8)
    strip.blend_type = "ALPHA_OVER"
    mark_sky()
    shot.view_settings.view_transform = "AgX"
    shot.view_settings.exposure = -2
    shot.render.resolution_percentage = 25
    (pictures,) = corrections(shot, footage(shot)).images
    expected = np.zeros((HEIGHT, WIDTH))
    expected[part] = 1
    np.testing.assert_array_equal(picture(pictures.folder / pictures.files[0]) >= 0.5, expected >= 0.5)
    assert shot.view_settings.view_transform == "AgX" and shot.render.resolution_percentage == 25


def test_marks_outside_the_time_of_the_footage_do_not_count(shot: Any, tmp_path: Path) -> None:
    add_painted(shot, painted(tmp_path / "m.png", (slice(5), slice(5))), 13, 8)
    mark_sky()
    assert corrections(shot, footage(shot)).found == []


def test_the_higher_strip_is_right(shot: Any, tmp_path: Path) -> None:
    path = painted(tmp_path / "m.png", (slice(5), slice(5)))
    add_painted(shot, path, 5, 8, channel=7)
    mark_sky()
    add_painted(shot, path, 5, 8, channel=6)
    mark_not_sky()
    assert [one.truth for one in corrections(shot, footage(shot)).found] == ["not_sky", "sky"]


def plain(strip: Any) -> None:
    pass


def moved(strip: Any) -> None:
    strip.transform.offset_x, strip.transform.offset_y = 13, -9


def scaled(strip: Any) -> None:
    strip.transform.scale_x, strip.transform.scale_y = 0.5, 0.75


def turned(strip: Any) -> None:
    strip.transform.rotation = 0.4
    strip.transform.scale_x = strip.transform.scale_y = 0.6
    strip.transform.offset_x = 5


def leaning(strip: Any) -> None:
    strip.transform.rotation = -0.2
    strip.transform.scale_x, strip.transform.scale_y = 0.7, 0.9


def about_another_place(strip: Any) -> None:
    strip.transform.origin = (1.0, 0.25)
    leaning(strip)


def flipped(strip: Any) -> None:
    strip.use_flip_x = strip.use_flip_y = True
    leaning(strip)


@pytest.mark.parametrize("change", [plain, moved, scaled, turned, leaning, about_another_place, flipped])
def test_placement_is_where_blender_shows_the_footage(tmp_path: Path, change: Callable[[Any], None]) -> None:
    """A spot in the footage is rendered where its placement says."""
    spot = (slice(12, 16), slice(60, 64))
    scene = new_scene()
    size = (48, 80)
    strip = add_images(scene, tmp_path, [painted(tmp_path / "spot.png", spot, size).name])
    change(strip)
    shown = rendered(scene, 1).mean(2)
    rows, columns = np.indices(shown.shape)
    centre = (np.average(columns, weights=shown) + 0.5) / WIDTH, (np.average(rows, weights=shown) + 0.5) / HEIGHT
    a, b, c, d, e, f = skyar("addon.strips.placement").placement(scene, strip, (80, 48), 1)
    x, y = 62 / 80, 14 / 48
    assert (a * x + b * y + c) * WIDTH == pytest.approx(centre[0] * WIDTH, abs=0.6)
    assert (d * x + e * y + f) * HEIGHT == pytest.approx(centre[1] * HEIGHT, abs=0.6)


def test_footage_that_fills_the_frame_needs_no_placement(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "big.mkv")
    strip.transform.scale_x = strip.transform.scale_y = 0.5
    assert skyar("addon.strips.placement").placement(scene, strip, (2 * WIDTH, 2 * HEIGHT), 1) is None
    add_mask(scene, [(0, 0.5), (0.5, 0.5), (0.5, 1)], start=1, frames=3)
    mark_sky()
    (pictures,) = corrections(scene, strip).images
    assert picture(pictures.folder / pictures.files[0]).shape == (2 * HEIGHT, 2 * WIDTH)


def test_footage_that_moves_in_the_frame(shot: Any, tmp_path: Path) -> None:
    transform = footage(shot).transform
    transform.keyframe_insert("offset_x", frame=7)
    transform.offset_x = 20
    transform.keyframe_insert("offset_x", frame=9)
    add_painted(shot, painted(tmp_path / "m.png", (slice(5), slice(5))), 5, 8)
    mark_sky()
    found = corrections(shot, footage(shot)).found
    assert [(one.first, one.last) for one in found] == [(0, 2), (3, 3), (4, 7)]
    assert found[0].placement is None and found[2].placement[2] == pytest.approx(20 / WIDTH)


def test_from_marks_to_the_matte(shot: Any, tmp_path: Path) -> None:
    """The whole way: a piece of ground becomes sky, in its frames; another mark makes another result."""
    part = (slice(46, 52), slice(10, 30))
    assert replace_sky(sky="jupiter", quality="draft") == {"FINISHED"}
    strip = add_painted(shot, painted(tmp_path / "m.png", part), 7, 3)
    mark_sky()
    assert replace_sky(sky="jupiter", quality="draft") == {"FINISHED"}
    assert strip.mute
    folders = sorted(path.name for path in (tmp_path / "skyar").iterdir())
    assert folders == ["landscape_jupiter", "landscape_jupiter-2"]
    output = tmp_path / "skyar" / "landscape_jupiter-2"
    (stored,) = json.loads((output / "job.json").read_text())["settings"]["corrections"]
    assert (output / stored["path"]).is_file() and (stored["first"], stored["last"]) == (2, 4)
    mattes = [picture(output / "matte" / f"{number:06d}.png") for number in range(1, 9)]
    assert all(mattes[index][part].min() == 1 for index in (2, 3, 4))
    assert all(mattes[index][part].mean() < 0.5 for index in (0, 1, 5, 6, 7))
    (result,) = [strip for strip in strips(shot) if strip.type == "SCENE"]
    assert result.scene["skyar_folder"].endswith("landscape_jupiter-2")

    before = (output / "matte" / "000001.png").stat().st_mtime_ns
    assert replace_sky(sky="jupiter", quality="draft") == {"FINISHED"}
    assert (output / "matte" / "000001.png").stat().st_mtime_ns == before
    assert len(list((tmp_path / "skyar").iterdir())) == 2


def test_masks_do_not_land_in_a_folder_of_another(shot: Any, tmp_path: Path) -> None:
    add_painted(shot, painted(tmp_path / "m.png", (slice(5), slice(5))), 5, 8)
    mark_sky()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("keep me")
    with pytest.raises(RuntimeError, match=r"letter\.txt"):
        replace_sky(sky="sunset", output="//out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_a_marked_strip_that_is_not_muted_is_told(shot: Any, tmp_path: Path) -> None:
    strip = add_painted(shot, painted(tmp_path / "m.png", (slice(5), slice(5))), 5, 8)
    mark_sky()
    marks = skyar("addon.strips.marks")
    assert marks.seen_marks(shot, footage(shot)) == []
    strip.mute = False
    (note,) = marks.seen_marks(shot, footage(shot))
    assert "“Painted”" in note and "mute it" in note


def test_results_without_marks_are_shown_as_before(shot: Any) -> None:
    assert show_result(shot, footage(shot)).type == "SCENE"
