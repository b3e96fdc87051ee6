# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that a stage has left in the output folder, read for a later one.

Anybody may have put others in their place, so their size is checked.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...common.stored_sizes import PLATE, SKY, stored_size
from ...contract.errors import ErrorCode, SkyarError
from ...contract.layout import PLATE_BORDER
from ...engine.media.exr import read_exr, read_plate
from ...engine.media.images import is_clean, read_matte_png
from ...engine.media.pixel_aspect import Image, at_size
from ...engine.types import LinearRGB, Matte, StoredMatte
from ..job.running_job import RunningJob

Size = tuple[int, int]


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


def sky_of(running: RunningJob, source: int, size: Size | None = None) -> LinearRGB:
    """The new sky of a source frame, scene-linear.

    ``size`` (width, height): that at which it is needed; one that is stored smaller than the clip is enlarged to it,
    others have the clip's size. None is the clip's.

    Raises:
        SkyarError: ``sky_unreadable`` when it cannot be read or is not of the clip's size.
    """
    path = running.folder.sky(running.number_of[source])
    sky = sky_as_used(running, path, read_exr(path), size)
    if is_clean(sky):  # what SkyAR writes is
        return sky
    return np.maximum(np.nan_to_num(sky, copy=False, posinf=0.0), 0.0)


def plate_of(running: RunningJob, source: int, size: Size | None = None) -> tuple[LinearRGB, Matte]:
    """Clean plate (scene-linear) and sky visibility (0..1) of a source frame; the rest as :func:`sky_of`."""
    path = running.folder.plate(running.number_of[source])
    return plate_as_used(running, path, *read_plate(path), size)


def plate_as_used(
    running: RunningJob, path: Path, plate: LinearRGB, sky_visibility: Matte, size: Size | None = None
) -> tuple[LinearRGB, Matte]:
    """Clean plate and sky visibility of the file ``path`` as they are used; ``size`` and errors as :func:`sky_of`."""
    if _is_smaller(running, plate.shape, PLATE):
        return _filling(running, plate, size), _filling(running, sky_visibility, size)
    _check_size(running, path, plate.shape, ErrorCode.SKY_UNREADABLE)  # one of an older version
    return plate, sky_visibility


def sky_as_used(running: RunningJob, path: Path, sky: LinearRGB, size: Size | None = None) -> LinearRGB:
    """The image of ``path``, a file of the new sky, as it is used; ``size`` and errors as :func:`sky_of`."""
    if _is_smaller(running, sky.shape, SKY):
        return _filling(running, sky, size)
    _check_size(running, path, sky.shape, ErrorCode.SKY_UNREADABLE)
    return sky


def _is_smaller(running: RunningJob, shape: tuple[int, ...], most: dict[str, int]) -> bool:
    """Whether an image is stored smaller than the clip, as any quality has it."""
    size = running.stored_size
    return shape[1::-1] != size and shape[1::-1] in {stored_size(size, each) for each in most.values()}


def _filling(running: RunningJob, image: Image, size: Size | None) -> Image:
    """An image that is stored smaller, at the size at which it is needed."""
    inner = image[PLATE_BORDER:-PLATE_BORDER, PLATE_BORDER:-PLATE_BORDER]
    return at_size(inner, size or running.stored_size)  # type: ignore[return-value]


def _check_size(running: RunningJob, path: Path, shape: tuple[int, ...], code: ErrorCode) -> None:
    width, height = running.reader.width, running.reader.height
    if shape[:2] != (height, width):
        raise SkyarError(
            code,
            f"The picture {path} does not fit the clip.",
            f"It is {shape[1]} x {shape[0]} pixels; the clip is {width} x {height}.",
            "Put one of the clip's size in its place, or delete it and run again: it is made anew.",
        )
