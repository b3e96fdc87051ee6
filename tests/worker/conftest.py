# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on small clips, run in this process or in a worker of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support.jobs import quick_job, run_here

from skyar_blender.contract import events
from skyar_blender.contract.job import Job


@pytest.fixture
def job_for(tmp_path: Path) -> Callable[..., Job]:
    """``job_for(clip, **changes)``: see :func:`support.jobs.quick_job`; all of it lies in the test's folder."""
    return partial(quick_job, tmp_path)


@pytest.fixture
def run() -> Callable[[Job], list[events.Event]]:
    """Run a job here; its events."""
    return run_here
