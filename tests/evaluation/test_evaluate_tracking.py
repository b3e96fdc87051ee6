# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate tracking``."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from skyar_blender.evaluation.tracking.cases import Case
from skyar_blender.evaluation.tracking.footage import shoot
from skyar_blender.evaluation.tracking.moves import turning
from skyar_blender.evaluation.tracking.world import make_world, overcast
from skyar_blender.worker.cli.app import app

REFERENCE = Path(__file__).parent.parent / "support" / "reference_tracker.py"


def evaluate(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["evaluate", "tracking", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == status, result.output
    return result.output


@pytest.fixture
def small(tmp_path: Path) -> tuple[str, str]:
    """A panorama that no case of these tests looks at: the shipped one takes seconds to read, in each process."""
    path = tmp_path / "small.png"
    cv2.imwrite(str(path), np.full((64, 128, 3), 90, np.uint8))
    return "--panorama", str(path)


def test_ours_is_nearer_to_the_truth_than_the_reference(tmp_path: Path) -> None:
    file = tmp_path / "tracking.json"
    shown = evaluate(
        *("--cases", "pan: gradient noise 1.5", "--limit", "14", "--against", str(REFERENCE), "--json", str(file))
    )
    assert "pan: gradient noise 1.5" in shown
    (case,) = json.loads(file.read_text())["cases"]
    assert set(case["corner_error"]) == {"10", "last"}
    assert case["corner_error"]["last"] < 0.5 < 5 < case["baseline_error"]["last"]
    assert len(case["frames"]) == 14 and case["ms_per_frame"] > 0
    assert case["min_confidence"] == min(frame["confidence"] for frame in case["frames"])


def test_several_cases_are_measured_at_a_time_in_their_order(tmp_path: Path, small: tuple[str, str]) -> None:
    file = tmp_path / "tracking.json"
    evaluate("--cases", "roll: gradient noise", "--limit", "2", "--processes", "2", "--json", str(file), *small)
    names = [case["name"] for case in json.loads(file.read_text())["cases"]]
    assert names == ["roll: gradient noise 0.5", "roll: gradient noise 1.5", "roll: gradient noise 3"]


def test_what_cannot_be_measured_is_said(tmp_path: Path, small: tuple[str, str]) -> None:
    assert "No case begins with nonsense" in evaluate("--cases", "nonsense", *small, status=7)
    (tmp_path / "empty.py").write_text("")
    for path in (tmp_path / "empty.py", tmp_path / "none.py"):
        assert "no tracker to compare with" in evaluate("--cases", "roll", "--against", str(path), *small, status=7)


def test_clips_of_ones_own(tmp_path: Path) -> None:
    focal, size = 200.0, (256, 144)
    case = Case(
        name="turn", place=lambda: make_world(overcast(6), 11, near=False), width=size[0], height=size[1], frames=9,
        move=turning(focal, 9, yaw=6, roll=2),
    )  # fmt: skip
    rendered, plain = tmp_path / "rendered", tmp_path / "plain"
    (rendered / "alpha").mkdir(parents=True)
    plain.mkdir()
    for number, (frame, matte) in enumerate(shoot(case)):
        for folder in (rendered, plain):
            cv2.imwrite(str(folder / f"{number:06d}.png"), np.ascontiguousarray(frame[..., ::-1]))
        cv2.imwrite(str(rendered / "alpha" / f"{number:06d}.png"), matte)
    to_world = [case.move(index).rotation.T.tolist() for index in range(case.frames)]
    metadata = {"focal_px": focal, "width": size[0], "height": size[1], "rotation": to_world}
    (rendered / "camera.json").write_text(json.dumps(metadata))
    file = tmp_path / "tracking.json"
    evaluate(str(rendered), str(plain), "--method", "adaptive", "--against", str(REFERENCE), "--json", str(file))
    with_truth, without = json.loads(file.read_text())["cases"]
    assert with_truth["name"] == "rendered" and with_truth["corner_error"]["last"] < 0.5
    assert with_truth["baseline_error"]["last"] > with_truth["corner_error"]["last"]
    assert without["corner_error"] is without["max_error"] is None
    assert without["frames"][-1]["confidence"] > 0.5
    assert without["return_error"] == {"returns": 0, "median": None, "worst": None}
