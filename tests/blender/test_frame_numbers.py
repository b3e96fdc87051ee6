# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine reads the images that Blender's sequencer shows, whatever the rates of movie and scene.

Every image carries its number. Movies of nine rates are shown in scenes of nine rates, with *Adjust Playback Rate*
and without, moved, trimmed, cut and reversed in turn. All frames are rendered by the sequencer, one after the other,
and read by the engine from the job that the add-on makes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.blocks import HEIGHT, WIDTH, number_of
from blender.shots import (
    add_movie,
    add_movie_at_its_rate,
    group_inputs,
    make_media,
    movie_order,
    new_effect,
    new_scene,
    rendered,
    select,
    set_speed,
    show_result,
    skyar,
)

RATES = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "120"]
FRAMES = 15


def moved(strip: Any) -> Any:
    strip.frame_start = -37
    return strip


def trimmed(strip: Any) -> Any:
    strip.frame_offset_start, strip.frame_offset_end = 3, 2
    return strip


def extended(strip: Any) -> Any:
    strip.frame_offset_start, strip.frame_offset_end = -2, -3
    return strip


def cut(strip: Any) -> Any:
    left, right = skyar("addon.compat").handles(strip)
    return strip.split((left + right) // 2, "SOFT")


def cut_hard(strip: Any) -> Any:
    left, right = skyar("addon.compat").handles(strip)
    return strip.split((2 * left + right) // 3, "HARD")


def turned_round(strip: Any) -> Any:
    strip.use_reverse_frames = True
    return strip


def cut_and_turned_round(strip: Any) -> Any:
    return turned_round(cut_hard(strip))


CHANGES = [moved, trimmed, extended, cut, cut_hard, turned_round, cut_and_turned_round]


def set_rate(scene: Any, rate: str) -> None:
    exact = Fraction(rate)
    scene.render.fps = round(exact)
    scene.render.fps_base = float(round(exact) / exact)


@pytest.fixture(scope="module")
def movies(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("movies")
    paths = [folder / f"{number}.mkv" for number in range(len(RATES))]
    size = {"width": WIDTH, "height": HEIGHT}
    make_media(
        *(
            movie_order(path, "blocks", max(FRAMES, round(Fraction(rate) * 2 / 5)), rate=rate) | size
            for path, rate in zip(paths, RATES, strict=True)
        )
    )
    return paths


@pytest.mark.parametrize("adjusted", [True, False], ids=["adjusted", "frame by frame"])
@pytest.mark.parametrize("movie", range(len(RATES)), ids=RATES)
def test_rates(movies: list[Path], tmp_path: Path, movie: int, adjusted: bool) -> None:
    shown, clips = [], []
    for number, rate in enumerate(RATES):
        scene = new_scene(WIDTH, HEIGHT)
        set_rate(scene, rate)
        add = add_movie_at_its_rate if adjusted else add_movie
        strip = CHANGES[(movie + number) % len(CHANGES)](add(scene, movies[movie], start=5))
        seen, clip = looked_at(scene, strip)
        shown.append(seen)
        clips.append(clip)
    compare(tmp_path, clips, shown)


def looked_at(scene: Any, strip: Any, step: int = 1) -> tuple[dict[int, int], dict[str, Any]]:
    """The numbers that frames of the strip show, by place in the strip, and the clip of its job."""
    left, right = skyar("addon.compat").handles(strip)
    places = list(range(0, right - left, step))
    for other in skyar("addon.compat").all_strips(scene.sequence_editor):
        other.mute = other != strip and other.type == "MOVIE"
    seen = {place: number_of(rendered(scene, left + place)) for place in places}
    assert -1 not in seen.values()
    return seen, asdict(skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene))


def compare(folder: Path, clips: list[dict[str, Any]], shown: list[dict[int, int]]) -> None:
    """The engine sees in ``clips`` what the sequencer has ``shown``."""
    numbers = folder / "numbers.json"
    make_media({"make": "numbers", "path": str(numbers), "clips": clips})
    read = json.loads(numbers.read_text())
    assert [{place: each[place] for place in seen} for each, seen in zip(read, shown, strict=True)] == shown


#: Rates of a movie and of a scene.
HARDLY_OTHER = {"24000/1001": "24", "30": "30000/1001"}


@pytest.fixture(scope="module")
def long_movies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By their rates."""
    folder, size = tmp_path_factory.mktemp("long"), {"width": WIDTH, "height": HEIGHT}
    paths = {rate: folder / f"{number}.mkv" for number, rate in enumerate(HARDLY_OTHER)}
    make_media(*(movie_order(path, "blocks", 900, rate=rate) | size for rate, path in paths.items()))
    return paths


@pytest.mark.parametrize("adjusted", [True, False], ids=["adjusted", "frame by frame"])
@pytest.mark.parametrize("movie", HARDLY_OTHER)
def test_rates_that_hardly_differ(long_movies: dict[str, Path], tmp_path: Path, movie: str, adjusted: bool) -> None:
    """After some hundred frames one frame more or less was shown, though the strip is as long as the movie."""
    path, rate = long_movies[movie], HARDLY_OTHER[movie]
    scene = new_scene(WIDTH, HEIGHT)
    set_rate(scene, rate)
    seen, clip = looked_at(scene, (add_movie_at_its_rate if adjusted else add_movie)(scene, path), step=97)
    assert (list(seen) == list(seen.values())) != adjusted
    compare(tmp_path, [clip], [seen])


_X264 = {"codec": "libx264", "pixels": "yuv420p"}
_B_FRAMES = _X264 | {"options": {"preset": "medium", "crf": "10", "bf": "2"}}
KINDS = {
    "varying.mkv": _B_FRAMES | {"times": [0, 1, 2, 5, 6, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20]},
    "b frames.avi": _B_FRAMES,
    "cover last.mp4": _X264 | {"cover": "last"},
    "edit list.mp4": _B_FRAMES | {"start": -5},
    "starts late.mkv": _B_FRAMES | {"start": 70},
    "jumps.mkv": _B_FRAMES | {"times": [*range(8), *range(90, 97)]},
    "lost.ts": _X264 | {"times": [*range(4), *range(6, 17)]},
    "no key frame.ts": _X264 | {"late": True, "options": {"preset": "ultrafast", "crf": "10", "g": "6", "bf": "0"}},
}


def test_kinds_of_movies(tmp_path: Path) -> None:
    size = {"width": WIDTH, "height": HEIGHT}
    make_media(*(movie_order(tmp_path / name, "blocks", FRAMES, **more) | size for name, more in KINDS.items()))
    shown, clips = [], []
    for name in KINDS:
        scene = new_scene(WIDTH, HEIGHT)
        seen, clip = looked_at(scene, add_movie(scene, tmp_path / name))
        shown.append(seen)
        clips.append(clip)
    compare(tmp_path, clips, shown)


def multiplied(scene: Any, strip: Any) -> None:
    effect = new_effect(scene, "Fast", "SPEED", strip)
    effect.speed_control, effect.speed_factor = "MULTIPLY", 1.7


def stretched(scene: Any, strip: Any) -> None:
    new_effect(scene, "Fast", "SPEED", strip)
    strip.frame_final_duration = 7


def retimed(scene: Any, strip: Any) -> None:
    set_speed(select(scene, strip), 70.0)


@pytest.mark.parametrize("adjusted", [True, False], ids=["adjusted", "frame by frame"])
@pytest.mark.parametrize("change", [multiplied, stretched, retimed], ids=lambda change: change.__name__)
def test_changed_speed(
    movies: list[Path], tmp_path: Path, change: Callable[[Any, Any], None], adjusted: bool
) -> None:
    scene = new_scene(WIDTH, HEIGHT)
    strip = (add_movie_at_its_rate if adjusted else add_movie)(scene, movies[RATES.index("30")], start=5)
    change(scene, strip)
    seen, clip = looked_at(scene, strip)
    assert list(seen) != list(seen.values())
    compare(tmp_path, [clip], [seen])


def test_result_of_changed_speed_lies_over_the_effect(movies: list[Path]) -> None:
    scene = new_scene(WIDTH, HEIGHT)
    strip = add_movie(scene, movies[0])
    strip.frame_final_duration = 8
    effect = new_effect(scene, "Fast", "SPEED", strip)
    effect.channel = 5
    strip.transform.rotation, strip.color_multiply = 0.3, 0.2  # nothing that is done to the image matters
    frames = skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene).order
    strip.transform.rotation, strip.color_multiply = 0.0, 1.0
    shown = [number_of(rendered(scene, frame)) for frame in range(1, 9)]
    assert frames == shown
    result = show_result(scene, strip)
    group_inputs(result)["Mix"].default_value = 0.0
    assert result.channel > effect.channel
    assert [number_of(rendered(scene, frame)) for frame in range(1, 9)] == shown


def test_another_video_stream_is_refused(movies: list[Path]) -> None:
    scene = new_scene(WIDTH, HEIGHT)
    strip = add_movie(scene, movies[0])
    strip.stream_index = 1
    with pytest.raises(Exception, match="stream 1") as caught:
        skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene)
    assert caught.value.code == "unsupported"


def test_a_cover_that_blender_takes_for_the_film_is_told(tmp_path: Path) -> None:
    """Blender 5.2 takes the film, as the engine does."""
    size = {"width": WIDTH, "height": HEIGHT}
    make_media(movie_order(tmp_path / "cover.mp4", "blocks", FRAMES, cover="first", **_X264) | size)
    scene = new_scene(WIDTH, HEIGHT)
    strip = add_movie(scene, tmp_path / "cover.mp4")
    seen = skyar("addon.strips.clip_of_strip").size_of_strip(strip)
    if bpy.app.version >= (5, 2):
        assert seen == (WIDTH, HEIGHT)
        numbers, clip = looked_at(scene, strip)
        compare(tmp_path, [clip], [numbers])
        return
    assert seen == (2 * WIDTH, 2 * HEIGHT)
    with pytest.raises(RuntimeError, match="Blender takes the cover picture"):
        bpy.ops.sequencer.skyar_replace_sky(sky="sunset", output=str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_mixed_frames_are_refused(movies: list[Path]) -> None:
    scene = new_scene(WIDTH, HEIGHT)
    strip = add_movie(scene, movies[0])
    multiplied(scene, strip)
    skyar("addon.strips.retimed").speed_effects(strip, scene)[0].use_frame_interpolate = True
    with pytest.raises(Exception, match="speed") as caught:
        skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene)
    assert caught.value.code == "unsupported" and "mixes" in caught.value.why
