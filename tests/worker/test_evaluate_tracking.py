# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate tracking``."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from skyar_blender.worker.cli.app import app

REFERENCE = Path(__file__).parent.parent / "support" / "reference_tracker.py"


def evaluate(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["evaluate", "tracking", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == status, result.output
    return result.output


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


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    assert "No case begins with nonsense" in evaluate("--cases", "nonsense", status=7)
    (tmp_path / "empty.py").write_text("")
    for path in (tmp_path / "empty.py", tmp_path / "none.py"):
        assert "no tracker to compare with" in evaluate("--cases", "roll", "--against", str(path), status=7)
