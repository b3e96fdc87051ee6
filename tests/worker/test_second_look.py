# SPDX-License-Identifier: GPL-3.0-or-later
"""A cloud that is doubtful in some frames: the others tell, once the camera is known, and a rerun gives the same."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.jobs import digests, report_of
from support.networks import tiny_onnx

from skyar_blender.contract.job import Clip, Settings
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.media.images import read_matte_png, write_png
from skyar_blender.worker.stages.second_look import _runs

COUNT, GREY = 17, range(5, 11)
CLOUD = (slice(12, 30), slice(50, 100))


@pytest.fixture(scope="module")
def footage(tmp_path_factory) -> tuple[Clip, Path]:
    """A locked shot whose cloud turns grey for a while, and a network that takes grey for ground, not surely."""
    folder = tmp_path_factory.mktemp("cloud")
    random = np.random.default_rng(0)
    ground = random.integers(30, 90, (46, 160, 1)) * np.array([1.2, 1.0, 0.7])
    for index in range(COUNT):
        image = np.full((96, 160, 3), (110, 150, 220), float)
        image[50:] = ground
        image[CLOUD] = (200, 201, 205) if index in GREY else (190, 205, 235)
        write_png(folder / f"{index + 1:02d}.png", image.astype(np.uint8))
    names = [path.name for path in sorted(folder.glob("*.png"))]
    return Clip(path=str(folder), kind="sequence", files=names), tiny_onnx(folder / "tiny.onnx", blue=40, sure=4)


@pytest.fixture
def job(footage, job_for):
    clip, weights = footage
    settings = Settings(quality="normal", matte_method="network", matting_weights=str(weights), motion="STATIC")
    return job_for(clip, settings=settings, until="track")


def mean_of_cloud(path: Path) -> float:
    return float(read_matte_png(path)[CLOUD].mean()) / 65535


def test_the_other_frames_tell(job, run):
    run(job)
    folder = OutputFolder(Path(job.output))
    after = range(GREY.stop, COUNT)  # something of the matte before is in each
    assert report_of(folder.root)["stages"]["second_look"]["computed"] == len(GREY) + len(after)
    for number in range(1, COUNT + 1):
        assert mean_of_cloud(folder.matte(number)) > 0.95
        assert folder.first_matte(number).exists() == (number > GREY.start)
    assert min(mean_of_cloud(folder.first_matte(index + 1)) for index in GREY) < 0.5


def test_single_frames_are_no_reason():
    assert list(_runs([3, 4, 9, 20, 21, 23, 24, 40])) == [(20, 24)]


def test_a_rerun_gives_the_same(job, run, tmp_path):
    run(job)
    folder = OutputFolder(Path(job.output))
    expected = digests(folder.root)
    times = {path: path.stat().st_mtime_ns for path in folder.matte(1).parent.iterdir()}
    run(job)
    assert times == {path: path.stat().st_mtime_ns for path in folder.matte(1).parent.iterdir()}
    for number in (6, 7):  # as if it had been stopped before these were made once more
        shutil.copy(folder.first_matte(number), folder.matte(number))
    for number in (8, 10, 11):
        folder.matte(number).unlink()
    run(job)
    assert digests(folder.root) == expected


def test_mattes_alone_then_all_the_rest(job, run, tmp_path):
    run(replace(job, until="matte"))
    (OutputFolder(Path(job.output)).prediction(3)).unlink()  # lost
    run(job)
    other = replace(job, output=str(tmp_path / "at once"))
    run(other)
    assert digests(Path(job.output)) == digests(Path(other.output))


def test_the_frames_of_a_draft_are_not_compared(job, run):
    run(replace(job, settings=replace(job.settings, quality="draft")))
    folder = OutputFolder(Path(job.output))
    assert report_of(folder.root)["stages"]["second_look"]["computed"] == 0
    assert not folder.prediction(1).parent.exists()
    assert min(mean_of_cloud(folder.matte(index + 1)) for index in GREY) < 0.5
