# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of the job that show the same source frame share the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..job.running_job import RunningJob


def fill_copies(running: RunningJob, path_of: Callable[[int], Path]) -> None:
    """Copy the file of each first number to the later numbers that show the same source frame."""
    for first, later in running.copies:
        if not path_of(later).exists():
            running.token.check()
            running.written.write(path_of(later), path_of(first).read_bytes())
