# SPDX-License-Identifier: GPL-3.0-or-later
"""The new sky as the camera sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract.report import SkyFigures, SunFigures
from ...contract.track_file import Track
from ...engine.composite.light_statistics import thinned
from ...engine.composite.plate_size import bordered
from ...engine.lens import Lens
from ...engine.media.exr import as_single, as_stored, encode_exr, encode_halves, in_halves
from ...engine.media.pixel_aspect import at_size
from ...engine.media.prefetch import parallel_map, prefetch
from ...engine.sky.daylight import daylight
from ...engine.sky.load import LoadedSky, wide_enough
from ...engine.sky.placement import Placement, drifted, headed, place
from ...engine.sky_image import SkyImage
from ...engine.sphere.all_around import seen_all_around
from ...engine.survey.fades import Fade
from ...engine.track.geometry.rotations import camera_matrix, nearest_rotation
from ...engine.types import LinearRGB, Matrix3, StoredMatte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored.dissolves import mixed_frames
from ..stored.horizon_mattes import horizon_places, small_matte
from ..stored.images import sky_as_used, stored_matte
from . import track as track_stage
from .light import look, to_look_at
from .sun import Lights, SkyRotation, headings, turn_of

#: Name of what is remembered of the new sky.
SKY = "sky"
#: Name of what is remembered of how the camera stands; a run with another new sky takes it over.
PLACEMENT = "placement"


class NewSky:
    """The sky of a job as its camera sees it.

    Attributes:
        missing: places among the source frames whose file of ``sky/`` is to be made.
        turn: how it is turned towards the shot's light.
        progress: of the step that makes its views.
    """

    def __init__(self, running: RunningJob, track: Track) -> None:
        """``track`` holds the source frames in use, ascending; ``track.json`` is told how the camera stands.

        A part of a clip takes all from what was found of the whole.
        """
        self._running, self._track, places = running, track, running.places
        self.missing = {index for index in places if not _path(running, running.sources[index]).exists()}
        kept = running.load_state(SKY)
        unknown = running.part is None and (bool(self.missing) or kept is None)
        begun = time.monotonic()
        lights = Lights(running, track)
        placement = _placement(running, track, lights)
        if running.part is None and (unknown or _exported(running).world is None):
            track_stage.export(running, replace(track, world=[world.tolist() for world in placement.world]))
        self.turn = SkyRotation()
        self._lights = lights
        if unknown:
            metadata, before = self.loaded.metadata, time.monotonic()
            self.turn = turn_of(running, lights, placement.rotations, metadata)
            begun += time.monotonic() - before  # which is a step of its own
            facts = {**metadata, "name": self.loaded.name, "normalised_stops": self.loaded.normalised_stops}
            sun = {} if self.turn.figures is None else {"sun": asdict(self.turn.figures)}
            kept = {"facts": facts, "placement": placement.figures, "turn": self.turn.degrees, **sun}
            running.save_state(SKY, kept)
        self._kept: dict[str, Any] = kept
        self._distorted = track.distortions()
        # For a sky that is turned to the right, so that its sun is where the light comes from.
        turned = [drifted(each, kept.get("turn", 0.0)) for each in placement.rotations]
        self._placement = replace(placement, rotations=turned)
        self.progress = running.progress("sky", len(places), len(places) - len(self.missing), begun, beside=True)

    @cached_property
    def loaded(self) -> LoadedSky:
        """The sky itself."""
        running = self._running
        assert running.job.sky is not None  # the job's own check
        roughly = running.draft
        read = running.loaded.sky(running.job.sky, running.matting, self._wide_enough(), roughly)
        return running.computing.sky(read)

    def _wide_enough(self) -> int | None:
        """Width at which a panorama holds all that this clip sees of it; None where that is all around at once."""
        running = self._running
        if running.spherical:
            return None
        longest = max(self._track.focal(index) for index in range(len(running.sources)))
        return wide_enough(longest, roughly=running.draft)

    @property
    def daylight(self) -> float:
        """How far (0..1) its sun lights the ground as that of a day does."""
        return daylight(self._kept.get("facts", {}))

    def report(self) -> StageReport:
        """Figures of the sky, and the row of what was worked on the light of the clip's places."""
        kept = self._kept
        sun = SunFigures(**kept["sun"]) if "sun" in kept else None
        figures = SkyFigures(sky=kept.get("facts", {}), placement=kept.get("placement", {}), sun=sun)
        return StageReport(self._lights.rows, [figures])

    def at(self, index: int) -> SkyImage:
        """The sky at the time of a source frame in use."""
        return self.loaded.at(self._seconds(index))

    def camera(self, index: int) -> tuple[Matrix3, Lens | None]:
        """World to camera directions of a source frame in use, and its lens; None where it shows all directions."""
        lens = Lens.of(self._track.focal(index), self._distorted[index], *self._running.shown_size)
        return self._rotation(index), None if self._running.spherical else lens

    def views(self) -> Callable[[int], SharedView]:
        """What gives the view of each source frame that shows one shot, asked for in ascending order.

        A locked-off camera sees one image, where the sky itself does not move.
        """
        looks, last = to_look_at(self._running, self._track), None

        def view_at(index: int) -> SharedView:
            nonlocal last
            view = self._view(index)
            if last is None or last.view.key != view.key:
                last = SharedView(self._running, self.loaded.at(view.seconds), view, looks)
            return last

        return view_at

    def look(self) -> None:
        """See the frames that tell of the light, before their files are made; see :attr:`RunningJob.looks`."""
        running, index_of = self._running, {source: index for index, source in enumerate(self._running.sources)}
        wanted = [source for source in to_look_at(running, self._track) if index_of[source] in self.missing]

        def looked(asked: tuple[int, SkyImage]) -> None:
            running.token.check()
            source, sky = asked
            seen = _seen_in_view(running, sky, self._view(index_of[source]))
            running.looks[source] = look(running, source, _looked_at(seen))

        skies = ((source, self.loaded.at(self._view(index_of[source]).seconds)) for source in sorted(wanted))
        for _ in parallel_map(looked, skies):
            pass

    def mix(self, sources: list[int]) -> Iterator[int]:
        """Write the new sky of those ``sources`` that show two shots: each shot's own, as far as its sky is seen.

        Gives each once it is written.
        """
        running, track = self._running, self._track
        index_of = {source: index for index, source in enumerate(running.sources)}
        for source, dissolve, mixture in mixed_frames(running, sources):
            seconds = seconds_of(running, track, index_of[source])
            seen = self.loaded.at(seconds if self.loaded.moves else 0.0)
            views = []
            for end, motion in zip((dissolve.before, dissolve.after), dissolve.motions(source), strict=True):
                index = index_of[end]
                rotation = _carried_rotation(running, track, motion, index) @ self._placement.rotations[index]
                rotation = drifted(np.asarray(rotation), running.job.settings.wind * seconds)
                views.append(_seen(running, seen, rotation, track.focal(index), self._distorted[index]))
            one, other = (at_size(each, running.working_size) for each in views)
            image = running.survey.fade_of(source).of_linear(mixture.mixed(one, other))
            running.written.write(_path(running, source), encode_exr(bordered(image, running.clip_size)))
            yield source

    def _seconds(self, index: int) -> float:
        return seconds_of(self._running, self._track, index)

    def _rotation(self, index: int) -> Matrix3:
        return drifted(self._placement.rotations[index], self._running.job.settings.wind * self._seconds(index))

    def _view(self, index: int) -> _View:
        seconds = self._seconds(index) if self.loaded.moves else 0.0
        rotation, fade = self._rotation(index), self._running.survey.fade_of(self._running.sources[index])
        focal, distortion = self._track.focal(index), self._distorted[index]
        return _View(index, tuple(map(tuple, rotation.tolist())), focal, distortion, seconds, fade)


def _path(running: RunningJob, source: int) -> Path:
    return running.folder.sky(running.number_of[source])


@dataclass(frozen=True)
class _View:
    """How the camera of the frame with this place among the source frames looks at the sky, and when.

    ``seconds`` after the first frame, where the sky moves; else 0. ``fade`` is how far the frame is faded.
    """

    index: int
    rotation: tuple[tuple[float, ...], ...]
    focal: float
    distortion: float
    seconds: float
    fade: Fade

    @property
    def key(self) -> _View:
        return replace(self, index=0)


class SharedView:
    """One view of the sky, for all frames that show it; made by whichever thread asks first."""

    def __init__(self, running: RunningJob, sky: SkyImage, view: _View, looks: set[int]) -> None:
        """``looks``: source frames that are to be looked at for the light."""
        self.view = view
        self._running, self._sky, self._looks = running, sky, looks
        self._making = threading.Lock()
        self._made: tuple[bytes, NDArray[np.float16], LinearRGB | None] | None = None

    def write(self, source: int) -> None:
        """Write it for a source frame."""
        data, _, thin = self._image
        running = self._running
        running.written.write(_path(running, source), data)
        if source in self._looks and source not in running.looks:
            assert thin is not None
            running.looks[source] = look(running, source, thin)

    def seen(self, source: int) -> LinearRGB:
        """The image as :func:`..stored.images.sky_of` gives it."""
        return sky_as_used(self._running, _path(self._running, source), as_single(self._image[1]))

    @property
    def _image(self) -> tuple[bytes, NDArray[np.float16], LinearRGB | None]:
        with self._making:
            if self._made is None:
                running = self._running
                image = _seen_in_view(running, self._sky, self.view)
                looked_at = self._looks - running.looks.keys()
                thin = _looked_at(image).copy() if looked_at else None
                half = in_halves(bordered(self.view.fade.of_linear(image), running.clip_size))
                self._made = encode_halves(half), half, thin
            return self._made


def _seen_in_view(running: RunningJob, sky: SkyImage, view: _View) -> LinearRGB:
    """At the size that is worked at."""
    image = _seen(running, sky, np.array(view.rotation), view.focal, view.distortion)
    return at_size(image, running.working_size)


def _looked_at(image: LinearRGB) -> LinearRGB:
    """What is looked at of a view, as if it were read from its file."""
    return as_stored(thinned(image))


def seconds_of(running: RunningJob, track: Track, index: int) -> float:
    """When a source frame in use is seen, after the first one."""
    # Frames one by one take the time of the result; chosen ones, as where the rates differ, that of the movie.
    rate = track.fps if running.job.clip.order is None else float(running.reader.own_rate)
    return (running.sources[index] - running.sources[0]) / rate


def _carried_rotation(running: RunningJob, track: Track, motion: Matrix3, index: int) -> Matrix3:
    """The camera's turn that moves the image of source frame ``index`` in use so."""
    if running.spherical or running.job.settings.motion == "STATIC":
        return np.eye(3)
    scale = np.diag(
        [running.shown_size[0] / running.working_size[0], running.shown_size[1] / running.working_size[1], 1.0]
    )
    camera = camera_matrix(track.focal(index), *running.shown_size)
    turned = np.linalg.inv(camera) @ scale @ motion @ np.linalg.inv(scale) @ camera
    return nearest_rotation(np.asarray(turned / np.cbrt(np.linalg.det(turned))))


def _seen(running: RunningJob, sky: SkyImage, rotation: Matrix3, focal: float, distortion: float) -> LinearRGB:
    if running.spherical:
        return seen_all_around(sky, rotation, *running.shown_size)
    return sky.view(rotation, focal, *running.shown_size, distortion)


def _exported(running: RunningJob) -> Track:
    return Track.from_json(running.folder.track.read_text(encoding="utf-8"))


def _placement(running: RunningJob, track: Track, lights: Lights) -> Placement:
    """Found by this run, or by an earlier one for the same horizon and light."""
    horizon, several = running.job.settings.horizon, track.world is None and len(set(track.places())) > 1
    light_from = running.job.sky.light_from if running.job.sky is not None and several else None
    kept = running.load_state(PLACEMENT)
    if kept is not None and kept["horizon"] == horizon and kept.get("light_from") == light_from:
        return _kept_placement(kept)
    found = _found_placement(running, track)
    if several:
        found = headed(found, track, headings(running, track, found.rotations, lights))
    rotations, world = ([each.tolist() for each in matrices] for matrices in (found.rotations, found.world))
    asked = {"horizon": horizon, "light_from": light_from}
    kept = {**asked, "rotations": rotations, "world": world, "figures": found.figures}
    running.save_state(PLACEMENT, kept)
    return _kept_placement(kept)  # as a rerun reads it


def _kept_placement(kept: dict[str, Any]) -> Placement:
    rotations, world = ([np.array(each) for each in kept[name]] for name in ("rotations", "world"))
    return Placement(rotations, kept["figures"], world)


def _found_placement(running: RunningJob, track: Track) -> Placement:
    if track.world is not None:
        return place(track, (), running.job.settings)

    return place(track, prefetch(_small_mattes(running)), running.job.settings)


def _small_mattes(running: RunningJob) -> Iterator[tuple[int, StoredMatte]]:
    """Those that the horizon is found from; what was not seen as it was made is read."""
    for index in horizon_places(len(running.sources)):
        running.token.check()
        source = running.sources[index]
        seen = running.seen.mattes.pop(source, None)
        yield index, small_matte(stored_matte(running, source)) if seen is None else seen
