# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of draft quality works on smaller images; what it leaves fits the clip all the same."""

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
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.exr import read_exr, read_plate
from skyar_blender.engine.media.images import read_matte_png

COUNT, SIZE = 3, (1284, 720)


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


def test_files_are_smaller_and_mattes_are_not(both):
    folder = Path(both["draft"].output)
    assert read_exr(folder / "sky" / "000002.exr").shape[1::-1] == (430, 242)
    assert read_plate(folder / "plate" / "000002.exr")[0].shape[1::-1] == (216, 122)
    assert read_matte_png(folder / "matte" / "000002.png").shape[1::-1] == SIZE
    movie = open_clip(Clip(path=str(folder / "preview.mp4")))
    assert (movie.width, movie.height, movie.count) == (640, 358, COUNT)


def test_it_looks_like_the_other(both):
    mattes, views = (
        [read(Path(job.output, kind, name)) for job in both.values()]
        for kind, name, read in (("matte", "000002.png", read_matte_png), ("sky", "000002.exr", read_exr))
    )
    assert np.abs(mattes[0].astype(float) - mattes[1]).mean() < 0.01 * 65535
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
