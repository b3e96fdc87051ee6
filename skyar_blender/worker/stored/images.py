# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that a stage has left in the output folder, read for a later one.

Anybody may have put others in their place, so their size is checked.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...contract.errors import ErrorCode, SkyarError
from ...engine.composite.plate_size import enlarged, stored_size
from ...engine.media.exr import read_exr, read_plate
from ...engine.media.images import is_clean, read_matte_png
from ...engine.types import LinearRGB, Matte, StoredMatte
from ..job.running_job import RunningJob


def stored_matte(running: RunningJob, source: int) -> StoredMatte:
    """The matte of a source frame, (height, width) 16 bits.

    Raises:
        SkyarError: ``mask_unreadable`` when it is not of the clip's size; those of reading it.
    """
    path = running.folder.matte(running.number_of[source])
    matte = read_matte_png(path)
    _check_size(running, path, matte.shape, ErrorCode.MASK_UNREADABLE)
    return matte


def first_matte(running: RunningJob, source: int) -> StoredMatte:
    """The matte of a source frame as it was before other frames were asked; errors as :func:`stored_matte`."""
    path = running.folder.first_matte(running.number_of[source])
    if not path.exists():
        return stored_matte(running, source)
    matte = read_matte_png(path)
    _check_size(running, path, matte.shape, ErrorCode.MASK_UNREADABLE)
    return matte


def matte_of(running: RunningJob, source: int) -> Matte:
    """The same as 0..1; errors as :func:`stored_matte`."""
    return as_fraction(stored_matte(running, source))


def as_fraction(stored: StoredMatte) -> Matte:
    """16 bits as 0..1, of the same shape."""
    return np.asarray(stored.astype(np.float32) / np.float32(65535))


def area_of(running: RunningJob, source: int) -> Matte | None:
    """Where a source frame may change, 0 or 1; None where all of every frame may. Errors as :func:`stored_matte`."""
    path = running.folder.area(running.number_of[source])
    if not running.survey.keeps_some:
        return None
    area = read_matte_png(path)
    _check_size(running, path, area.shape, ErrorCode.MASK_UNREADABLE)
    return as_fraction(area)


def sky_of(running: RunningJob, source: int) -> LinearRGB:
    """The new sky of a source frame, scene-linear.

    Raises:
        SkyarError: ``sky_unreadable`` when it cannot be read or is not of the clip's size.
    """
    path = running.folder.sky(running.number_of[source])
    sky = read_exr(path)
    _check_size(running, path, sky.shape, ErrorCode.SKY_UNREADABLE)
    if is_clean(sky):  # what SkyAR writes is
        return sky
    return np.maximum(np.nan_to_num(sky, copy=False, posinf=0.0), 0.0)


def plate_of(running: RunningJob, source: int) -> tuple[LinearRGB, Matte]:
    """Clean plate (scene-linear) and sky visibility (0..1) of a source frame; errors as :func:`sky_of`."""
    path = running.folder.plate(running.number_of[source])
    return plate_as_used(running, path, *read_plate(path))


def plate_as_used(
    running: RunningJob, path: Path, plate: LinearRGB, sky_visibility: Matte
) -> tuple[LinearRGB, Matte]:
    """Clean plate and sky visibility of the file ``path`` at the clip's size; errors as :func:`sky_of`."""
    if plate.shape[1::-1] == stored_size(running.stored_size):
        return enlarged(plate, running.stored_size), enlarged(sky_visibility, running.stored_size)
    _check_size(running, path, plate.shape, ErrorCode.SKY_UNREADABLE)  # one of an older version
    return plate, sky_visibility


def _check_size(running: RunningJob, path: Path, shape: tuple[int, ...], code: ErrorCode) -> None:
    width, height = running.reader.width, running.reader.height
    if shape[:2] != (height, width):
        raise SkyarError(
            code,
            f"The picture {path} does not fit the clip.",
            f"It is {shape[1]} x {shape[0]} pixels; the clip is {width} x {height}.",
            "Put one of the clip's size in its place, or delete it and run again: it is made anew.",
        )
