# SPDX-License-Identifier: GPL-3.0-or-later
"""How many bytes a result takes on the disk, before it is made.

Measured on clips of 854x480 and 1920x1080. What most of it is, the new sky, is known best: each shipped sky has its
own detail. A matte takes the more the more leaves there are; nobody knows that before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from ..contract.job import Job
from .rain import PICTURES
from .sky_library import USUAL_DETAIL
from .sky_library import detail as detail_of
from .stored_sizes import PLATE, WHOLE, WORKING, preview_size, stored_size, working_size

#: Bytes a pixel of the file and frame: at the least, and usually, at `_MEASURED_AT` pixels.
_MATTE = (0.0, 0.25)
_PLATE = (0.02, 0.3)
_SKY = (0.4, 0.9)
_REFLECTION = (0.0, 0.5)
#: Of a picture of rain, of which there is a fixed number.
_RAIN = 0.6
#: Both movies together.
_PREVIEWS = (0.0, 0.16)
_MEASURED_AT = 854 * 480
#: A view of the sky with more pixels has less detail in each: its bytes a pixel go with this power of them.
_FINER = -0.27


@dataclass(frozen=True)
class DiskUse:
    """Bytes that what is still to be made takes, at the least and usually."""

    least: int
    usual: int


def disk_use(
    job: Job, size: tuple[int, int], frames: int, made: Mapping[str, int] | None = None, spherical: bool = False
) -> DiskUse:
    """What the files of ``job`` take, for a clip of that width and height and so many frames of the job.

    ``made``: files that are there already, by the names ``matte``, ``plate``, ``sky``, ``reflections``, ``preview``
    and ``rain``; None: none but what the job shares with another result, which takes no room. ``spherical``: the clip
    shows all directions.
    """
    if made is None:
        made = {} if job.reuse is None else {"plate": frames}
    quality, steps = job.settings.quality, job.steps
    worked_at = working_size(size, quality, spherical)
    size = stored_size(size, WHOLE if spherical else WORKING[quality])
    detail = USUAL_DETAIL if job.sky is None else detail_of(job.sky.source)
    detail *= (prod(size) / _MEASURED_AT) ** _FINER
    kinds = {
        "matte": (_MATTE, size, 1.0),
        "plate": (_PLATE, stored_size(worked_at, WHOLE if spherical else PLATE[quality]), 1.0),
        "sky": (_SKY, size, detail),
        "reflections": (_REFLECTION, size, 1.0),
        "preview": (_PREVIEWS, preview_size(worked_at, job.settings), 1.0),
    }
    least = usual = 0.0
    for step, ((at_least, usually), stored, times) in kinds.items():
        if step not in steps or (step == "preview" and not job.settings.previews):
            continue
        pixels = max(0, frames - made.get(step, 0)) * prod(stored)
        least += pixels * at_least
        usual += pixels * usually * times
    if "rain" in steps and "sky" in steps:
        usual += (0 if made.get("rain") else PICTURES) * prod(size) * _RAIN
    return DiskUse(round(least), round(usual))
