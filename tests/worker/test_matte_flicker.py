# SPDX-License-Identifier: GPL-3.0-or-later
"""The report tells how much the mattes flicker, whatever became of earlier runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.clips import landscape
from support.jobs import report_of, take_as_written

from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.images import read_matte_png, write_matte_png
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job

COUNT = 8


@pytest.fixture
def matte_job(make_movie, job_for):
    return replace(job_for(make_movie(images=COUNT)), until="matte")


def flickers(job) -> list[float | None]:
    return [frame["matte_flicker"] for frame in report_of(Path(job.output))["frames"]]


def test_every_frame_but_the_first_has_a_figure(matte_job, run):
    run(matte_job)
    first, *others = flickers(matte_job)
    assert first is None and all(0 <= value < 0.02 for value in others)
    assert report_of(Path(matte_job.output))["figures"]["matte_flicker"] == pytest.approx(np.mean(others), abs=1e-6)


class StopAfter(CancelToken):
    """Cancels when a stage has counted so many frames."""

    def __init__(self, frame: int) -> None:
        super().__init__()
        self.frame = frame

    def check(self) -> None:
        self.frame -= 1
        if self.frame < 0:
            self.cancel("The test wants it so.")
        super().check()


def test_a_stopped_run_goes_on_with_the_same_figures(matte_job, run, tmp_path):
    undisturbed = replace(matte_job, output=str(tmp_path / "undisturbed"))
    run(undisturbed)
    with pytest.raises(SkyarError) as caught:
        # The look over the clip, the samples, and the mattes are counted.
        run_job(matte_job, lambda event: None, StopAfter(2 * COUNT + 5))
    assert caught.value.code == ErrorCode.CANCELLED
    assert 0 < len(list(Path(matte_job.output, "matte").iterdir())) < COUNT
    run(matte_job)
    assert flickers(matte_job) == flickers(undisturbed)


@pytest.mark.parametrize("lost", [["matte/000004.png"], ["state/matte_flicker.json"]])
def test_what_is_lost_is_found_again(matte_job, run, lost):
    run(matte_job)
    before = flickers(matte_job)
    for name in lost:
        Path(matte_job.output, name).unlink()
    reported = run(matte_job)
    assert isinstance(reported[-1], events.Done)
    assert flickers(matte_job) == before


def test_a_matte_made_anew_is_compared_with_its_neighbours_anew(matte_job, run):
    run(matte_job)
    before = flickers(matte_job)
    Path(matte_job.output, "matte", "000004.png").unlink()
    kept = Path(matte_job.output, "state", "matte_flicker.json")
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"3": 0.9, "4": 0.9}))
    take_as_written(Path(matte_job.output), "state/matte_flicker.json")
    run(matte_job)
    assert flickers(matte_job) == before


def test_mattes_that_flicker_have_a_higher_figure(matte_job, run):
    run(matte_job)
    before = report_of(Path(matte_job.output))["figures"]["matte_flicker"]
    path = Path(matte_job.output, "matte", "000004.png")
    write_matte_png(path, 65535 - read_matte_png(path))
    take_as_written(Path(matte_job.output), "matte/000004.png")
    Path(matte_job.output, "state", "matte_flicker.json").unlink()
    run(matte_job)
    assert report_of(Path(matte_job.output))["figures"]["matte_flicker"] > before + 0.2


def test_frames_in_another_order_carry_the_figure_of_their_source(make_movie, job_for, run, tmp_path):
    clip = make_movie(images=5)
    forward = replace(job_for(clip, output=str(tmp_path / "forward")), until="matte")
    shuffled = replace(job_for(Clip(path=str(clip), order=[4, 2, 2, 3, 1, 0])), until="matte")
    run(forward)
    run(shuffled)
    expected = flickers(forward)
    assert flickers(shuffled) == pytest.approx([expected[source] for source in (4, 2, 2, 3, 1, 0)], abs=2e-3)


def test_one_image_has_none(make_movie, job_for, run):
    job = replace(job_for(make_movie(images=[landscape(0)])), until="matte")
    run(job)
    assert flickers(job) == [None] and report_of(Path(job.output))["figures"]["matte_flicker"] is None
