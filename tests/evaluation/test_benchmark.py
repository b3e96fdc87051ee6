# SPDX-License-Identifier: GPL-3.0-or-later
"""`skyar benchmark`: what it tells of a run is what the run did."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner

from skyar_blender.contract.job import STAGES
from skyar_blender.evaluation.benchmark.compared import further_frames, scaling
from skyar_blender.worker.cli.app import app


def test_a_run_and_its_floor_are_timed(tmp_path: Path) -> None:
    figures, plot = tmp_path / "speed.json", tmp_path / "speed.png"
    command = ["benchmark", "--size", "160x96", "--frames", "4", "--quality", "draft", "--sky", "jupiter"]
    result = CliRunner().invoke(app, [*command, "--json", str(figures), "--plot", str(plot)])
    assert result.exit_code == 0, result.output
    (run,) = json.loads(figures.read_text(encoding="utf-8"))["runs"]
    assert (run["width"], run["height"], run["frames"]) == (160, 96, 4)
    stages = run["stages"]
    names = list(stages)
    assert (names[0], names[-1]) == ("start", "end")
    assert [name for name in names if name in STAGES] == list(STAGES)
    assert sum(times["seconds"] for times in stages.values()) == pytest.approx(run["seconds"], abs=0.01)
    assert 0 < run["first_event_seconds"] <= run["first_frame_seconds"] <= run["seconds"]
    assert run["fps"] == pytest.approx(4 / run["seconds"], rel=0.01)
    assert 0 < run["floor_seconds"] < run["seconds"]
    assert run["written_mb"] > 0.05 and run["peak_memory_mb"] > 50
    assert cv2.imread(str(plot)).shape[1] == 1200


def test_runs_tell_of_cores_and_lengths() -> None:
    def run(frames: int, cores: int, seconds: float) -> dict[str, float]:
        return {"width": 854, "height": 480, "frames": frames, "cores": cores, "seconds": seconds}

    runs = [run(100, 1, 20.0), run(100, 4, 8.0), run(1000, 4, 53.0), run(60, 2, 9.0)]
    (one,) = scaling(runs)
    assert (one["cores"], one["times_as_fast"], one["of_ideal"]) == (4, 2.5, 0.625)
    (further,) = further_frames(runs)
    assert (further["from_frames"], further["to_frames"], further["ms"]) == (100, 1000, 50.0)


@pytest.mark.parametrize(
    "wrong", [["--size", "big"], ["--size", "1x1"], ["--frames", "0"], ["--cores", "1,many"], ["--frames", "9999999"]]
)
def test_wrong_options_are_told(wrong: list[str]) -> None:
    result = CliRunner().invoke(app, ["benchmark", *wrong])
    assert result.exit_code == 2
    assert wrong[0] in result.output and "Wanted" in result.output
