# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on small clips, run in this process or in a worker of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support.clips import landscape, write_movie
from support.jobs import copy_of, quick_job, run_here

from skyar_blender.contract import events
from skyar_blender.contract.job import Job


@pytest.fixture
def job_for(tmp_path: Path) -> Callable[..., Job]:
    """``job_for(clip, **changes)``: see :func:`support.jobs.quick_job`; all of it lies in the test's folder."""
    return partial(quick_job, tmp_path)


@pytest.fixture(scope="module")
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job of as many frames as the module's ``COUNT``, done by an undisturbed run, for all of its tests."""
    folder = tmp_path_factory.mktemp("done")
    images = [landscape(index) for index in range(request.module.COUNT)]
    job = quick_job(folder, write_movie(folder / "clip.mp4", images))
    run_here(job)
    return job


@pytest.fixture
def finished(done: Job, tmp_path: Path) -> Job:
    """The same in the test's folder, so that a test may spoil it."""
    return copy_of(done, tmp_path)


@pytest.fixture
def run() -> Callable[[Job], list[events.Event]]:
    """Run a job here; its events."""
    return run_here
