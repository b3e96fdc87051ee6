# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of draft quality works on smaller images; what it tells fits the clip all the same."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.clips import landscape, write_movie
from support.jobs import quick_job, report_of, run_here

from skyar_blender.contract.job import Clip, Job, Settings
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.exr import read_exr, read_plate
from skyar_blender.engine.media.images import read_matte_png

COUNT, SIZE, WORKED_AT = 3, (1284, 720), (428, 240)


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> dict[str, Job]:
    """The same large clip done in both qualities."""
    folder = tmp_path_factory.mktemp("large")
    clip = write_movie(folder / "clip.mp4", [landscape(index, *SIZE) for index in range(COUNT)])
    jobs = {}
    for quality in ("draft", "normal"):
        settings = Settings(quality=quality, matte_method="adaptive", motion="STATIC", horizon=0.7)
        jobs[quality] = quick_job(folder, clip, output=str(folder / quality), settings=settings)
        run_here(jobs[quality])
    return jobs


def test_files_are_smaller_and_figures_are_not(both):
    folder = Path(both["draft"].output)
    assert read_exr(folder / "sky" / "000002.exr").shape[1::-1] == (430, 242)
    assert read_plate(folder / "plate" / "000002.exr")[0].shape[1::-1] == (216, 122)
    assert read_matte_png(folder / "matte" / "000002.png").shape[1::-1] == (430, 242)
    movie = open_clip(Clip(path=str(folder / "preview.mp4")))
    assert (movie.width, movie.height, movie.count) == (*WORKED_AT, COUNT)
    reports = [report_of(Path(job.output)) for job in both.values()]
    assert [report["figures"]["working_size"] for report in reports] == [list(WORKED_AT), None]
    assert all((report["clip"]["width"], report["clip"]["height"]) == SIZE for report in reports)
    tracks = [Track.from_json(Path(job.output, "track.json").read_text()) for job in both.values()]
    assert all((track.width, track.height) == SIZE for track in tracks)
    assert tracks[0].focal(1) == pytest.approx(tracks[1].focal(1), rel=1e-9)
    assert np.allclose(tracks[0].frames[1].homography, tracks[1].frames[1].homography)


def test_it_looks_like_the_other(both):
    mattes, views = (
        [read(Path(job.output, kind, name)) for job in both.values()]
        for kind, name, read in (("matte", "000002.png", read_matte_png), ("sky", "000002.exr", read_exr))
    )
    small = cv2.resize(mattes[1].astype(np.float32), WORKED_AT, interpolation=cv2.INTER_AREA)
    assert np.abs(mattes[0][1:-1, 1:-1] - small).mean() < 0.01 * 65535  # without its border
    seen = cv2.resize(views[0][1:-1, 1:-1], SIZE)  # without its border
    assert np.abs(seen / views[1] - 1).max() < 0.01
    lights = [report_of(Path(job.output))["figures"]["light"][0] for job in both.values()]
    assert np.abs(np.subtract(lights[0]["new_sky"], lights[1]["new_sky"])).max() < 0.01


def test_a_rerun_gives_the_same_previews(both, tmp_path):
    """Made from files they are what they were when made on the way."""
    job = both["draft"]
    before = Path(job.output, "preview.mp4").read_bytes()
    shutil.copytree(job.output, tmp_path / "out")
    again = replace(job, output=str(tmp_path / "out"))
    for name in ("preview.mp4", "sky/000001.exr"):
        Path(again.output, name).unlink()
    run_here(again)
    assert Path(again.output, "preview.mp4").read_bytes() == before
    made, found = (Path(each.output, "sky", "000001.exr").read_bytes() for each in (again, job))
    assert made == found


def test_another_quality_makes_all_of_it_anew(both, tmp_path):
    """Bars and all else that is remembered of small frames count for nothing at the clip's size."""
    shutil.copytree(both["draft"].output, tmp_path / "out")
    again = replace(both["normal"], output=str(tmp_path / "out"))
    run_here(again)
    for name in ("matte/000002.png", "sky/000002.exr", "plate/000002.exr", "preview.mp4", "track.json"):
        assert Path(again.output, name).read_bytes() == Path(both["normal"].output, name).read_bytes()
    assert report_of(Path(again.output))["stages"]["matte"]["reused"] == 0


def test_bars_and_what_stays_are_those_of_the_clip(tmp_path):
    """The report counts the clip's rows, files show them small."""
    images = [landscape(index, SIZE[0], SIZE[1]) for index in range(COUNT)]
    for image in images:
        image[:90] = image[-90:] = 0
    clip = write_movie(tmp_path / "clip.mp4", images)
    settings = Settings(quality="draft", matte_method="adaptive", motion="STATIC", horizon=0.7)
    job = quick_job(tmp_path, clip, output=str(tmp_path / "out"), settings=settings)
    run_here(job)
    bars = report_of(Path(job.output))["figures"]["bars"]
    assert [(each["top"], each["bottom"]) for each in bars] == [(90, 90)]
    area = read_matte_png(Path(job.output, "area", "000002.png"))
    assert area.shape[1::-1] == (430, 242)
    assert not area[:31].any() and area[31:-31].min() == 65535 and not area[-31:].any()
