# SPDX-License-Identifier: GPL-3.0-or-later
"""How long earlier runs took, and what room results take."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from skyar_blender.common.disk_use import disk_use
from skyar_blender.common.speeds import EarlierRun, add_speed, foretold, read_speeds, work_of
from skyar_blender.contract.job import Clip, Job, Look, Settings, Sky

JOB = Job(clip=Clip(path="/clip.mp4"), output="/out", sky=Sky(source="sunset"))


def test_earlier_runs_are_kept_and_damaged_ones_left_out(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "speeds.json"
    assert read_speeds(path) == read_speeds(None) == []
    work = work_of(JOB, (1920, 1080), 60)
    for number in range(45):
        add_speed(path, EarlierRun(work, {"matte": 10.0 + number}))
    runs = read_speeds(path)
    assert len(runs) == 40 and runs[-1] == EarlierRun(work, {"matte": 54.0})
    data = json.loads(path.read_text())
    broken = [
        None,
        {"work": {}},
        {**data["runs"][0], "seconds": {"matte": "10"}},
        {**data["runs"][0], "work": {**data["runs"][0]["work"], "width": 0}},
    ]
    path.write_text(json.dumps({"runs": [*broken, data["runs"][0]]}))
    assert len(read_speeds(path)) == 1
    path.write_text("{")
    assert read_speeds(path) == []


def test_a_run_like_an_earlier_one_takes_as_long() -> None:
    work = work_of(JOB, (1920, 1080), 60)
    took = {phase: 3.0 * seconds for phase, seconds in work.ordinary().items()} | {"frames": 40.0}
    found = foretold(work, [EarlierRun(work, dict(work.ordinary())), *3 * [EarlierRun(work, took)]])
    assert found["frames"] == pytest.approx(40.0, rel=0.3) and found["matte"] == pytest.approx(took["matte"], rel=0.3)
    # Another device tells nothing.
    assert foretold(replace(work, device="cuda"), [EarlierRun(work, took)]) == work.ordinary()


def test_only_what_is_to_be_done_takes_time() -> None:
    whole = work_of(JOB, (1920, 1080), 60)
    changed = work_of(replace(JOB, reuse="/other"), (1920, 1080), 60)
    assert set(whole.frames) - set(changed.frames) == {"survey", "matte", "track", "second_look", "plate"}
    assert changed.ordinary()["matte"] == 0 < changed.ordinary()["frames"] < whole.ordinary()["frames"]
    rest = work_of(JOB, (1920, 1080), 60, {"survey": 60, "matte": 60, "plate": 50})
    assert rest.frames["plate"] == 10 and "matte" not in rest.frames and rest.frames["sky"] == 60
    short = work_of(replace(JOB, until="matte"), (1920, 1080), 60)
    assert set(short.frames) == {"start", "survey", "matte"}
    rainy = replace(JOB, settings=Settings(look=Look(rain=0.5)))
    assert work_of(rainy, (1920, 1080), 60).ordinary()["prepare"] > whole.ordinary()["prepare"]
    still = work_of(replace(JOB, sky=Sky(source="sunny")), (1920, 1080), 60)
    for source in ("thunderstorm", "sunset"):  # a movie, and clouds that drift
        moving = work_of(replace(JOB, sky=Sky(source=source)), (1920, 1080), 60)
        assert moving.ordinary()["frames"] > still.ordinary()["frames"]
        stopped = work_of(replace(JOB, sky=Sky(source=source, speed=0.0)), (1920, 1080), 60)
        assert stopped.ordinary() == still.ordinary()


#: Megabytes that results took: a drone shot and leaves in a park under still and moving skies; those of a clip under
#: its second sky and later ones without mattes and plates, and without movies. What a view of a sky takes depends on
#: where it looks, and a matte on how many leaves there are, so that a shot may be further off than these.
MEASURED = [
    ((854, 480), 60, "normal", "sunset", 0.0, False, 71.0),
    ((854, 480), 60, "normal", "blue_hour", 0.0, True, 47.4),
    ((854, 480), 60, "normal", "galaxy", 0.0, True, 45.6),
    ((854, 480), 60, "normal", "cumulus", 0.0, True, 39.0),
    ((854, 480), 60, "normal", "cloudy", 0.0, True, 38.7),
    ((854, 480), 60, "normal", "jupiter", 0.0, True, 36.9),
    ((854, 480), 60, "normal", "sunny", 0.0, True, 33.3),
    ((854, 480), 60, "normal", "thunderstorm", 0.6, True, 46.6),
    ((1920, 1080), 30, "normal", "sunset", 0.0, False, 139.0),
    ((1920, 1080), 30, "normal", "cloudy", 0.0, True, 65.2),
    ((1920, 1080), 30, "normal", "thunderstorm", 0.6, True, 95.2),
    ((1920, 1080), 30, "normal", "sunny", 0.0, True, 53.2),
    ((1920, 1080), 30, "normal", "golden_hour", 0.0, True, 87.9),
    ((1920, 1080), 30, "draft", "sunset", 0.0, False, 20.9),
]


@pytest.mark.parametrize(("size", "frames", "quality", "sky", "rain", "changed", "megabytes"), MEASURED)
def test_room_on_the_disk(
    size: tuple[int, int], frames: int, quality: str, sky: str, rain: float, changed: bool, megabytes: float
) -> None:
    settings = Settings(quality=quality, look=Look(rain=rain))  # type: ignore[arg-type]
    job = replace(JOB, sky=Sky(source=sky), settings=settings)
    if changed:
        job = replace(job, reuse="/other", until="sky")
    made = {"matte": frames, "plate": frames} if changed else None
    takes = disk_use(job, size, frames, made)
    assert takes.usual / 1e6 == pytest.approx(megabytes, rel=0.2) and takes.least < takes.usual
    made = {"matte": frames, "plate": frames, "sky": frames, "preview": frames, "rain": 32}
    assert disk_use(job, size, frames, made).usual == 0
