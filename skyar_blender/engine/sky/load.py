# SPDX-License-Identifier: GPL-3.0-or-later
"""From the sky of a job to a sky that can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ...contract.job import Sky
from ...contract.own_sky import own_facts
from ...contract.sky_library import MOVIE_SKIES, find_sky
from ..matte.interface import MatteMethod
from ..media.exr import unreadable
from ..media.pictures import is_float_picture, read_picture_linear
from ..sky_picture import SkyPicture
from ..types import LinearRGB
from .disc import sun_disc
from .facts import measure, normalising_stops
from .film import Film
from .flat import FlatSky
from .ground import without_ground
from .panorama import PanoramaSky

#: Wider pictures are reduced to this on loading; it is finer than a 4K view through a normal lens needs.
WIDEST = 8192


@dataclass(frozen=True)
class LoadedSky:
    """A sky, ready to be looked at.

    Attributes:
        picture: what gives the views; exposure, mirror and rotation of the job are in it. Of a sky that moves, as
            it is at the clip's first frame.
        name: the shipped sky's name, or the picture's file name.
        panorama: whether it goes all around by itself.
        normalised_stops: stops by which a user's HDR picture was brought to a usual exposure; 0 for all others.
        facts: figures of the picture as it is now (see :func:`.facts.measure`), besides what its description says;
            of a user's panorama with a sun, ``sun_direction`` as in ``sky.toml``, before mirroring and turning.
        later: of a sky that moves, what gives its picture so many seconds after the clip's first frame.
    """

    picture: SkyPicture
    name: str
    panorama: bool
    normalised_stops: float
    facts: dict[str, Any]
    later: Callable[[float], SkyPicture] | None = None

    @property
    def moves(self) -> bool:
        """Whether it looks different from moment to moment."""
        return self.later is not None

    def at(self, seconds: float) -> SkyPicture:
        """The sky so many seconds after the clip's first frame; moments are quick to get in their order.

        Raises:
            SkyarError: ``sky_unreadable``: a movie's file has gone or was changed.
        """
        return self.picture if self.later is None else self.later(seconds)


def load_sky(sky: Sky, library: Path | None = None, matting: Callable[[], MatteMethod] | None = None) -> LoadedSky:
    """Read the sky of a job.

    Shipped skies and integer pictures keep their exposure; OpenEXR and Radiance HDR pictures of the user's own are
    normalised first (their scale is arbitrary), unless their description tells how bright they are; then
    ``sky.exposure`` is applied. ``library`` is the folder of the shipped skies (default: the one that ships). With
    ``matting``, which gives what finds a sky and is called only then, the ground in flat pictures of the user's own
    is cut off, unless ``sky.keep_ground``.

    Raises:
        SkyarError: ``sky_unknown`` or ``sky_unreadable``.
    """
    entry = find_sky(sky.source, library) if _is_name(sky.source) else None
    path = entry.picture if entry else Path(sky.source)
    said = entry.facts if entry is not None else own_facts(path)
    film = _film(path, said)
    picture = _read(path) if film is None else _fit(film.picture(sky.start))
    panorama = _is_panorama(sky, said, picture)
    share = 1.0
    if matting is not None and entry is None and not panorama and not sky.keep_ground:
        picture, share = without_ground(picture, matting())
    facts = measure(picture, panorama)
    stops = 0.0
    exposed = entry is not None or "mean_luminance" in said
    if not exposed and film is None and is_float_picture(path):
        stops = normalising_stops(float(facts["bright_level"]))  # type: ignore[arg-type]
    sun = sun_disc(picture) if entry is None and panorama and "sun_direction" not in said else None
    if sun is not None:
        facts["sun_direction"] = list(sun)
    gain = 2.0 ** (stops + sky.exposure)
    if gain != 1.0:
        facts |= measure(picture * np.float32(gain), panorama)

    def hung(picture: LinearRGB) -> SkyPicture:
        if gain != 1.0:
            picture *= np.float32(gain)
        if sky.mirror:
            picture = np.ascontiguousarray(picture[:, ::-1])
        return _hung(picture, panorama, sky)

    def later(seconds: float) -> SkyPicture:
        assert film is not None
        picture = _fit(film.picture(sky.start + seconds * sky.speed))
        return hung(picture[: max(1, round(share * len(picture)))])

    return LoadedSky(
        picture=hung(picture),
        name=entry.name if entry else path.name,
        panorama=panorama,
        normalised_stops=stops,
        facts={**said, **facts, "height_kept": round(share, 4)},
        later=None if film is None or sky.speed == 0 else later,
    )


def _hung(picture: LinearRGB, panorama: bool, sky: Sky) -> SkyPicture:
    if panorama:
        return PanoramaSky(picture, sky.rotation, sky.raised)
    return FlatSky(picture, sky.field_of_view, sky.rotation, sky.raised)


def _is_name(source: str) -> bool:
    """Names of shipped skies have neither folders nor an ending."""
    return not (set(source) & {"/", "\\", "."})


def _film(path: Path, said: dict[str, Any]) -> Film | None:
    if said.get("kind") == "loop":
        return Film(path, float(said["peak"]), seamless=True)
    return Film(path) if path.suffix.lower() in MOVIE_SKIES else None


def _read(path: Path) -> LinearRGB:
    try:
        return _fit(read_picture_linear(path))
    except MemoryError as error:
        raise unreadable(
            path, "It does not fit into memory.", f"Make it smaller: {WIDEST} pixels across are enough."
        ) from error


def _fit(picture: LinearRGB) -> LinearRGB:
    """Not larger than anyone needs."""
    height, width = picture.shape[:2]
    if width > WIDEST or height > WIDEST:
        scale = WIDEST / max(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
    return picture


def _is_panorama(sky: Sky, said: dict[str, Any], picture: LinearRGB) -> bool:
    if sky.kind != "auto":
        return sky.kind == "panorama"
    if "projection" in said:
        return bool(said["projection"] == "equirectangular")
    height, width = picture.shape[:2]
    return bool(abs(width / (2 * height) - 1) < 0.02)
