# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine reads the pictures that Blender's sequencer shows, whatever the rates of movie and scene.

Every picture carries its number. Movies of nine rates are shown in scenes of nine rates, with *Adjust Playback Rate*
and without, moved, trimmed, cut and reversed in turn; a dozen frames of each are rendered by the sequencer and read
by the engine from the job that the add-on makes.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from blender.blocks import HEIGHT, WIDTH, number_of
from blender.shots import (
    ENGINE_PYTHON,
    add_movie,
    add_movie_at_its_rate,
    make_media,
    movie_order,
    new_scene,
    rendered,
    skyar,
)

RATES = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "120"]
FRAMES = 45
LOOKS = 12


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
        *(movie_order(path, "blocks", FRAMES, rate=rate) | size for path, rate in zip(paths, RATES, strict=True))
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


def looked_at(scene: Any, strip: Any) -> tuple[dict[int, int], dict[str, Any]]:
    """The numbers that some frames of the strip show, by place in the strip, and the clip of its job."""
    left, right = skyar("addon.compat").handles(strip)
    places = sorted({round(step * (right - left - 1) / (LOOKS - 1)) for step in range(LOOKS)})
    for other in skyar("addon.compat").all_strips(scene.sequence_editor):
        other.mute = other != strip
    seen = {place: number_of(rendered(scene, left + place)) for place in places}
    assert -1 not in seen.values()
    return seen, asdict(skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene))


def compare(folder: Path, clips: list[dict[str, Any]], shown: list[dict[int, int]]) -> None:
    """The engine sees in ``clips`` what the sequencer has ``shown``."""
    script = Path(__file__).with_name("read_numbers.py")
    jobs, numbers = folder / "clips.json", folder / "numbers.json"
    jobs.write_text(json.dumps(clips))
    subprocess.run([ENGINE_PYTHON, str(script), str(jobs), str(numbers)], check=True)
    read = json.loads(numbers.read_text())
    assert [{place: each[place] for place in seen} for each, seen in zip(read, shown, strict=True)] == shown


@pytest.mark.parametrize("adjusted", [True, False], ids=["adjusted", "frame by frame"])
@pytest.mark.parametrize(("movie", "rate"), [("24000/1001", "24"), ("30", "30000/1001")])
def test_rates_that_hardly_differ(tmp_path: Path, movie: str, rate: str, adjusted: bool) -> None:
    """After some hundred frames one frame more or less was shown, though the strip is as long as the movie."""
    path = tmp_path / "long.mkv"
    make_media(movie_order(path, "blocks", 900, rate=movie) | {"width": WIDTH, "height": HEIGHT})
    scene = new_scene(WIDTH, HEIGHT)
    set_rate(scene, rate)
    seen, clip = looked_at(scene, (add_movie_at_its_rate if adjusted else add_movie)(scene, path))
    assert (list(seen) == list(seen.values())) != adjusted
    compare(tmp_path, [clip], [seen])
