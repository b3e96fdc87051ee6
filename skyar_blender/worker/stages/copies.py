# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of the job that show the same source frame share the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..shot import Shot


def fill_copies(shot: Shot, path_of: Callable[[int], Path]) -> None:
    """Copy the file of each first number to the later numbers that show the same source frame."""
    for first, later in shot.copies:
        if not path_of(later).exists():
            shot.token.check()
            shot.written.write(path_of(later), path_of(first).read_bytes())
