# SPDX-License-Identifier: GPL-3.0-or-later
"""From the sky of a job to a sky that can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ...common.own_sky import own_metadata
from ...common.sky_library import MOVIE_SKIES, find_sky
from ...contract.job import Sky
from ..matte.interface import MatteMethod
from ..media.exr import HALF_MAX, as_half, as_single, single, unreadable
from ..media.images import is_float_image, read_image_as_stored
from ..sky_image import SkyImage
from ..types import StoredRGB
from .daylight import daylight
from .disc import sun_disc
from .drift import Drift, DriftingSky
from .flat import FlatSky
from .ground import without_ground
from .levels import halvings
from .metadata import measure, normalising_stops
from .panorama import PanoramaSky
from .video import VideoSky

#: Wider images are reduced to this on loading; it is finer than a 4K view through a normal lens needs.
WIDEST = 8192
#: Rows that are made brighter at a time.
_BAND = 64


@dataclass(frozen=True)
class LoadedSky:
    """A sky, ready to be looked at.

    Attributes:
        image: what gives the views; exposure, mirror and rotation of the job are in it. Of a sky that moves, as
            it is at the clip's first frame.
        name: the shipped sky's name, or the picture's file name.
        panorama: whether it goes all around by itself.
        normalised_stops: stops by which a user's HDR image was brought to a usual exposure; 0 for all others.
        metadata: figures of the image as it is now (see :func:`.metadata.measure`), besides what its description
            says; of a user's panorama with a sun, ``sun_direction`` as in ``sky.toml``, before mirroring and turning.
        later: of a sky that moves, what gives its image so many seconds after the clip's first frame.
        replays: whether any moment is as quick to get as the next.
    """

    image: SkyImage
    name: str
    panorama: bool
    normalised_stops: float
    metadata: dict[str, Any]
    later: Callable[[float], SkyImage] | None = None
    replays: bool = True

    @property
    def moves(self) -> bool:
        """Whether it looks different from moment to moment."""
        return self.later is not None

    @property
    def daylight(self) -> float:
        """How far (0..1) its sun lights the ground as that of a day does."""
        return daylight(self.metadata)

    def at(self, seconds: float) -> SkyImage:
        """The sky so many seconds after the clip's first frame; moments are quick to get in their order.

        Raises:
            SkyarError: ``sky_unreadable``: a movie's file has gone or was changed.
        """
        return self.image if self.later is None else self.later(seconds)


def wide_enough(focal_px: float, roughly: bool = False) -> int:
    """Width of a panorama of which nothing finer is seen in views of this focal length; :data:`WIDEST` at most.

    ``roughly``: the views may be a little softer, see :func:`.levels.halvings`.
    """
    return WIDEST >> halvings(WIDEST / (2 * np.pi * focal_px), roughly)


def load_sky(
    sky: Sky,
    library: Path | None = None,
    matting: Callable[[], MatteMethod] | None = None,
    widest: int | None = None,
    enough: int | None = None,
    roughly: bool = False,
) -> LoadedSky:
    """Read the sky of a job.

    Shipped skies and integer images keep their exposure; OpenEXR and Radiance HDR images of the user's own are
    normalised first (their scale is arbitrary), unless their description tells how bright they are; then
    ``sky.exposure`` is applied. ``library`` is the folder of the shipped skies (default: the one that ships). With
    ``matting``, which gives what finds a sky and is called only then, the ground in flat images of the user's own
    is cut off, unless ``sky.keep_ground``. What is wider or higher than ``widest`` pixels is made smaller
    (default: :data:`WIDEST`). A shipped sky is read at a width of ``enough`` pixels (:func:`wide_enough`); others are
    read whole, as their brightness and sun are measured. ``roughly``: see :class:`.drift.DriftingSky`.

    Raises:
        SkyarError: ``sky_unknown`` or ``sky_unreadable``.
    """
    widest = WIDEST if widest is None else widest
    entry = find_sky(sky.source, library) if _is_name(sky.source) else None
    path = entry.image if entry else Path(sky.source)
    given = entry.metadata if entry is not None else own_metadata(path)
    if entry is not None and enough is not None:
        widest = min(widest, enough)
    video = _video(path, given)
    image: StoredRGB = _read(path, widest) if video is None else _fit(video.image(sky.start), widest)
    panorama = _is_panorama(sky, given, image)
    fraction = 1.0
    if entry is None or not panorama:
        image = single(image)
    if matting is not None and entry is None and not panorama and not sky.keep_ground:
        image, fraction = without_ground(single(image), matting())
    metadata = measure(image, panorama)
    stops = 0.0
    exposed = entry is not None or "mean_luminance" in given
    if not exposed and video is None and is_float_image(path):
        stops = normalising_stops(float(metadata["bright_level"]))  # type: ignore[arg-type]
    sun = sun_disc(single(image)) if entry is None and panorama and "sun_direction" not in given else None
    if sun is not None:
        metadata["sun_direction"] = list(sun)
    gain = 2.0 ** (stops + sky.exposure)
    if gain != 1.0:
        metadata |= measure(image, panorama, gain)

    def prepared(image: StoredRGB) -> StoredRGB:
        if gain != 1.0:
            _brighten(image, gain)
        return np.ascontiguousarray(image[:, ::-1]) if sky.mirror else image

    def oriented(image: StoredRGB) -> SkyImage:
        return _oriented(prepared(image), panorama, sky)

    if panorama and video is None and sky.speed != 0 and (drift := Drift.of(given, path)) is not None:
        drift = drift.mirrored() if sky.mirror else drift
        moving = DriftingSky(prepared(image), drift.brighter(gain), sky.rotation, sky.raised, roughly)
        return _drifting(sky, moving, entry.name if entry else path.name, stops, {**given, **metadata})

    def later(seconds: float) -> SkyImage:
        assert video is not None
        image = _fit(video.image(sky.start + seconds * sky.speed), widest)
        return oriented(image[: max(1, round(fraction * len(image)))])

    return LoadedSky(
        image=oriented(image),
        name=entry.name if entry else path.name,
        panorama=panorama,
        normalised_stops=stops,
        metadata={**given, **metadata, "height_kept": round(fraction, 4)},
        later=None if video is None or sky.speed == 0 else later,
        replays=video is None,
    )


def _drifting(sky: Sky, whole: DriftingSky, name: str, stops: float, metadata: dict[str, Any]) -> LoadedSky:
    """A panorama whose clouds drift."""
    return LoadedSky(
        image=whole.at(sky.start),
        name=name,
        panorama=True,
        normalised_stops=stops,
        metadata={**metadata, "height_kept": 1.0},
        later=lambda seconds: whole.at(sky.start + seconds * sky.speed),
    )


def oriented_anew(image: SkyImage, sky: Sky) -> SkyImage:
    """The image of a :class:`LoadedSky` turned, raised and as wide as ``sky`` says, without reading it again."""
    if isinstance(image, PanoramaSky | DriftingSky):
        return image.oriented(sky.rotation, sky.raised)
    if isinstance(image, FlatSky):
        return image.oriented(sky.field_of_view, sky.rotation, sky.raised)
    raise TypeError(f"{type(image).__name__} is no sky that can be turned")


def _oriented(image: StoredRGB, panorama: bool, sky: Sky) -> SkyImage:
    if panorama:
        return PanoramaSky(image, sky.rotation, sky.raised)
    return FlatSky(single(image), sky.field_of_view, sky.rotation, sky.raised)


def _is_name(source: str) -> bool:
    """Names of shipped skies have neither folders nor an ending."""
    return not (set(source) & {"/", "\\", "."})


def _video(path: Path, given: dict[str, Any]) -> VideoSky | None:
    if given.get("kind") == "loop":
        return VideoSky(path, float(given["peak"]), seamless=True)
    return VideoSky(path) if path.suffix.lower() in MOVIE_SKIES else None


def _brighten(image: StoredRGB, gain: float) -> None:
    """Multiply an image by ``gain`` in place; half floats at most to what the files of skies hold."""
    for first in range(0, len(image), _BAND):
        rows = image[first : first + _BAND]
        if rows.dtype == np.float16:
            rows[:] = as_half(np.minimum(as_single(rows) * np.float32(gain), np.float32(HALF_MAX)))
        else:
            rows *= np.float32(gain)


def _read(path: Path, widest: int) -> StoredRGB:
    try:
        return _fit(read_image_as_stored(path, widest), widest)
    except MemoryError as error:
        raise unreadable(
            path, "It does not fit into memory.", f"Make it smaller: {WIDEST} pixels across are enough."
        ) from error


def _fit(image: StoredRGB, widest: int) -> StoredRGB:
    """Not larger than anyone needs."""
    height, width = image.shape[:2]
    if width > widest or height > widest:
        scale = widest / max(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = np.asarray(cv2.resize(single(image), size, interpolation=cv2.INTER_AREA), np.float32)
    return image


def _is_panorama(sky: Sky, given: dict[str, Any], image: StoredRGB) -> bool:
    if sky.kind != "auto":
        return sky.kind == "panorama"
    if "projection" in given:
        return bool(given["projection"] == "equirectangular")
    height, width = image.shape[:2]
    return bool(abs(width / (2 * height) - 1) < 0.02)
