# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that a stage has left in the output folder, read for a later one.

Anybody may have put others in their place, so their size is checked.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...common.stored_sizes import PLATE, stored_size
from ...contract.errors import ErrorCode, SkyarError
from ...engine.composite.plate_size import bordered, inner
from ...engine.media.exr import read_exr, read_plate
from ...engine.media.images import encode_matte_png, is_clean, read_matte_png
from ...engine.media.pixel_aspect import Image, at_size
from ...engine.types import LinearRGB, Matte, StoredMatte
from ..job.running_job import RunningJob

Size = tuple[int, int]


def stored_matte(running: RunningJob, source: int) -> StoredMatte:
    """The matte of a source frame, (height, width) 16 bits, at the size that is worked at.

    Raises:
        SkyarError: ``mask_unreadable`` when it is of another size than its frame; those of reading it.
    """
    return stored_levels(running, running.folder.matte(running.number_of[source]))


def first_matte(running: RunningJob, source: int) -> StoredMatte:
    """The matte of a source frame as it was before other frames were asked; errors as :func:`stored_matte`."""
    path = running.folder.first_matte(running.number_of[source])
    if not path.exists():
        return stored_matte(running, source)
    return stored_levels(running, path)


def stored_levels(running: RunningJob, path: Path) -> StoredMatte:
    """What :func:`encode_levels` wrote to ``path``; errors as :func:`stored_matte`."""
    return _whole(running, path, read_matte_png(path), ErrorCode.MASK_UNREADABLE)


def encode_levels(running: RunningJob, levels: StoredMatte) -> bytes:
    """(height, width) 16 bits, at the size that is worked at, as PNG; nodes enlarge those of a draft."""
    return encode_matte_png(bordered(levels, running.clip_size))


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
    return as_fraction(stored_levels(running, path))


def sky_of(running: RunningJob, source: int) -> LinearRGB:
    """The new sky of a source frame, scene-linear, at the size that is worked at.

    Raises:
        SkyarError: ``sky_unreadable`` when it cannot be read or is of another size than its frame.
    """
    path = running.folder.sky(running.number_of[source])
    sky = sky_as_used(running, path, read_exr(path))
    if is_clean(sky):  # what SkyAR writes is
        return sky
    return np.maximum(np.nan_to_num(sky, copy=False, posinf=0.0), 0.0)


def plate_of(running: RunningJob, source: int, size: Size | None = None) -> tuple[LinearRGB, Matte]:
    """Clean plate (scene-linear) and sky visibility (0..1) of a source frame.

    ``size`` (width, height): that of the preview it is for, None where it is for none and has the size that is worked
    at. For previews of that size the plate may be smaller: they enlarge it some rows at a time. Errors as
    :func:`sky_of`.
    """
    path = running.folder.plate(running.number_of[source])
    return plate_as_used(running, path, *read_plate(path), size)


def plate_as_used(
    running: RunningJob, path: Path, plate: LinearRGB, sky_visibility: Matte, size: Size | None = None
) -> tuple[LinearRGB, Matte]:
    """Clean plate and sky visibility of the file ``path`` as they are used; the rest as :func:`plate_of`."""
    seen, wanted = plate.shape[1::-1], running.working_size
    if seen != wanted and seen in {stored_size(wanted, each) for each in PLATE.values()}:
        small = inner(plate, wanted), inner(sky_visibility, wanted)
        return small[0] if size == wanted else at_size(small[0], size or wanted), at_size(small[1], size or wanted)
    images = (_whole(running, path, each, ErrorCode.SKY_UNREADABLE) for each in (plate, sky_visibility))
    return next(images), next(images)  # of an older version


def sky_as_used(running: RunningJob, path: Path, sky: LinearRGB) -> LinearRGB:
    """The image of ``path``, a file of the new sky or of reflections, as it is used; errors as :func:`sky_of`."""
    return _whole(running, path, sky, ErrorCode.SKY_UNREADABLE)


def _whole(running: RunningJob, path: Path, image: Image, code: ErrorCode) -> Image:
    """An image as it is stored, at the size that is worked at."""
    seen, wanted = image.shape[1::-1], stored_size(running.clip_size, running.most)
    if seen != wanted:
        raise SkyarError(
            code,
            f"The picture {path} does not fit the clip.",
            f"It is {seen[0]} x {seen[1]} pixels, and should be {wanted[0]} x {wanted[1]}.",
            "Put one of that size in its place, or delete it and run again: it is made anew.",
        )
    return inner(image, running.clip_size)
