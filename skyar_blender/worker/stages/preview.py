# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies to look at."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...common.stored_sizes import preview_size
from ...contract.report import GrainFigures, LightOfShot
from ...engine.composite.grain import PICTURES
from ...engine.composite.look import Layers
from ...engine.media.atomic import explained
from ...engine.media.clip import requested_frames
from ...engine.media.in_order import frames_in_order
from ...engine.media.movie_piece import MovieFormat
from ...engine.media.movie_writer import MovieWriter
from ...engine.media.prefetch import parallel_map, prefetch
from ...engine.media.sound import SoundCut
from ...engine.types import FrameRGB, LinearRGB, Matte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored import kept_movies
from ..stored.finished_pieces import forget_pieces
from ..stored.images import area_of, as_fraction, matte_of, plate_of, sky_of
from ..stored.piece_keys import piece_keys
from .grain import grain_colour, stored_grain
from .light import lights
from .movies import Movies, Pair, Pieces
from .rain import rain_at
from .reflection import mirror_of

#: Name of what is remembered of the previews' size.
SIZE = "preview"


@dataclass(frozen=True)
class Images:
    """What a frame's files have in them: (height, width, ...); see :class:`.look.Layers`.

    What is stored smaller than the clip has the size of the previews, the rest that of the clip.
    """

    matte: Matte
    sky: LinearRGB
    plate: LinearRGB
    sky_visibility: Matte
    mirror: tuple[LinearRGB, Matte] | None
    area: Matte | None


class Previews:
    """``preview.mp4`` and ``compare.mp4`` of a job that wants them, where either is missing or of another size.

    Attributes:
        progress: of the step.
        size: width and height.
        missing: whether they are to be made.
    """

    def __init__(self, running: RunningJob, of_shots: Sequence[LightOfShot], noise: GrainFigures) -> None:
        """``of_shots`` and ``noise``: the light of each shot and the grain of the new sky, from their stages."""
        self._running, self._noise = running, noise
        self._lights = lights(running, of_shots)
        self.size = _size(running)
        total = len(running.order) if running.job.settings.previews else 0
        made = running.load_state(SIZE) or list(running.working_size)
        paths = running.folder.preview, running.folder.compare
        complete = all(path.exists() for path in paths) and made == list(self.size)
        if total and not complete and kept_movies.bring_back(running, self.keys):
            running.save_state(SIZE, list(self.size))
            complete = True
        self.missing = bool(total) and not complete
        self.progress = running.progress("preview", total, total if complete else 0, beside=True)
        self._indices: dict[int, list[int]] = {}
        for index, source in enumerate(running.order):
            self._indices.setdefault(source, []).append(index)
        # Eight images are shown in turn, so that each is read once.
        self._grain = cache(partial(stored_grain, running, noise))

    @property
    def format(self) -> MovieFormat:
        """What the images of the movies share."""
        return MovieFormat(*self.size, self._running.reader.rate, self._running.reader.pixel_aspect)

    @property
    def keys(self) -> list[str]:
        """What each piece of the movies is made of, once all images are there."""
        running, noise = self._running, self._noise

        def made_with(index: int) -> Any:
            return asdict(self._lights[index]), asdict(noise), grain_colour(running, noise, index)

        return piece_keys(running, self.format, made_with)

    @contextmanager
    def movies(self) -> Iterator[Movies]:
        """What takes each frame of the job, in order; afterwards the movies are there.

        Where something goes wrong meanwhile, nothing of them is left.
        """
        running, paths = self._running, (self._running.folder.preview, self._running.folder.compare)
        try:
            with _movie(running, paths[0], self.format) as preview, _movie(running, paths[1], self.format) as compare:
                yield Movies(preview, compare, self.progress)
            _tell_of_sound(running, preview, compare)
        except BaseException:
            for path in paths:
                running.written.drop_file(path)
            raise
        for path in paths:
            running.written.finish_file(path)
        running.save_state(SIZE, list(self.size))
        kept_movies.keep(running, self.keys)
        forget_pieces(running)
        self.missing = False

    def pairs(self, source: int, frame: FrameRGB, images: Images) -> list[Pair]:
        """Before and after of each frame of the job that shows a source frame."""
        return [self.pair(index, frame, images) for index in self._indices[source]]

    def pair(self, index: int, frame: FrameRGB, images: Images) -> Pair:
        """Before and after of a frame of the job."""
        running = self._running
        grain = self._grain(index % PICTURES)
        layers = Layers(
            images.matte,
            images.sky,
            images.plate,
            images.sky_visibility,
            grain=None if grain is None else as_fraction(grain),
            grain_colour=grain_colour(running, self._noise, index),
            rain=rain_at(running, index),
            mirror=images.mirror,
            area=images.area,
        )
        if frame.shape[1::-1] != self.size:
            frame = np.asarray(cv2.resize(frame, self.size, interpolation=cv2.INTER_AREA), np.uint8)
            layers = _resized(layers, self.size)
        look = running.job.settings.look.at(index)
        return frame, running.computing.composite(frame, layers, look, self._lights[index])


def go_along(running: RunningJob) -> bool:
    """Whether previews are wanted and can be made while frames pass in ascending order, each by itself."""
    can_be = running.job.settings.previews and not running.survey.dissolves
    return can_be and all(before <= after for before, after in pairwise(running.order))


def run(running: RunningJob, previews: Previews) -> StageReport:
    """Make the previews from the files of all frames, in the job's order."""

    def load(place: tuple[int, tuple[int, FrameRGB]]) -> Pair:
        index, (source, frame) = place
        begun = time.monotonic()
        images = Images(
            matte_of(running, source),
            sky_of(running, source),
            *plate_of(running, source, previews.size),
            mirror_of(running, source),
            area_of(running, source),
        )
        pair = previews.pair(index, frame, images)
        previews.progress.work(time.monotonic() - begun)
        return pair

    if previews.missing:
        pieces = Pieces(running, previews.keys, previews.format.piece_length)
        with previews.movies() as movies:
            # Reading takes longer than all the rest.
            order = [running.order[index] for index in pieces.missing]
            frames = zip(pieces.missing, frames_in_order(running.reader, order), strict=True)
            pieces.put_together(movies, prefetch(parallel_map(load, frames), depth=3))
    return StageReport(previews.progress.finish())


def _size(running: RunningJob) -> tuple[int, int]:
    return preview_size(running.working_size, running.job.settings)


def _resized(layers: Layers, size: tuple[int, int]) -> Layers:
    """Small layers, so that putting them together takes as little time as the image is small."""

    def small(image: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)

    changed: dict[str, Any] = {"matte": small(layers.matte), "sky": small(layers.sky)}
    for name in ("plate", "sky_visibility", "grain", "rain", "area"):
        image = getattr(layers, name)
        changed[name] = None if image is None else small(image)
    if layers.mirror is not None:
        changed["mirror"] = (small(layers.mirror[0]), small(layers.mirror[1]))
    return replace(layers, **changed)


def _movie(running: RunningJob, path: Path, movie: MovieFormat) -> MovieWriter:
    partial = running.written.begin_file(path)
    with explained(path):
        size, aspect = (movie.width, movie.height), movie.pixel_aspect
        return MovieWriter(partial, *size, movie.rate, _sound(running), aspect, running.spherical)


def _tell_of_sound(running: RunningJob, *movies: MovieWriter) -> None:
    failed = next((each.sound_failed for each in movies if each.sound_failed is not None), None)
    if failed is not None:
        running.warn(
            "sound_lost",
            "The previews are silent from some point on.",
            f"The sound of the clip could not be read: {failed}.",
            "The clip itself is untouched; take the sound from there.",
        )


def _sound(running: RunningJob) -> SoundCut | None:
    """The sound of frames that keep the movie's time, one by one or at another rate; others have none."""
    requested = requested_frames(running.job.clip, running.reader.count)
    step = running.reader.own_rate / running.reader.rate
    in_time = all(abs(frame - requested[0] - place * step) <= 1 for place, frame in enumerate(requested))
    if running.reader.sound is None or not in_time:
        return None
    start = requested[0] / running.reader.own_rate
    return SoundCut(running.reader.sound, start, start + len(requested) / running.reader.rate)
