# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds of movies: those of a run that was ended midway, and of a movie with other settings, are not made again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from support.clips import landscape, write_movie
from support.jobs import copy_of, quick_job, report_of, run_here

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Job, Look
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job

#: With three frames a second a piece has three.
COUNT, RATE = 8, Fraction(3)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("done")
    job = quick_job(folder, write_movie(folder / "clip.mp4", [landscape(index) for index in range(COUNT)], rate=RATE))
    run_here(job)
    return job


def looking(job: Job, look: Look) -> Job:
    return replace(job, settings=replace(job.settings, look=look))


def made(job: Job) -> tuple[int, int]:
    """Runs the job; how many frames of its movies were made, and found."""
    run_here(job)
    row = report_of(Path(job.output))["stages"]["preview"]
    return int(row["computed"]), int(row["reused"])


def movies(job: Job) -> tuple[bytes, bytes]:
    folder = OutputFolder(Path(job.output))
    return folder.preview.read_bytes(), folder.compare.read_bytes()


class EndsMidway(CancelToken):
    """Cancels once a folder has a piece of both movies."""

    def __init__(self, folder: OutputFolder) -> None:
        super().__init__()
        self._folder = folder

    def check(self) -> None:
        if self._folder.compare_piece(1).exists():
            self.cancel("a test")
        super().check()


def test_frames_of_changed_settings_only(done: Job, tmp_path: Path) -> None:
    job = copy_of(done, tmp_path)
    before = movies(job)
    keyed = looking(job, Look(keyed={"mix": [1, 1, 1, 1, 0.5], "grain": [1.0]}))
    assert made(keyed) == (5, 3)
    after = movies(keyed)
    assert after != before
    assert not OutputFolder(Path(job.output)).preview_piece(1).parent.exists()
    assert made(looking(job, Look(keyed={"mix": [1, 1, 1, 1, 0.5, 0.5, 1]}))) == (0, 8)  # from two movies
    assert made(job) == (0, 8) and movies(job) == before
    (tmp_path / "fresh").mkdir()
    fresh = copy_of(done, tmp_path / "fresh")
    OutputFolder(Path(fresh.output)).kept_preview(1).unlink()
    assert made(looking(fresh, keyed.settings.look)) == (8, 0)
    assert movies(fresh) == after


def test_a_cancelled_one_goes_on(done: Job, tmp_path: Path) -> None:
    job = looking(copy_of(done, tmp_path), Look(sky_exposure=-1.0))
    folder = OutputFolder(Path(job.output))
    with pytest.raises(SkyarError) as caught:
        run_job(job, lambda _: None, EndsMidway(folder))
    assert caught.value.code is ErrorCode.CANCELLED and not folder.preview.exists()
    assert made(job) == (COUNT - 3, 3)
    (tmp_path / "fresh").mkdir()
    fresh = looking(copy_of(done, tmp_path / "fresh"), job.settings.look)
    assert made(fresh) == (COUNT, 0) and movies(fresh) == movies(job)
    assert not folder.preview_piece(1).parent.exists() and not folder.compare_piece(1).parent.exists()


def test_pieces_of_other_settings_go(done: Job, tmp_path: Path) -> None:
    job = copy_of(done, tmp_path)
    folder = OutputFolder(Path(job.output))
    with pytest.raises(SkyarError):
        run_job(looking(job, Look(sky_exposure=-1.0)), lambda _: None, EndsMidway(folder))
    assert folder.preview_piece(1).exists()
    assert made(looking(job, Look(sky_exposure=-2.0))) == (COUNT, 0)
    assert not folder.preview_piece(1).parent.exists()
