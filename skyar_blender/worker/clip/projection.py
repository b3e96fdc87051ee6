# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips of all directions: which ones are, and what is not made for them."""

from __future__ import annotations

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip, Job
from ...engine.media.clip import ClipReader

#: By how much such an image may be wider or narrower than twice its height.
_OFF = 0.02


def is_spherical(clip: Clip, reader: ClipReader) -> bool:
    """Whether the clip shows all directions; the file's word counts only for one twice as wide as high."""
    if clip.projection == "auto":
        return reader.spherical and _fits(reader)
    return clip.projection == "equirectangular"


def check_projection(job: Job, reader: ClipReader) -> None:
    """Raises SkyarError ``unsupported`` where the job wants what cannot be made of all directions."""
    if not is_spherical(job.clip, reader):
        return
    width, height = reader.own_size
    if not _fits(reader):
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            "The clip was said to be a 360-degree one, but is not twice as wide as high.",
            f"It has {width} x {height} pixels; a part of the sphere, or two, are not supported.",
            "Choose the projection “rectilinear”, or export the whole sphere, for one eye.",
        )


def _fits(reader: ClipReader) -> bool:
    width, height = reader.own_size
    return abs(width * float(reader.pixel_aspect) / (2 * height) - 1) < _OFF
