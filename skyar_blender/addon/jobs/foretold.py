# SPDX-License-Identifier: GPL-3.0-or-later
"""Before a run: how long it will take, and how much room on the disk, told from what is chosen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import bpy

from ...common.changed_sky import with_other_sky
from ...common.disk_use import disk_use
from ...common.speeds import EarlierRun, foretold, read_speeds, work_of
from ...common.stored_job import stored_data
from ...contract.clip import Clip
from ...contract.errors import SkyarError
from ...contract.job import GIVEN_MOTIONS, Job
from ...contract.layout import OutputFolder
from .. import compat
from ..motion.given import MotionFile
from ..output_folder import place_of_output
from ..preferences.fetching import speeds_path
from ..result.link import FOLDER_KEY, folder_of, original_of, result_of
from ..strips.clip_of_strip import size_of_strip
from ..translations.say import duration, say, size
from .change_sky import chosen_results, job_of_result
from .chosen_strips import chosen_strips
from .replace_sky import job_of

#: Stands for the strip's: the time does not depend on it.
_ANY_CLIP = Clip(path="clip")
#: Seconds for which an answer is kept: a panel is drawn many times a second.
_KEPT_FOR = 2.0
#: A job, width and height of its clip, and its frames.
_Work = tuple[Job, tuple[int, int], int]


@dataclass(frozen=True)
class Foretold:
    """Seconds, bytes that all results take, and bytes that are free; ``fits``: whether there is room."""

    seconds: float
    takes: int
    free: int

    @property
    def fits(self) -> bool:
        return self.takes <= self.free

    @property
    def text(self) -> str:
        """For a person, on one line."""
        return say(
            "About {time}, {takes}; {free} free",
            time=duration(self.seconds),
            takes=size(self.takes),
            free=size(self.free),
        )


def foretell(scene: bpy.types.Scene, sky: str, options: Mapping[str, Any], output: str = "") -> Foretold | None:
    """What Replace Sky would take on the strips that are chosen now; None where it cannot be told.

    ``sky``: name of a shipped one, or anything else for another.
    """
    return foretell_trial(scene, [sky], options, output)


def foretell_trial(
    scene: bpy.types.Scene, skies: Sequence[str], options: Mapping[str, Any], output: str = ""
) -> Foretold | None:
    """What Try Skies would take with these ``skies``: mattes and motion are found for the first of them."""

    def works() -> Iterator[_Work]:
        chosen = dict(options)
        if chosen.get("motion") in GIVEN_MOTIONS:
            chosen["motion"] = "STATIC"  # which takes as long
        for strip in chosen_strips(scene):
            for place, sky in enumerate(skies):
                job = job_of(_ANY_CLIP, sky or "sky", MotionFile(), chosen)
                shared = place > 0 or _has_all_but_the_sky(scene, strip, job)
                yield replace(job, reuse="there") if shared else job, size_of_strip(strip), _frames(strip)

    return _foretold(lambda: ("replace", *map(_known, chosen_strips(scene)), *skies, dict(options)), works, output)


def foretell_change(
    scene: bpy.types.Scene, sky: str, options: Mapping[str, Any], output: str = ""
) -> Foretold | None:
    """What Change Sky would take on the results that are chosen now, likewise; an empty ``sky`` is that of each."""

    def works() -> Iterator[_Work]:
        for result in chosen_results(scene):
            job = with_other_sky(job_of_result(result), "there", "planned", sky or None, options)
            yield job, size_of_strip(original_of(scene, result)), _frames(result)

    return _foretold(lambda: ("change", *map(_known, chosen_results(scene)), sky, dict(options)), works, output)


def _foretold(asked: Callable[[], object], works: Callable[[], Iterable[_Work]], output: str) -> Foretold | None:
    """What all ``works`` take; the latest answer where the same was ``asked`` just now."""
    global _latest
    try:
        key = repr((asked(), output))
        if _latest is None or _latest[0] != key or time.monotonic() - _latest[1] > _KEPT_FOR:
            _latest = key, time.monotonic(), _sum(works(), output)
    except (SkyarError, ValueError, OSError, RuntimeError, IndexError):  # the run itself tells what is wrong
        return None
    return _latest[2]


def _sum(works: Iterable[_Work], output: str) -> Foretold:
    global _speeds
    path = speeds_path()
    changed = None
    with suppress(OSError):
        changed = None if path is None else path.stat().st_mtime_ns
    if _speeds is None or _speeds[0] != (path, changed):
        _speeds = (path, changed), read_speeds(path)
    seconds, takes = 0.0, 0
    for job, pixels, frames in works:
        seconds += sum(foretold(work_of(job, pixels, frames), _speeds[1]).values())
        takes += disk_use(job, pixels, frames).usual
    return Foretold(seconds, takes, shutil.disk_usage(place_of_output(output)).free)


def _known(strip: Any) -> tuple[object, ...]:
    """What tells a strip from others, and from how it was."""
    return strip.name, _frames(strip), strip.scene.get(FOLDER_KEY) if strip.type == "SCENE" else size_of_strip(strip)


def _frames(strip: Any) -> int:
    left, right = compat.handles(strip)
    return max(1, right - left)


def _has_all_but_the_sky(scene: bpy.types.Scene, strip: Any, job: Job) -> bool:
    """Whether the strip has a result whose mattes and motion the job would take."""
    shown = result_of(scene, strip)
    if shown is None:
        return False
    try:
        folder = folder_of(shown.scene)
        stored = _stored(folder, *(path.stat().st_mtime_ns for path in (folder.job, folder.record)))
    except (OSError, ValueError):
        return False
    return not job.affected_by(stored) & {"matte", "track", "plate"}


@lru_cache(maxsize=8)
def _stored(folder: OutputFolder, _job_changed: int, _record_changed: int) -> dict[str, Any]:
    """A result's job. Its record has a line for each file: long shots take a tenth of a second to read."""
    return stored_data(folder)


#: What was asked last, when, and the answer; the earlier runs, and of which file.
_latest: tuple[str, float, Foretold] | None = None
_speeds: tuple[tuple[Path | None, int | None], list[EarlierRun]] | None = None
