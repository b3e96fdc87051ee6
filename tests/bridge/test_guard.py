# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard between Blender and what it starts: nothing goes on alone, and ends are told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skyar_blender.bridge.guard import guarded


@pytest.mark.skipif(os.name != "posix", reason="looks for a process by its number")
def test_nothing_goes_on_when_blender_is_killed(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(100)"]
    watcher = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from pathlib import Path\n"
            "from skyar_blender.bridge.guard import guarded\n"
            "from skyar_blender.bridge.process import WatchedProcess\n"
            "process = WatchedProcess(guarded(Path(sys.executable), sys.argv[1:]), merge=True)\n"
            "process.start()\n"
            "while not (lines := process.poll()): time.sleep(0.01)\n"
            "print(lines[0], flush=True)\n"
            "time.sleep(100)\n",
            *program,
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert watcher.stdout is not None
    pid = int(watcher.stdout.readline())
    os.kill(pid, 0)
    watcher.kill()
    watcher.wait()
    end = time.monotonic() + 20
    with pytest.raises(ProcessLookupError):
        while time.monotonic() < end:
            os.kill(pid, 0)
            time.sleep(0.05)


def test_a_guard_tells_how_the_program_ended(tmp_path: Path) -> None:
    def status(*command: str) -> int:
        with subprocess.Popen(
            guarded(Path(sys.executable), command), stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            return process.wait(30)

    assert [status(sys.executable, "-c", f"raise SystemExit({number})") for number in (0, 3)] == [0, 3]
    assert status(str(tmp_path / "no program")) == 1
