# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker whose standard input has ended while something in it never returns."""

from __future__ import annotations

import subprocess
import sys

from skyar_blender.contract.errors import EXIT_STATUS, ErrorCode

STUCK = """
import time
from skyar_blender.worker.process import control

control._GRACE = 0.1
control.watch_supervisor(control.CancelToken())
time.sleep(60)
"""


def test_it_ends_and_says_why() -> None:
    command = [sys.executable, "-c", STUCK]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=50, check=False)
    assert ended.returncode == EXIT_STATUS[ErrorCode.CANCELLED]
    assert "standard input has ended" in ended.stderr
