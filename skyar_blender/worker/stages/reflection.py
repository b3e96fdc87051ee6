# SPDX-License-Identifier: GPL-3.0-or-later
"""What mirrors the sky, where that is wanted."""

from __future__ import annotations

from pathlib import Path

from ...engine.composite.plate_size import bordered
from ...engine.composite.reflections import reflection
from ...engine.media.exr import decode_plate, encode_plate, read_plate
from ...engine.media.pixel_aspect import at_size
from ...engine.types import FrameRGB, LinearRGB, Matte
from ..job.running_job import RunningJob
from ..stored.images import sky_as_used
from .sky import NewSky


def are_wanted(running: RunningJob) -> bool:
    """Whether the job asks for reflections."""
    return running.job.settings.look.reflections != 0


def missing(running: RunningJob) -> set[int]:
    """Places among the source frames whose file of ``reflection/`` is to be made."""
    return {index for index in running.places if not _path(running, running.sources[index]).exists()}


def mirror_of(running: RunningJob, source: int) -> tuple[LinearRGB, Matte] | None:
    """Gain and share of a source frame; None where reflections are not wanted."""
    if not are_wanted(running):
        return None
    path = _path(running, source)
    return _as_used(running, path, *read_plate(path))


def write(
    running: RunningJob, source: int, images: tuple[FrameRGB, Matte, LinearRGB], sky: NewSky, index: int
) -> tuple[LinearRGB, Matte]:
    """Write the reflection of a source frame; gives it as :func:`mirror_of` does.

    ``images``: its frame, matte (0..1) and clean plate; ``index``: its place among the source frames.
    """
    size = running.shown_size
    frame, matte, plate = at_size(images[0], size), at_size(images[1], size), at_size(images[2], size)
    gain, fraction = reflection(frame, matte, plate, sky.at(index), sky.camera(index))
    small = (at_size(each, running.working_size) for each in (gain, fraction))
    data, path = encode_plate(*(bordered(each, running.clip_size) for each in small)), _path(running, source)
    running.written.write(path, data)
    return _as_used(running, path, *decode_plate(data, path))


def _as_used(running: RunningJob, path: Path, gain: LinearRGB, fraction: Matte) -> tuple[LinearRGB, Matte]:
    return sky_as_used(running, path, gain), sky_as_used(running, path, fraction)


def _path(running: RunningJob, source: int) -> Path:
    return running.folder.reflection(running.number_of[source])
