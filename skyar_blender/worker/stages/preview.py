# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage five: movies to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.report import GrainFigures, LightOfShot
from ...engine.composite.compare import split_screen
from ...engine.composite.grain import PICTURES
from ...engine.composite.look import Layers, composite
from ...engine.media.atomic import explained
from ...engine.media.clip import requested_frames
from ...engine.media.in_order import frames_in_order
from ...engine.media.movie_writer import MovieWriter
from ...engine.media.prefetch import parallel_map, prefetch
from ...engine.media.sound import SoundCut
from ...engine.types import FrameRGB, Matte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored.images import area_of, matte_of, plate_of, sky_of
from .grain import grain_at, grain_colour
from .light import lights
from .rain import rain_at
from .reflection import mirror_of

#: Name of what is remembered of the previews' size.
SIZE = "preview"


def run(running: RunningJob, of_shots: Sequence[LightOfShot], noise: GrainFigures) -> StageReport:
    """Make ``preview.mp4`` and ``compare.mp4`` where they are wanted and either is missing, or of another size.

    ``of_shots`` and ``noise``: the light of each shot and the grain of the new sky, from their stages.
    """
    folder = running.folder
    total = len(running.order) if running.job.settings.previews else 0
    size = _size(running)
    made = running.load_state(SIZE) or [running.reader.width, running.reader.height]
    complete = folder.preview.exists() and folder.compare.exists() and made == list(size)
    progress = running.progress("preview", total, total if complete else 0)
    if total and not complete:
        with _movie(running, folder.preview, size) as preview, _movie(running, folder.compare, size) as compare:
            for before, after in prefetch(_composited(running, size, of_shots, noise), depth=3):
                preview.write(after)
                compare.write(split_screen(before, after))
                progress.step()
        for writer in (preview, compare):
            if writer.sound_failed is not None:
                running.warn(
                    "sound_lost",
                    "The previews are silent from some point on.",
                    f"The sound of the clip could not be read: {writer.sound_failed}.",
                    "The clip itself is untouched; take the sound from there.",
                )
                break
        for path in (folder.preview, folder.compare):
            running.written.finish_file(path)
        running.save_state(SIZE, list(size))
    return StageReport(progress.finish())


def _size(running: RunningJob) -> tuple[int, int]:
    """Width and height of the previews: those of the clip unless the job wants smaller ones, which are even."""
    width, height = running.reader.width, running.reader.height
    wanted = running.job.settings.preview_size
    if wanted is None or wanted >= max(width, height):
        return width, height
    scale = wanted / max(width, height) / 2
    return max(1, round(width * scale)) * 2, max(1, round(height * scale)) * 2


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


def _movie(running: RunningJob, path: Path, size: tuple[int, int]) -> MovieWriter:
    partial = running.written.begin_file(path)
    with explained(path):
        aspect = running.reader.pixel_aspect
        return MovieWriter(partial, *size, running.reader.rate, _sound(running), aspect, running.spherical)


def _sound(running: RunningJob) -> SoundCut | None:
    """The sound of frames that keep the movie's time, one by one or at another rate; others have none."""
    requested = requested_frames(running.job.clip, running.reader.count)
    step = running.reader.own_rate / running.reader.rate
    in_time = all(abs(frame - requested[0] - place * step) <= 1 for place, frame in enumerate(requested))
    if running.reader.sound is None or not in_time:
        return None
    start = requested[0] / running.reader.own_rate
    return SoundCut(running.reader.sound, start, start + len(requested) / running.reader.rate)


def _composited(
    running: RunningJob, size: tuple[int, int], of_shots: Sequence[LightOfShot], noise: GrainFigures
) -> Iterator[tuple[FrameRGB, FrameRGB]]:
    """Before and after, frame by frame in the job's order."""
    look = running.job.settings.look
    layered = prefetch(_layers(running, size, noise), depth=3)
    for (frame, layers), light in zip(layered, lights(running, of_shots), strict=True):
        yield frame, composite(frame, layers, look, light)


def _layers(running: RunningJob, size: tuple[int, int], noise: GrainFigures) -> Iterator[tuple[FrameRGB, Layers]]:
    # Eight images are shown in turn, so that each is read once.
    @cache
    def grain(number: int) -> Matte | None:
        return grain_at(running, noise, number)

    def load(place: tuple[int, tuple[int, FrameRGB]]) -> tuple[FrameRGB, Layers]:
        index, (source, frame) = place
        plate, sky_visibility = plate_of(running, source)
        layers = Layers(matte_of(running, source), sky_of(running, source), plate, sky_visibility)
        layers = replace(layers, grain=grain(index % PICTURES), grain_colour=grain_colour(running, noise, index))
        layers = replace(
            layers, rain=rain_at(running, index), mirror=mirror_of(running, source), area=area_of(running, source)
        )
        if frame.shape[1::-1] == size:
            return frame, layers
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8), _resized(layers, size)

    # Reading takes longer than all the rest.
    return parallel_map(load, enumerate(frames_in_order(running.reader, running.order)))
