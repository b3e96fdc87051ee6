# SPDX-License-Identifier: GPL-3.0-or-later
"""The report tells how sure each matte is, and a warning names the frames in doubt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.jobs import report_of
from support.networks import shipped_folder

from skyar_blender.contract import events
from skyar_blender.contract.job import Settings
from skyar_blender.engine.matte.network import weights

#: All that the network says is believed, or next to nothing of it.
SURE = "margins = [0.0, 1.0]\nright = [0.99999, 1.0]\nbias = 1.0\noverlap = 1.0\nrefused = -0.5"
UNSURE = "margins = [0.0, 1.0]\nright = [0.5, 0.6]\nbias = -2.0\noverlap = 2.0\nrefused = -0.5"
COUNT = 6


@pytest.fixture
def job(make_movie, job_for, tmp_path, monkeypatch):
    """``job(numbers)``: mattes of six frames by a tiny network, as if it was the shipped one."""

    def make(numbers: str):
        folder = shipped_folder(tmp_path / "models")
        with (folder / "sky_matte.toml").open("a") as file:
            file.write(f"\n[confidence]\n{numbers}\n")
        monkeypatch.setattr(weights, "models_folder", lambda: folder)
        settings = Settings(quality="draft", matte_method="network")
        return replace(job_for(make_movie(images=COUNT), settings=settings), until="matte", device="cpu")

    return make


def told_of(job) -> list[float | None]:
    return [frame["matte_confidence"] for frame in report_of(Path(job.output))["frames"]]


def test_sure_mattes_are_told_without_a_warning_and_the_same_after_a_rerun(job, run):
    sure = job(SURE)
    reported = run(sure)
    first = told_of(sure)
    figures = report_of(Path(sure.output))["figures"]
    assert len(first) == COUNT and min(first) > 0.6 and figures["matte_confidence_min"] == min(first)
    assert figures["matte_weak_ranges"] == []
    assert not [event for event in reported if isinstance(event, events.Warning) and event.code == "weak_matte"]
    Path(sure.output, "matte", "000003.png").unlink()
    run(sure)
    assert told_of(sure) == first
    Path(sure.output, "state", "matte_confidence.json").unlink()  # as after a run that was cut off
    Path(sure.output, "matte", "000003.png").unlink()
    run(sure)
    assert told_of(sure) == first


def test_doubt_is_named_by_its_frames_with_what_to_do(job, run):
    unsure = job(UNSURE)
    (warning,) = [each for each in run(unsure) if isinstance(each, events.Warning) and each.code == "weak_matte"]
    assert warning.what == f"The sky is uncertain in {COUNT} of {COUNT} frames."
    assert f"Frames 1 to {COUNT}" in warning.why and "Sky Corrections" in warning.todo and "“high”" in warning.todo
    (weak,) = report_of(Path(unsure.output))["figures"]["matte_weak_ranges"]
    assert (weak["first"], weak["last"]) == (0, COUNT - 1) and weak["confidence"] < 0.3 and weak["suggestion"]


def test_a_method_that_does_not_know_says_nothing(make_movie, job_for, run):
    adaptive = replace(job_for(make_movie(images=3)), until="matte")
    run(adaptive)
    assert told_of(adaptive) == [None] * 3
    assert report_of(Path(adaptive.output))["figures"]["matte_confidence_mean"] is None
