# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows the skies of a trial together: a contact sheet, and a movie with a stripe of each."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from ..contract import events
from ..contract.job import Clip
from ..contract.layout import OutputFolder
from ..contract.trial import Trial
from ..engine.composite.comparison import labelled_sheet, stripes
from ..engine.media.atomic import begin_partial, explained, finish_partial, write_atomically
from ..engine.media.clip import open_clip
from ..engine.media.images import encode_jpg
from ..engine.media.in_order import frames_in_order
from ..engine.media.movie_writer import MovieWriter
from ..engine.types import FrameRGB
from .job.running_job import RunningJob
from .wandb_log.finished import Finished


def show_together(running: RunningJob, trial: Trial) -> None:
    """Make the sheet and the movie of ``trial``; the original comes first.

    Raises:
        SkyarError: ``clip_unreadable`` for a damaged preview; ``output_full``, ``output_not_writable``.
    """
    results = [Finished.read(path) for path in (*map(Path, trial.results), running.folder.root)]
    movies = [open_clip(Clip(path=str(OutputFolder(each.folder.root).preview))) for each in results]
    count = min(len(running.order), *(movie.count for movie in movies))
    numbers = range(count)
    size = min((movie.width, movie.height) for movie in movies)
    path = Path(trial.movie)
    try:
        partial = begin_partial(path)
        with explained(path):
            writer = MovieWriter(partial, *size, Fraction(running.reader.rate), None)
        with writer:
            after = [movie.frames(numbers) for movie in movies]
            before = frames_in_order(running.reader, running.order[:count])
            for index, each in enumerate(zip(before, *after, strict=True)):
                running.token.check()
                images = [_resized(frame, size) for _number, frame in each]
                writer.write(stripes(images))
                if index == count // 2:
                    words = ["original", *(result.sky_name for result in results)]
                    write_atomically(Path(trial.sheet), encode_jpg(labelled_sheet(images, words)))
    finally:
        for movie in movies:
            movie.close()
    finish_partial(path)
    for name, made in (("sheet", trial.sheet), ("skies", trial.movie)):
        running.emit(events.Artifact(name=name, path=Path(made).as_posix()))


def _resized(frame: FrameRGB, size: tuple[int, int]) -> FrameRGB:
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
