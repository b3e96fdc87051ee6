# SPDX-License-Identifier: GPL-3.0-or-later
"""A process beside the tests that is asked by a line and answers by one; it ends with them."""

from __future__ import annotations

import atexit
import subprocess
from collections.abc import Mapping, Sequence


class HelperProcess:
    """Started at once; loading what it needs takes longer than an answer, so one serves all tests of a process."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
        atexit.register(self._end)

    def ask(self, line: str) -> str:
        """Its answer, without the end of the line; empty where it has died."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rstrip("\n")

    def _end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
