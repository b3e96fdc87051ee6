# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on small clips, run in this process or in a worker of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.jobs import run_here

from skyar_blender.contract import events
from skyar_blender.contract.job import Clip, Job, Settings, Sky
from skyar_blender.engine.media.images import write_png


@pytest.fixture
def job_for(tmp_path: Path) -> Callable[..., Job]:
    """``job_for(clip, **changes)``: a quick job on a movie, under a small sky of the test's own."""
    panorama = tmp_path / "panorama.png"
    rows = np.linspace(255, 60, 64)[:, None, None]
    write_png(panorama, (rows * np.array([0.9, 0.5, 0.3]) * np.ones((1, 128, 1))).astype(np.uint8))

    def make(clip: Path | Clip, **changes: object) -> Job:
        source = clip if isinstance(clip, Clip) else Clip(path=str(clip))
        job = Job(
            clip=source,
            sky=Sky(source=str(panorama)),
            output=str(tmp_path / "out"),
            settings=Settings(quality="draft", matte_method="adaptive"),
        )
        return replace(job, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def run() -> Callable[[Job], list[events.Event]]:
    """Run a job here; its events."""
    return run_here
