# SPDX-License-Identifier: GPL-3.0-or-later
"""Is there room on the disk? Better to know before an hour of work than after it."""

from __future__ import annotations

import shutil

from ..contract.errors import ErrorCode, SkyarError
from ..contract.job import Job
from ..contract.layout import OutputFolder

#: Bytes a pixel and frame that the files take at the least, as measured: mattes compress to almost nothing, previews
#: (H.264) to about a tenth of a byte, a clear sky (PIZ) to less than half of one.
_PLATE, _SKY = 0.02, 0.4


def check_room(folder: OutputFolder, width: int, height: int, frames: int, job: Job) -> None:
    """Raise ``output_full`` when even the smallest result could not fit.

    Only what is not there yet counts.
    """
    needed = 0
    for stage, path, least in (("plate", folder.plate(1), _PLATE), ("sky", folder.sky(1), _SKY)):
        if stage in job.stages:
            done = sum(1 for _ in path.parent.glob("[0-9]*.exr"))
            needed += int(max(0, frames - done) * width * height * least)
    free = shutil.disk_usage(folder.root).free
    if free < needed:
        raise SkyarError(
            ErrorCode.OUTPUT_FULL,
            f"There is not enough room in {folder.root}.",
            f"The result takes at least {needed / 2**20:.0f} MB, and {free / 2**20:.0f} MB are free.",
            "Free some space, or choose an output folder on another disk.",
        )
