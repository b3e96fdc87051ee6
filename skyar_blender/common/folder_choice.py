# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing an output folder, so that no job ever lands on another's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import count
from pathlib import Path
from typing import Any

from ..contract.documents import read_object
from ..contract.file_record import read_record
from ..contract.job import Job
from ..contract.layout import OutputFolder
from .new_file import PARTIAL


def holds_same_job(job: Job, folder: Path) -> bool:
    """Whether ``folder`` holds a run, perhaps unfinished, of this very job; also where its job.json is damaged, as
    long as the record of its files tells."""
    layout = OutputFolder(folder)
    try:
        if job.makes_same_as(read_stored(layout)):
            return True
    except (OSError, ValueError):
        pass
    recorded = read_record(layout).job
    return recorded is not None and job.makes_same_as(recorded)


def read_stored(folder: OutputFolder) -> dict[str, Any]:
    """The job in ``folder`` as plain data, unchecked.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no JSON object.
    """
    return read_object(folder.job)


def first_content(folder: Path) -> Path | None:
    """Something in ``folder`` that no new job may land on, or None; a lock, masks and motion that wait for their
    job, and files that were never finished are not.

    Raises OSError where there is no such folder.
    """
    layout = OutputFolder(folder)
    waiting = (layout.lock, layout.masks, layout.motion)
    for path in sorted(folder.iterdir()):
        inside = sorted(path.iterdir()) if path == layout.state and path.is_dir() else [path]
        for other in inside:
            if other not in waiting and not other.name.startswith(PARTIAL):
                return other
    return None


def holds_same_but_the_look(job: Job, folder: Path) -> bool:
    """Whether ``folder`` holds a run of a job that differs in nothing but what is set on the nodes afterwards."""
    try:
        return job.affected_by(read_stored(OutputFolder(folder))) <= {"look", "previews", "nothing"}
    except (OSError, ValueError):
        return holds_same_job(job, folder)


def free_folder(
    job: Job,
    base: Path,
    planned: Collection[Job] = (),
    fits: Callable[[Job, Path], bool] = holds_same_job,
) -> Path:
    """``base`` where it is empty, missing, or holds what ``fits``; else ``base-2``, ``base-3`` and so on.

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
        if free or fits(job, folder):
            return folder
    raise AssertionError("numbers end")  # pragma: no cover
