# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames that the engine gets, and those that the result shows, are the ones that Blender's sequencer shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from blender.shots import (
    add_images,
    add_movie,
    add_movie_at_its_rate,
    grey_number,
    group_inputs,
    new_effect,
    new_scene,
    plan,
    rendered,
    set_speed,
    show_result,
    skyar,
    strips,
)


def trim(strip: Any) -> None:
    strip.frame_offset_start, strip.frame_offset_end = 4, 11


def extend(strip: Any) -> None:
    strip.frame_offset_start, strip.frame_offset_end = -3, -2


def reverse(strip: Any) -> None:
    strip.use_reverse_frames = True


def reverse_trimmed(strip: Any) -> None:
    strip.use_reverse_frames = True
    trim(strip)


def strobe(strip: Any) -> None:
    strip.strobe = 3


def trim_media(strip: Any) -> None:
    strip.animation_offset_start, strip.animation_offset_end = 4, 6


def trim_media_reversed(strip: Any) -> None:
    trim_media(strip)
    strip.use_reverse_frames = True


def plain(strip: Any) -> None:
    pass


CHANGES = [plain, trim, extend, reverse, reverse_trimmed, strobe, trim_media, trim_media_reversed]


@pytest.mark.parametrize("clip", ["numbered", "numbered30", "numbered2997"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_movie_at_its_own_rate(media: Path, clip: str, change: Callable[[Any], None]) -> None:
    scene = new_scene()
    strip = add_movie_at_its_rate(scene, media / f"{clip}.mkv", start=5)
    change(strip)
    compare(scene, strip)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_movie_frame_by_frame(media: Path, change: Callable[[Any], None]) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "numbered30.mkv", start=-4)
    change(strip)
    compare(scene, strip)


def test_scene_rate_changed_later(media: Path) -> None:
    scene = new_scene(fps=30)
    strip = add_movie_at_its_rate(scene, media / "numbered30.mkv")
    scene.render.fps = 25
    compare(scene, strip)


@pytest.mark.parametrize("change", [plain, extend, reverse, strobe], ids=lambda change: change.__name__)
@pytest.mark.parametrize(
    "names",
    [
        [f"n{number:03d}.png" for number in range(2, 9)],
        [f"n{number:03d}.png" for number in (1, 2, 4, 8)],
        [f"n{number:03d}.png" for number in (9, 3, 3, 0)],
        ["c.png", "n001.png", "a.png", "b.png"],
        ["b.png"],
    ],
    ids=["numbered", "gaps", "any order", "unnumbered", "still"],
)
def test_images(media: Path, names: list[str], change: Callable[[Any], None]) -> None:
    scene = new_scene()
    strip = add_images(scene, media / "numbered", names, start=3)
    change(strip)
    compare(scene, strip)


@pytest.mark.parametrize("retimed", [False, True], ids=["speed effect", "retiming keys"])
def test_images_of_changed_speed(media: Path, retimed: bool) -> None:
    scene = new_scene()
    strip = add_images(scene, media / "numbered", [f"n{number:03d}.png" for number in (0, 4, 1, 9, 7, 3)], start=3)
    if retimed:
        set_speed(strip, 60.0)
    else:
        effect = new_effect(scene, "Fast", "SPEED", strip)
        effect.speed_control, effect.speed_factor = "MULTIPLY", 0.6
    left, right = skyar("addon.compat").handles(strip)
    truth = [grey_number(rendered(scene, t)) for t in range(left, right)]
    clip = plan(scene, strip).job.clip
    assert [int(clip.files[frame][1:4]) for frame in clip.order] == truth
    assert len(set(truth)) < len(truth)


def test_images_of_two_kinds_are_refused(media: Path, tmp_path: Path) -> None:
    for name in ("a1.png", "a1.jpg"):
        (tmp_path / name).write_bytes((media / "numbered" / "a.png").read_bytes())
    scene = new_scene()
    strip = add_images(scene, tmp_path, ["a1.jpg", "a1.png"])
    with pytest.raises(Exception, match="several kinds") as caught:
        plan(scene, strip)
    assert caught.value.code == "unsupported" and ".jpg, .png" in caught.value.why


def test_plain_strip_names_a_range(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "numbered.mkv")
    trim(strip)
    clip = plan(scene, strip).job.clip
    assert (clip.first, clip.last, clip.order, clip.rate) == (4, 14, None, None)
    assert clip.projection == "auto"
    requested = skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene, "equirectangular")
    assert requested.projection == "equirectangular"


def test_strip_in_a_meta_strip(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "numbered.mkv", start=5)
    meta = strips(scene).new_meta("Meta", 2, 1)
    strip.move_to_meta(meta)
    result = show_result(scene, strip)
    assert result.name in skyar("addon.compat").strips_of(meta)


def compare(scene: Any, strip: Any) -> None:
    left, right = skyar("addon.compat").handles(strip)
    moments = range(left, right)
    truth = [grey_number(rendered(scene, t)) for t in moments]
    assert grey_number(rendered(scene, left - 1)) == grey_number(rendered(scene, right)) == -1
    clip = plan(scene, strip).job.clip
    frames = clip.order or list(range(clip.first, clip.last + 1))
    if clip.kind == "sequence":
        grey = {f"n{number:03d}.png": number for number in range(10)} | {"a.png": 10, "b.png": 11, "c.png": 12}
        frames = [grey[clip.files[frame]] for frame in frames]
    assert frames == truth

    result = show_result(scene, strip)
    group_inputs(result)["Mix"].default_value = 0.0
    strip.mute = True
    assert [grey_number(rendered(scene, t)) for t in moments] == truth
    assert grey_number(rendered(scene, left - 1)) == grey_number(rendered(scene, right)) == -1
