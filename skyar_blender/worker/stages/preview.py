# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage five: movies to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.report import GrainFigures, LightOfShot
from ...engine.composite.compare import split_screen
from ...engine.composite.look import Layers, composite
from ...engine.media.atomic import explained
from ...engine.media.clip import asked_frames
from ...engine.media.in_order import frames_in_order
from ...engine.media.movie_writer import MovieWriter
from ...engine.media.prefetch import made_ahead, prefetch
from ...engine.media.sound import SoundCut
from ...engine.types import FrameRGB
from ..gathered import StageReport
from ..results import area_of, matte_of, plate_of, sky_of
from ..shot import Shot
from .grain import grain_at, grain_colour
from .light import lights
from .rain import rain_at
from .reflection import mirror_of

#: Name of what is remembered of the previews' size.
SIZE = "preview"


def run(shot: Shot, of_shots: Sequence[LightOfShot], noise: GrainFigures) -> StageReport:
    """Make ``preview.mp4`` and ``compare.mp4`` where they are wanted and either is missing, or of another size.

    ``of_shots`` and ``noise``: the light of each shot and the grain of the new sky, from their stages.
    """
    folder = shot.folder
    total = len(shot.order) if shot.job.settings.previews else 0
    size = _size(shot)
    made = shot.kept(SIZE) or [shot.reader.width, shot.reader.height]
    complete = folder.preview.exists() and folder.compare.exists() and made == list(size)
    progress = shot.progress("preview", total, total if complete else 0)
    if total and not complete:
        with _movie(shot, folder.preview, size) as preview, _movie(shot, folder.compare, size) as compare:
            for before, after in prefetch(_composited(shot, size, of_shots, noise), depth=3):
                preview.write(after)
                compare.write(split_screen(before, after))
                progress.step()
        for writer in (preview, compare):
            if writer.sound_failed is not None:
                shot.warn(
                    "sound_lost",
                    "The previews are silent from some point on.",
                    f"The sound of the clip could not be read: {writer.sound_failed}.",
                    "The clip itself is untouched; take the sound from there.",
                )
                break
        for path in (folder.preview, folder.compare):
            shot.written.finish_file(path)
        shot.keep(SIZE, list(size))
    return StageReport(progress.finish())


def _size(shot: Shot) -> tuple[int, int]:
    """Width and height of the previews: those of the clip unless the job wants smaller ones, which are even."""
    width, height = shot.reader.width, shot.reader.height
    wanted = shot.job.settings.preview_size
    if wanted is None or wanted >= max(width, height):
        return width, height
    scale = wanted / max(width, height) / 2
    return max(1, round(width * scale)) * 2, max(1, round(height * scale)) * 2


def _resized(layers: Layers, size: tuple[int, int]) -> Layers:
    """Small layers, so that putting them together takes as little time as the picture is small."""

    def small(picture: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)

    changed: dict[str, Any] = {"matte": small(layers.matte), "sky": small(layers.sky)}
    for name in ("plate", "openness", "grain", "rain", "area"):
        picture = getattr(layers, name)
        changed[name] = None if picture is None else small(picture)
    if layers.mirror is not None:
        changed["mirror"] = (small(layers.mirror[0]), small(layers.mirror[1]))
    return replace(layers, **changed)


def _movie(shot: Shot, path: Path, size: tuple[int, int]) -> MovieWriter:
    partial = shot.written.begin_file(path)
    with explained(path):
        return MovieWriter(partial, *size, shot.reader.rate, _sound(shot), shot.reader.pixel_aspect)


def _sound(shot: Shot) -> SoundCut | None:
    """The sound of frames that keep the movie's time, one by one or at another rate; others have none."""
    asked = asked_frames(shot.job.clip, shot.reader.count)
    step = shot.reader.own_rate / shot.reader.rate
    in_time = all(abs(frame - asked[0] - place * step) <= 1 for place, frame in enumerate(asked))
    if shot.reader.sound is None or not in_time:
        return None
    start = asked[0] / shot.reader.own_rate
    return SoundCut(shot.reader.sound, start, start + len(asked) / shot.reader.rate)


def _composited(
    shot: Shot, size: tuple[int, int], of_shots: Sequence[LightOfShot], noise: GrainFigures
) -> Iterator[tuple[FrameRGB, FrameRGB]]:
    """Before and after, frame by frame in the job's order."""
    look = shot.job.settings.look
    layered = prefetch(_layers(shot, size, noise), depth=3)
    for (frame, layers), light in zip(layered, lights(shot, of_shots), strict=True):
        yield frame, composite(frame, layers, look, light)


def _layers(shot: Shot, size: tuple[int, int], noise: GrainFigures) -> Iterator[tuple[FrameRGB, Layers]]:
    def load(place: tuple[int, tuple[int, FrameRGB]]) -> tuple[FrameRGB, Layers]:
        index, (source, frame) = place
        plate, openness = plate_of(shot, source)
        layers = Layers(matte_of(shot, source), sky_of(shot, source), plate, openness)
        layers = replace(layers, grain=grain_at(shot, noise, index), grain_colour=grain_colour(shot, noise, index))
        layers = replace(
            layers, rain=rain_at(shot, index), mirror=mirror_of(shot, source), area=area_of(shot, source)
        )
        if frame.shape[1::-1] == size:
            return frame, layers
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8), _resized(layers, size)

    # Reading takes longer than all the rest.
    return made_ahead(load, enumerate(frames_in_order(shot.reader, shot.order)))
