# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make train` would run, which takes too long to be run by a test."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("make_scenes", "make_cut_outs", "train", "export")
MEASURED = ("make_evaluation", "calibrate")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(("data", "steps"), [("", STEPS), ("material", STEPS + MEASURED)])
def test_each_step_is_one_whole_command(data: str, steps: tuple[str, ...]) -> None:
    asked = ["make", "--dry-run", "--always-make", "train", f"DATA={data}"]
    printed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    commands = printed.replace("\\\n", " ").splitlines()
    first = next(index for index, line in enumerate(commands) if "make_scenes" in line)
    for step, command in zip(steps, commands[first:], strict=True):
        assert "python " in command and f"{step}" in command, command
    assert not data or all(f"{data}/" in command for command in (commands[first], commands[first + 1]))
