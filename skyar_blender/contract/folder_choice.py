# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing an output folder, so that no job ever lands on another's."""

from __future__ import annotations

import json
from collections.abc import Collection
from itertools import count
from pathlib import Path

from .job import Job
from .layout import OutputFolder


def holds_same_job(job: Job, folder: Path) -> bool:
    """Whether ``folder`` holds a run, perhaps unfinished, of this very job."""
    try:
        stored = json.loads(OutputFolder(folder).job.read_text(encoding="utf-8"))
        return isinstance(stored, dict) and job.makes_same_as(stored)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        return False


def first_content(folder: Path) -> Path | None:
    """Something in ``folder`` that no new job may land on, or None; a lock, and masks and motion that wait for
    their job, are not.

    Raises OSError where there is no such folder.
    """
    layout = OutputFolder(folder)
    for path in sorted(folder.iterdir()):
        if path == layout.state and path.is_dir():
            inside = [other for other in sorted(path.iterdir()) if other not in (layout.masks, layout.motion)]
            if inside:
                return inside[0]
        elif path != layout.lock:
            return path
    return None


def free_folder(job: Job, base: Path, planned: Collection[Job] = ()) -> Path:
    """``base`` where it is empty, missing, or holds this very job; else ``base-2``, ``base-3`` and so on.

    What other ``planned`` jobs will put somewhere counts as if it were there.
    """
    taken = {Path(other.output) for other in planned if not job.makes_same_as(other.to_dict())}
    for number in count(1):
        folder = base if number == 1 else base.with_name(f"{base.name}-{number}")
        if folder in taken:
            continue
        try:
            free = first_content(folder) is None
        except FileNotFoundError:
            free = True
        except NotADirectoryError:
            free = False
        if free or holds_same_job(job, folder):
            return folder
    raise AssertionError("numbers end")  # pragma: no cover
