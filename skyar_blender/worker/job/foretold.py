# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a job will take, from what is there already and from earlier runs; and what it took, for later ones."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import platformdirs

from ...common.speeds import IMAGES, EarlierRun, Work, add_speed, foretold, read_speeds, speeds_file, work_of
from .running_job import RunningJob

_log = logging.getLogger("skyar")


def foresee(running: RunningJob) -> Work:
    """Tell the clock what is still to be done, and give it."""
    size = running.clip_size
    folder, numbers = running.folder, [running.number_of[source] for source in running.sources]
    if running.part is not None:
        numbers = [number for number in numbers if number in running.part]

    def there(path_of: Callable[[int], Path]) -> int:
        return sum(path_of(number).exists() for number in numbers)

    def known(name: str) -> int:
        return len(numbers) * (folder.state / name).exists()

    mattes = there(folder.matte)
    made = {
        "survey": known("survey.json"),
        "matte": mattes,
        "track": known("track_solved.json"),
        "second_look": known("contradicted.json"),
        "plate": there(folder.plate),
        "sky": there(folder.sky),
        "reflections": there(folder.reflection),
        "preview": len(numbers) * folder.preview.exists(),
    }
    work = work_of(running.job, size, len(numbers), made, part=running.part is not None)
    earlier = read_speeds(_file())
    running.clock.foresee(foretold(work, earlier), work.images(), bool(earlier))
    return work


def keep_speed(running: RunningJob, work: Work) -> None:
    """Keep how long each phase of what was to be done took; of a run that found all there, nothing."""
    if not any(name in work.frames for name in ("matte", *IMAGES)):
        return
    try:
        add_speed(_file(), EarlierRun(work, {name: round(each, 3) for name, each in running.clock.seconds.items()}))
    except OSError as error:  # it only helps to foretell the next run
        _log.info("the speed of this run is not kept: %s", error)


def _file() -> Path:
    return speeds_file() or platformdirs.user_config_path("skyar", appauthor=False) / "speeds.json"
