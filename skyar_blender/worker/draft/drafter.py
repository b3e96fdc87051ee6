# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes drafts: one frame of a job under its sky, by what this frame alone tells.

What only the whole clip tells is left out: how the camera has turned since its first frame, bars, graphics, fades,
what other frames say of the matte, save those that the artist has marked. A finished result of the shot
(``job.reuse``) knows camera and graphics, and the matte where the job has its corrections; then they are its own.
"""

from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...contract.correction import Correction
from ...contract.job import GIVEN_MOTIONS, Job, Sky
from ...contract.track_file import Track
from ...engine.composite.grain import PICTURES, grain_image
from ...engine.composite.light_statistics import SkyStatistics, light_between
from ...engine.composite.look import Layers, composite
from ...engine.composite.rain import rain_all_around, rain_image
from ...engine.composite.reflections import reflection
from ...engine.lens import Lens
from ...engine.matte.interface import MatteMethod
from ...engine.media.clip import source_frames
from ...engine.sky.load import LoadedSky, load_sky, oriented_anew
from ...engine.sky.placement import drifted, place
from ...engine.sky_image import SkyImage
from ...engine.sphere.all_around import seen_all_around
from ...engine.sphere.directions import focal_of
from ...engine.sun.estimate import Sun, find_sun
from ...engine.sun.view import heading
from ...engine.track.trackers.choose import make_tracker
from ...engine.types import FrameRGB, LinearRGB, Matrix3, Matte, StoredMatte
from ..clip.projection import check_projection
from ..fetched_weights import file_of, weights_of
from ..job.camera_motion import read_motion
from ..job.corrections import corrected_sources, hints_of
from ..job.matting import device_of, matting_of
from ..process.control import CancelToken
from ..stages.sun import sun_azimuth
from .clip_frame import ClipFrame, OpenClip, key_of
from .kept import Kept
from .matte_view import matte_view
from .shot_result import ShotResult

#: Skies are made no wider than this: it is enough for a display, and a quarter of the memory.
_WIDEST_SKY = 4096
_SKIES, _FRAMES, _METHODS = 4, 8, 2
#: Cosine of the roll beyond which a camera is said to have no horizon.
_UPRIGHT = 0.2
#: So many other frames with corrections are learnt from: each is read and looked at.
_LEARNT_FROM = 3


@dataclass(frozen=True)
class Draft:
    """Pictures of one size, (height, width, 3), 8-bit display-referred: with the new sky, without it, what was found.

    ``degrees`` is what the camera sees across, ``panorama`` whether the sky goes all around by itself, ``horizon`` as
    :class:`~....contract.events.Drafted` has it, ``notes`` are what a person should know.
    """

    result: FrameRGB
    original: FrameRGB
    matte: FrameRGB
    degrees: float
    panorama: bool
    horizon: list[float] | None
    notes: list[str]


@dataclass(frozen=True)
class _Camera:
    """How the camera of the frame stands in the new sky's world; ``lens`` None is one of all directions."""

    rotation: Matrix3
    focal: float
    lens: Lens | None
    size: tuple[int, int]

    @property
    def degrees(self) -> float:
        """What it sees across."""
        return 360.0 if self.lens is None else math.degrees(2 * math.atan2(self.size[0] / 2, self.focal))

    @property
    def horizon(self) -> list[float] | None:
        """Heights of the horizon at the left and the right edge; of a lens that bends, as if it did not."""
        down = self.rotation[:, 1]
        if self.lens is None or down[1] < _UPRIGHT:
            return None
        width, height = self.size
        below = [-(down[2] * self.focal + down[0] * side * (width - 1) / 2) / down[1] for side in (-1, 1)]
        return [round(float(0.5 - row / max(height - 1, 1)), 5) for row in below]

    def view(self, sky: SkyImage) -> LinearRGB:
        if self.lens is None:
            return seen_all_around(sky, self.rotation, *self.size)
        return sky.view(self.rotation, self.lens.focal, *self.size, self.lens.distortion)


class Drafter:
    """Keeps network, open clip, mattes and skies from draft to draft, so that only what has changed is made anew."""

    def __init__(self) -> None:
        self._methods: Kept[MatteMethod] = Kept(_METHODS)
        self._opening = threading.Lock()
        self._clip: OpenClip | None = None
        self._frames: Kept[ClipFrame] = Kept(_FRAMES)
        self._suns: Kept[Sun | None] = Kept(_FRAMES)
        self._skies: Kept[LoadedSky] = Kept(_SKIES)

    def draft(self, job: Job, index: int, long_side: int) -> Draft:
        """Frame ``index`` of ``job``, which has a sky, at most ``long_side`` pixels long.

        Raises:
            SkyarError: what stands in the way of the job itself: its clip, sky, weights, device or given motion.
        """
        sky = job.sky
        if sky is None:
            raise ValueError("the job has no sky")
        with ThreadPoolExecutor(1) as beside:
            # Reading a large sky takes as long as matting the frame.
            loading = beside.submit(self._sky, job, sky)
            clip = self._opened(job)
            order = source_frames(job.clip, clip.reader)
            check_projection(job, clip.reader)
            index = min(index, len(order) - 1)
            source, size = order[index], clip.size(long_side)
            settings = job.settings
            how = (settings.matte_method, settings.quality, settings.matting_weights, job.device)
            result = ShotResult.of(job, len(order), clip.reader.own_size)
            matte = None if result is None else result.matte(index, size)
            marked = {} if matte is not None else _marked(job, order, source)
            known_by = (how, repr(marked)) if result is None or matte is None else result.key(index)
            key = (clip.key, source, size, known_by)
            shown = self._frames.get(
                key,
                lambda: clip.read(
                    source,
                    size,
                    lambda: self._method(job),
                    matte,
                    {each: hints_of(uses, size[::-1]) for each, uses in marked.items()},
                ),
            )
            loaded = loading.result()
        seconds = (source - order[0]) / float(clip.reader.own_rate if job.clip.order else clip.reader.rate)
        known = None if result is None or clip.spherical else result.camera(index, size)
        if known is not None:
            camera = _Camera(known[0], known[1].focal, known[1], size)
        else:
            camera = _camera(job, clip, shown, index, len(order), size)
        turn = settings.wind * seconds + self._turn(key, sky, loaded, shown, camera)
        camera = replace(camera, rotation=drifted(camera.rotation, turn))
        turned = oriented_anew(loaded.at(seconds if loaded.moves else 0.0), sky)
        bright = turned if sky.exposure == 0 else _Brighter(turned, sky.exposure)
        area = None if result is None else result.area(index, size)
        moment = index, float(clip.reader.rate)
        picture = _put_together(job, shown, bright, camera, moment, loaded.daylight, area)
        notes = []
        if known is None and index > 0 and settings.motion == "SOLVE" and not clip.spherical:
            note = "Where the camera turns before this frame, the sky will have turned along in the result."
            if settings.horizon is not None:
                note += " The horizon will lie there in the first frame: place it there, if the camera tilts."
            notes.append(note)
        return Draft(picture, shown.frame, matte_view(shown), camera.degrees, loaded.panorama, camera.horizon, notes)

    def count(self, job: Job) -> int:
        """How many frames ``job`` has. Raises SkyarError where its clip cannot be read."""
        return len(source_frames(job.clip, self._opened(job).reader))

    def _opened(self, job: Job) -> OpenClip:
        if self._clip is None or self._clip.key != key_of(job.clip):
            if self._clip is not None:
                self._clip.reader.close()
                self._clip = None
            self._clip = OpenClip.of(job.clip)
        return self._clip

    def _method(self, job: Job) -> MatteMethod:
        settings = job.settings
        with self._opening:  # the sky of an ordinary picture asks for it too
            weights = file_of(weights_of(settings.matting_weights, None, CancelToken()))
            device = device_of(job, weights)
            key = (settings.matte_method, settings.quality, weights, device)
            return self._methods.get(key, lambda: matting_of(job, weights, device))

    def _sky(self, job: Job, sky: Sky) -> LoadedSky:
        """As it is read; exposure, turn and the rest are for the view."""
        plain = replace(
            sky, rotation=0.0, raised=0.0, exposure=0.0, field_of_view=90.0, aim_sun=False, light_from=None
        )
        path = Path(sky.source)
        state = path.stat().st_mtime_ns if path.is_absolute() and path.is_file() else 0

        def load() -> LoadedSky:
            return load_sky(plain, matting=lambda: self._method(job), widest=_WIDEST_SKY)

        return self._skies.get((plain, state), load)

    def _turn(self, key: tuple[object, ...], sky: Sky, loaded: LoadedSky, shown: ClipFrame, camera: _Camera) -> float:
        """Degrees to the right by which a sky whose sun is to be aimed is turned; as :func:`..stages.sun.turn_of`."""
        new = sun_azimuth(sky, loaded.metadata)
        if not sky.aim_sun or new is None:
            return 0.0
        if sky.light_from is not None:
            light = math.degrees(heading(camera.rotation)) + sky.light_from
        else:
            lens = camera.lens or Lens.of(camera.focal, 0.0, *camera.size)

            def find() -> Sun | None:
                return find_sun([(shown.frame, shown.matte, camera.rotation, lens)])

            found = None if camera.lens is None else self._suns.get(key, find)
            if found is None:
                return 0.0
            light = found.azimuth
        return light + sky.rotation - new


def _marked(job: Job, order: list[int], source: int) -> dict[int, list[tuple[Correction, Path]]]:
    """The corrections of ``source`` and of the frames nearest to it that have some, by source frames."""
    found = corrected_sources(job, order)
    nearest = sorted(found, key=lambda each: (abs(each - source), each))
    return {each: found[each] for each in nearest[: _LEARNT_FROM + (source in found)]}


def _camera(job: Job, clip: OpenClip, shown: ClipFrame, index: int, count: int, size: tuple[int, int]) -> _Camera:
    """The camera of frame ``index`` of ``count``: the given one, or one that stands still, level by its skyline."""
    settings, reader = job.settings, clip.reader
    given = settings.motion in GIVEN_MOTIONS
    tracker = make_tracker(
        settings.motion if given else "STATIC",
        width=size[0],
        height=size[1],
        fps=float(reader.rate),
        focal_mm=settings.focal_length,
        quality=settings.quality,
        metadata_mm=reader.focal_mm,
        given=read_motion(job, count) if given else None,
        places=[index],
    )
    stored: StoredMatte = np.rint(shown.matte * 65535).astype(np.uint16)
    tracker.add(shown.frame, stored)
    track: Track = tracker.solve()
    if clip.spherical:
        world = track.world or [np.eye(3).tolist()]
        track = replace(track, projection="equirectangular", focal_px=focal_of(size[0]), world=world)
        settings = replace(settings, horizon=None)
    rotation = place(track, [(0, stored)], settings).rotations[0]
    focal = track.focal(0)
    return _Camera(rotation, focal, None if clip.spherical else Lens.of(focal, 0.0, *size), size)


def _put_together(
    job: Job,
    shown: ClipFrame,
    sky: SkyImage,
    camera: _Camera,
    moment: tuple[int, float],
    daylight: float,
    area: Matte | None,
) -> FrameRGB:
    """``moment``: the frame of the job, and frames per second; ``area`` as :class:`Layers` has it."""
    index, rate = moment
    look = job.settings.look
    view = camera.view(sky)
    seen = SkyStatistics()
    seen.add_sky(view, shown.matte)
    new_sky = replace(seen.seen, daylight=daylight)
    light = light_between(shown.old_sky, new_sky, look)
    colour = shown.grain.linear(new_sky.whole or (0.0, 0.0, 0.0))
    width, height = camera.size
    mirror = None
    if look.reflections > 0:
        mirror = reflection(shown.frame, shown.matte, shown.plate, sky, (camera.rotation, camera.lens))
    layers = Layers(
        shown.matte,
        view,
        shown.plate,
        shown.sky_visibility,
        grain=grain_image(width, height, shown.grain.softness, index % PICTURES) if any(colour) else None,
        grain_colour=colour,
        rain=_rain(camera, rate, index) if look.rain > 0 else None,
        mirror=mirror,
        area=area,
    )
    return composite(shown.frame, layers, look, light)


def _rain(camera: _Camera, rate: float, index: int) -> Matte:
    if camera.lens is None:
        return rain_all_around(*camera.size, rate, index)
    return rain_image(*camera.size, camera.focal, rate, index)


@dataclass(frozen=True)
class _Brighter:
    """A sky so many stops brighter."""

    sky: SkyImage
    stops: float

    def view(self, rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float = 0.0) -> LinearRGB:
        seen = self.sky.view(rotation, focal_px, width, height, distortion)
        return np.asarray(seen * np.float32(2.0**self.stops), np.float32)
