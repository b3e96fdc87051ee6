# SPDX-License-Identifier: GPL-3.0-or-later
"""Before a run: how long it will take, and how much room on the disk, told from what is chosen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ...common.disk_use import disk_use
from ...common.speeds import EarlierRun, foretold, read_speeds, work_of
from ...common.stored_job import stored_data
from ...contract.clip import Clip
from ...contract.errors import SkyarError
from ...contract.job import GIVEN_MOTIONS, Job
from .. import compat
from ..motion.given import MotionFile
from ..output_folder import place_of_output
from ..preferences.fetching import speeds_path
from ..result.link import folder_of, result_of
from ..strips.clip_of_strip import size_of_strip
from ..translations.say import duration, say, size
from .chosen_strips import chosen_strips
from .replace_sky import job_of

#: Stands for the strip's: the time does not depend on it.
_ANY_CLIP = Clip(path="clip")
#: Seconds for which an answer is kept: a panel is drawn many times a second.
_KEPT_FOR = 2.0


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
    global _latest
    try:
        strips = chosen_strips(scene)
        clips = [(strip, size_of_strip(strip), _frames(strip)) for strip in strips]
        asked = repr(([(strip.name, *rest) for strip, *rest in clips], sky, dict(options), output))
        if _latest is None or _latest[0] != asked or time.monotonic() - _latest[1] > _KEPT_FOR:
            _latest = asked, time.monotonic(), _foretell(scene, clips, sky, dict(options), output)
    except (SkyarError, ValueError, OSError, RuntimeError, IndexError):  # the run itself tells what is wrong
        return None
    return _latest[2]


def _foretell(scene: bpy.types.Scene, clips: list[Any], sky: str, options: dict[str, Any], output: str) -> Foretold:
    global _speeds
    path = speeds_path()
    changed = None
    with suppress(OSError):
        changed = None if path is None else path.stat().st_mtime_ns
    if _speeds is None or _speeds[0] != (path, changed):
        _speeds = (path, changed), read_speeds(path)
    if options.get("motion") in GIVEN_MOTIONS:
        options["motion"] = "STATIC"  # which takes as long
    seconds, takes = 0.0, 0
    for strip, pixels, frames in clips:
        planned = job_of(_ANY_CLIP, sky or "sky", MotionFile(), options)
        if _has_all_but_the_sky(scene, strip, planned):
            planned = replace(planned, reuse="there")
        seconds += sum(foretold(work_of(planned, pixels, frames), _speeds[1]).values())
        takes += disk_use(planned, pixels, frames).usual
    return Foretold(seconds, takes, shutil.disk_usage(place_of_output(output)).free)


def _frames(strip: Any) -> int:
    left, right = compat.handles(strip)
    return max(1, right - left)


def _has_all_but_the_sky(scene: bpy.types.Scene, strip: Any, job: Job) -> bool:
    """Whether the strip has a result whose mattes and motion the job would take."""
    shown = result_of(scene, strip)
    if shown is None:
        return False
    try:
        stored = stored_data(folder_of(shown.scene))
    except (OSError, ValueError):
        return False
    return not job.affected_by(stored) & {"matte", "track", "plate"}


#: What was asked last, when, and the answer; the earlier runs, and of which file.
_latest: tuple[str, float, Foretold] | None = None
_speeds: tuple[tuple[Path | None, int | None], list[EarlierRun]] | None = None
