# SPDX-License-Identifier: GPL-3.0-or-later
"""Is there room on the disk? Better to know before an hour of work than after it."""

from __future__ import annotations

import shutil

from ...common.disk_use import disk_use
from ...contract.errors import ErrorCode, SkyarError
from .running_job import RunningJob

_FOLDERS = {"matte": "matte", "plate": "plate", "sky": "sky", "reflections": "reflection", "rain": "rain"}


def check_disk_space(running: RunningJob) -> None:
    """Raise ``output_full`` when even the smallest result could not fit, warn when a usual one would not.

    Only what is not there yet counts.
    """
    root, frames = running.folder.root, len(running.order)
    made = {step: sum(1 for _ in (root / name).glob("[0-9]*.*")) for step, name in _FOLDERS.items()}
    made["preview"] = frames * running.folder.preview.exists()
    takes = disk_use(running.job, running.clip_size, frames, made, running.spherical)
    free = shutil.disk_usage(root).free
    if free < takes.least:
        raise SkyarError(
            ErrorCode.OUTPUT_FULL,
            f"There is not enough room in {root}.",
            f"The result takes at least {_mb(takes.least)}, usually {_mb(takes.usual)}, and {_mb(free)} are free.",
            "Free some space, or choose an output folder on another disk.",
        )
    if free < takes.usual:
        running.warn(
            "little_room",
            "The disk may become full.",
            f"A result of this size usually takes {_mb(takes.usual)}, and {_mb(free)} are free in {root}.",
            "Free some space meanwhile. If the disk becomes full, what is complete is kept, and a rerun goes on.",
        )


def _mb(size: float) -> str:
    return f"{size / 1e6:.0f} MB"
