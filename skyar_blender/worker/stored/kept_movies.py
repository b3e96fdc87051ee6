# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies that a result had under other settings: they stay under a second name, so that going back makes none anew.

A movie is known by all that it is made of: the contents of the images, the look and the light, the frames. So one
that is found is the same as one that would be made. Where the file system has no hard links nothing is kept, as it
would take room twice.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from ... import __version__
from ..job.folder import fingerprint
from ..job.running_job import RunningJob

#: So many stay, the latest.
KEPT = 4
#: Name of what is remembered: keys and the numbers of their files, the latest last.
_STATE = "movies"


def key_of(running: RunningJob, *made_with: Any) -> str:
    """What tells the movies of a job from others; ``made_with``: plain data that counts beside its files and look."""
    folder = running.folder
    images = (folder.matte, folder.sky, folder.plate, folder.grain, folder.rain, folder.reflection, folder.area)
    names = tuple(f"{path(1).parent.relative_to(folder.root).as_posix()}/" for path in images)
    files = sorted((name, state.sha256) for name, state in running.written.known.items() if name.startswith(names))
    shown = {name: value for name, value in running.job.to_dict()["clip"].items() if name not in ("path", "files")}
    clip = [fingerprint(running.job), shown, running.order]
    whole = [__version__, files, clip, asdict(running.job.settings.look), made_with]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


def bring_back(running: RunningJob, key: str) -> bool:
    """Give the movies known by ``key`` their usual names again; whether there are such."""
    number = dict(_noted(running)).get(key)
    if number is None:
        return False
    folder, written = running.folder, running.written
    return written.name_again(folder.preview, folder.kept_preview(number)) and written.name_again(
        folder.compare, folder.kept_compare(number)
    )


def keep(running: RunningJob, key: str) -> None:
    """Keep the movies that the folder has now, known by ``key``, in the place of the oldest."""
    noted, folder, written = _noted(running), running.folder, running.written
    others = [(each, number) for each, number in noted if each != key][1 - KEPT :]
    taken = {number for _, number in others}
    number = next(number for number in range(1, KEPT + 1) if number not in taken)
    running.save_state(_STATE, others)  # none is known by a key that it does not have, whenever this ends
    if written.name_again(folder.kept_preview(number), folder.preview) and written.name_again(
        folder.kept_compare(number), folder.compare
    ):
        running.save_state(_STATE, [*others, (key, number)])


def _noted(running: RunningJob) -> list[tuple[str, int]]:
    return [(str(key), int(number)) for key, number in running.load_state(_STATE) or ()]
