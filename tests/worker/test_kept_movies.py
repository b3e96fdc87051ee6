# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies of earlier settings: going back to these makes none anew, and what is no longer the same is never shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from support.jobs import report_of, run_here

from skyar_blender.contract.job import Job, Look
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.worker.stored import kept_movies

COUNT = 6


def looking(job: Job, exposure: float) -> Job:
    return replace(job, settings=replace(job.settings, look=Look(sky_exposure=exposure)))


def made(job: Job) -> int:
    """Runs the job; how many frames of its movies were made."""
    run_here(job)
    return int(report_of(Path(job.output))["stages"]["preview"]["computed"])


def test_going_back_makes_none_anew(finished: Job) -> None:
    movie = OutputFolder(Path(finished.output)).preview
    first = movie.read_bytes()
    assert made(looking(finished, -1.0)) == 6
    second = movie.read_bytes()
    assert second != first
    assert made(finished) == 0 and movie.read_bytes() == first
    assert made(looking(finished, -1.0)) == 0 and movie.read_bytes() == second
    assert made(looking(finished, -1.0)) == 0


def test_another_matte_is_another_movie(finished: Job) -> None:
    folder = OutputFolder(Path(finished.output))
    assert made(looking(finished, -1.0)) == 6
    folder.matte(3).unlink()  # it comes back as it was
    assert made(finished) == 0
    for path in (folder.kept_preview(1), folder.kept_preview(2)):
        path.write_bytes(path.read_bytes()[:-9])  # as a disk spoils it
    assert made(looking(finished, -1.0)) == 6


def test_only_the_latest_stay(finished: Job) -> None:
    steps = [-0.5 * number for number in range(1, kept_movies.KEPT + 1)]
    for exposure in steps:
        assert made(looking(finished, exposure)) == 6
    folder = OutputFolder(Path(finished.output))
    assert len(list(folder.kept_preview(1).parent.iterdir())) == kept_movies.KEPT
    assert made(looking(finished, steps[0])) == 0
    assert made(finished) == 6


def test_movies_of_other_settings_where_there_were_none(finished: Job) -> None:
    """As Change Sky leaves a folder, and Bake goes on with it."""
    under_it = replace(finished, output=f"{finished.output}-2", reuse=finished.output, until="sky")
    run_here(under_it)
    assert not OutputFolder(Path(under_it.output)).preview.exists()
    assert made(replace(looking(under_it, -1.0), until="preview")) == 6
