# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders of results that nothing shows yet, and that must stay."""

from __future__ import annotations

from pathlib import Path

from . import pickups, queued


def needed_folders() -> list[Path]:
    """Those of jobs that are at work or wait, and of results that wait for their file to be opened."""
    return [*(Path(job.output) for job in queued.jobs()), *pickups.folders()]
