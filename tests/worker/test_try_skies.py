# SPDX-License-Identifier: GPL-3.0-or-later
"""Several skies on one clip: mattes and motion are found once, and all are shown together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.jobs import report_of, skyar
from support.wandb_records import read_run

from skyar_blender.contract.job import Clip
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.wandb import waiting_runs
from skyar_blender.engine.composite.comparison import GAP, WIDTH, labelled_sheet, stripes
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.images import read_frame, write_png

COUNT = 6
COLOURS = {"red": (220, 60, 40), "green": (40, 200, 60), "blue": (40, 60, 220)}


@pytest.fixture
def skies(tmp_path: Path) -> str:
    paths = []
    for name, colour in COLOURS.items():
        paths.append(tmp_path / f"{name}.png")
        write_png(paths[-1], (np.ones((64, 128, 1)) * colour).astype(np.uint8))
    return ",".join(map(str, paths))


def frame_of(path: Path, number: int) -> np.ndarray:
    ((_, frame),) = open_clip(Clip(path=str(path))).frames([number])
    return frame


def test_each_sky_has_its_result_and_all_are_shown_together(make_movie, skies, tmp_path):
    clip, root = make_movie(images=COUNT), tmp_path / "out"
    options = ["--quality", "draft", "--matte-method", "adaptive", "--motion", "STATIC", "--wandb", "offline"]
    done = skyar("try", str(clip), "--skies", skies, "--output", str(root), *options)
    assert done.returncode == 0, done.stderr
    for index, name in enumerate(COLOURS):
        stages = report_of(root / name)["stages"]
        for stage in ("matte", "track", "plate"):
            assert stages[stage]["computed"] == (COUNT if index == 0 else 0)
        assert stages["sky"]["computed"] == stages["preview"]["computed"] == COUNT
    together = frame_of(root / "skies.mp4", 3)
    height, width = together.shape[:2]
    sky = together[: height // 8]
    for place, (name, colour) in enumerate(COLOURS.items(), start=1):
        stripe = sky[:, place * width // 4 + 3 : (place + 1) * width // 4 - 3]
        alone = frame_of(root / name / "preview.mp4", 3)[: height // 8]
        same = alone[:, place * width // 4 + 3 : (place + 1) * width // 4 - 3]
        assert np.abs(stripe.astype(int) - same).mean() < 4, name
        assert stripe.mean((0, 1)).argmax() == np.argmax(colour)
    sheet = read_frame(root / "skies.jpg")
    assert sheet.shape[1] == 2 * (WIDTH + GAP) + GAP

    runs = [read_run(folder) for folder in waiting_runs(root)]
    assert {run.run.display_name for run in runs} == {*(f"clip, {name}" for name in COLOURS), "clip, 3 skies"}
    assert {run.run.run_group for run in runs} == {"clip"}
    (whole,) = [run for run in runs if run.run.job_type == "try"]
    (row,) = whole.history
    assert row["skies/nrows"] == 3 and row["split_screen/_type"] == "video-file"
    # Once more: nothing is made or logged again, and the three are still there.
    assert skyar("try", str(clip), "--skies", skies, "--output", str(root), *options).returncode == 0
    assert report_of(root / "blue")["stages"]["sky"]["computed"] == 0
    assert len([run for run in map(read_run, waiting_runs(root)) if run.run.job_type != "try"]) == 3


def test_previews_are_as_large_as_they_are_wanted(make_movie, skies, tmp_path):
    clip, root = make_movie(images=2), tmp_path / "out"
    options = ["--quality", "draft", "--matte-method", "adaptive", "--motion", "STATIC", "--output", str(root)]
    source = open_clip(Clip(path=str(clip)))
    assert skyar("try", str(clip), "--skies", skies, "--preview-size", "64", *options).returncode == 0
    movie = open_clip(Clip(path=str(root / "red" / "preview.mp4")))
    assert movie.width == 64 and movie.height == pytest.approx(64 * source.height / source.width, abs=1)
    # The same result with its own size again.
    replaced = ["replace", str(clip), "--sky", skies.split(",")[0], *options[:-1], str(root / "red")]
    assert skyar(*replaced).returncode == 0
    assert open_clip(Clip(path=str(OutputFolder(root / "red").preview))).width == source.width


@pytest.mark.parametrize("skies", ["sunset", "sunset,sunset"])
def test_fewer_than_two_skies_are_refused(make_movie, skies, tmp_path):
    done = skyar("try", str(make_movie(images=2)), "--skies", skies, "--output", str(tmp_path / "out"))
    assert done.returncode == 2 and "at least two" in done.stderr


def test_stripes_and_sheet():
    images = [np.full((30, 40, 3), level, np.uint8) for level in (10, 100, 200)]
    whole = stripes(images)
    assert [whole[5, x, 0] for x in (2, 20, 38)] == [10, 100, 200]
    with pytest.raises(ValueError, match="differ"):
        stripes([images[0], images[1][:20]])
    sheet = labelled_sheet(images, ["a", "b", "c"])
    assert sheet[GAP + 5, GAP + 5, 0] == 10 and sheet[GAP + 5, WIDTH + 2 * GAP + 5, 0] == 100
