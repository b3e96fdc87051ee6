# SPDX-License-Identifier: GPL-3.0-or-later
"""From the sky of a job to a sky that can be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ...contract.job import Sky
from ...contract.sky_library import SkyEntry, find_sky
from ..media.exr import unreadable
from ..media.pictures import is_float_picture, read_picture_linear
from ..types import LinearRGB
from .facts import measure, normalising_stops
from .flat import FlatSky
from .interface import SkyPicture
from .panorama import PanoramaSky

#: Wider pictures are reduced to this on loading; it is finer than a 4K view through a normal lens needs.
WIDEST = 8192


@dataclass(frozen=True)
class LoadedSky:
    """A sky, ready to be looked at.

    Attributes:
        picture: what gives the views; exposure, mirror and rotation of the job are in it.
        name: the shipped sky's name, or the picture's file name.
        panorama: whether it goes all around by itself.
        normalised_stops: stops by which a user's HDR picture was brought to a usual exposure; 0 for all others.
        facts: figures of the picture as it is now (see :func:`.facts.measure`), besides what ``sky.toml`` says.
    """

    picture: SkyPicture
    name: str
    panorama: bool
    normalised_stops: float
    facts: dict[str, Any]


def load_sky(sky: Sky, library: Path | None = None) -> LoadedSky:
    """Read the sky of a job.

    Shipped skies and integer pictures keep their exposure; OpenEXR and Radiance HDR pictures of the user's own are
    normalised first (their scale is arbitrary), then ``sky.exposure`` is applied. ``library`` is the folder of the
    shipped skies (default: the one that ships).

    Raises:
        SkyarError: ``sky_unknown`` or ``sky_unreadable``.
    """
    entry = find_sky(sky.source, library) if _is_name(sky.source) else None
    path = entry.picture if entry else Path(sky.source)
    picture = _read(path)
    panorama = _is_panorama(sky, entry, picture)
    facts = measure(picture, panorama)
    stops = 0.0
    if entry is None and is_float_picture(path):
        stops = normalising_stops(float(facts["bright_level"]))  # type: ignore[arg-type]
    gain = 2.0 ** (stops + sky.exposure)
    if gain != 1.0:
        picture *= np.float32(gain)
        facts = measure(picture, panorama)
    if sky.mirror:
        picture = np.ascontiguousarray(picture[:, ::-1])
    return LoadedSky(
        picture=_hung(picture, panorama, sky),
        name=entry.name if entry else path.name,
        panorama=panorama,
        normalised_stops=stops,
        facts={**(entry.facts if entry else {}), **facts},
    )


def _hung(picture: LinearRGB, panorama: bool, sky: Sky) -> SkyPicture:
    if panorama:
        return PanoramaSky(picture, sky.rotation, sky.raised)
    return FlatSky(picture, sky.field_of_view, sky.rotation, sky.raised)


def _is_name(source: str) -> bool:
    """Names of shipped skies have neither folders nor an ending."""
    return not (set(source) & {"/", "\\", "."})


def _read(path: Path) -> LinearRGB:
    try:
        picture = read_picture_linear(path)
    except MemoryError as error:
        raise unreadable(
            path, "It does not fit into memory.", f"Make it smaller: {WIDEST} pixels across are enough."
        ) from error
    height, width = picture.shape[:2]
    if width > WIDEST or height > WIDEST:
        scale = WIDEST / max(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
    return picture


def _is_panorama(sky: Sky, entry: SkyEntry | None, picture: LinearRGB) -> bool:
    if sky.kind != "auto":
        return sky.kind == "panorama"
    if entry is not None and "projection" in entry.facts:
        return bool(entry.facts["projection"] == "equirectangular")
    height, width = picture.shape[:2]
    return bool(abs(width / (2 * height) - 1) < 0.02)
