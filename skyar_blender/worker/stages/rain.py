# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of rain, where it is to rain."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...common.rain import PICTURES
from ...contract.track_file import Track
from ...engine.composite.rain import rain_all_around, rain_image
from ...engine.media.prefetch import BoundedPool
from ...engine.types import Matte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored.images import as_fraction, encode_levels, stored_levels


def run(running: RunningJob, track: Track) -> StageReport:
    """Make what is missing of ``rain/``; the lens is that of the first frame of ``track``."""
    if running.job.settings.look.rain == 0:
        return StageReport()
    missing = [number for number in range(PICTURES) if not running.folder.rain(number + 1).exists()]
    progress = running.progress("rain", PICTURES, PICTURES - len(missing))
    with BoundedPool() as pool:
        for number in missing:
            pool.submit(partial(_write, running, number, track.focal(0)))
            progress.step()
    return StageReport(progress.finish())


def rain_at(running: RunningJob, index: int) -> Matte | None:
    """The image of rain that frame ``index`` of the job shows, 0..1; None where it does not rain."""
    if running.job.settings.look.rain == 0:
        return None
    return as_fraction(stored_levels(running, running.folder.rain(1 + index % PICTURES)))


def _write(running: RunningJob, number: int, focal: float) -> None:
    size, rate = running.working_size, float(running.reader.rate)
    image = rain_all_around(*size, rate, number) if running.spherical else rain_image(*size, focal, rate, number)
    # 256 levels of 16 bits: finer ones would only make the file large.
    levels = np.rint(image * 255).astype(np.uint16) * 257
    running.written.write(running.folder.rain(number + 1), encode_levels(running, levels))
