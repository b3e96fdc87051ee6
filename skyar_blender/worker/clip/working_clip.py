# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip of a job at the size at which the job works on it."""

from __future__ import annotations

from ...common.stored_sizes import working_size
from ...contract.job import Job
from ...engine.media.clip import ClipReader, open_clip
from ...engine.media.smaller_clip import SmallerClip
from .projection import is_spherical


def open_working_clip(job: Job) -> ClipReader:
    """Open the footage of ``job``: as it is, or of a draft smaller. Raises SkyarError as :func:`.open_clip`."""
    reader = open_clip(job.clip)
    size = working_size(reader.own_size, job.settings.quality, is_spherical(job.clip, reader))
    return reader if size == reader.own_size else SmallerClip(reader, size)
