# SPDX-License-Identifier: GPL-3.0-or-later
"""Is there room on the disk? Better to know before an hour of work than after it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from math import prod

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Stage
from ...engine.analysis_sizes import WHOLE
from ...engine.composite.plate_size import stored_size
from .running_job import RunningJob


@dataclass(frozen=True)
class _Bytes:
    """Bytes a pixel and frame that the files of a stage take: at the least, and usually.

    Measured on clips of 854x480 and 1920x1080 under skies from plain to full of clouds; the less detail a large
    image has, the less it takes.
    """

    least: float
    usual: float
    folder: str


_STAGES: dict[Stage, _Bytes] = {
    "matte": _Bytes(0.0, 0.4, "matte"),
    "plate": _Bytes(0.02, 0.4, "plate"),
    "sky": _Bytes(0.4, 1.9, "sky"),
}
#: Both movies of the previews, likewise.
_PREVIEWS = 0.2


def check_disk_space(running: RunningJob) -> None:
    """Raise ``output_full`` when even the smallest result could not fit, warn when a usual one would not.

    Only what is not there yet counts.
    """
    width, height = running.stored_size
    frames = len(running.order)
    least = usual = 0.0
    for stage, takes in _STAGES.items():
        if stage in running.job.stages:
            done = sum(1 for _ in (running.folder.root / takes.folder).glob("[0-9]*.*"))
            most = {"plate": running.plate_most, "sky": running.sky_most}.get(stage, WHOLE)
            size = stored_size(running.stored_size, most)
            pixels = max(0, frames - done) * prod(size)
            least, usual = least + pixels * takes.least, usual + pixels * takes.usual
    if running.job.settings.previews and "preview" in running.job.stages:
        usual += frames * width * height * _PREVIEWS
    free = shutil.disk_usage(running.folder.root).free
    if free < least:
        raise SkyarError(
            ErrorCode.OUTPUT_FULL,
            f"There is not enough room in {running.folder.root}.",
            f"The result takes at least {_mb(least)}, usually {_mb(usual)}, and {_mb(free)} are free.",
            "Free some space, or choose an output folder on another disk.",
        )
    if free < usual:
        running.warn(
            "little_room",
            "The disk may become full.",
            f"A result of this size usually takes {_mb(usual)}, and {_mb(free)} are free in {running.folder.root}.",
            "Free some space meanwhile. If the disk becomes full, what is complete is kept, and a rerun goes on.",
        )


def _mb(size: float) -> str:
    return f"{size / 2**20:.0f} MB"
