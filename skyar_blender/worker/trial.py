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
from ..engine.composite.side_by_side import contact_sheet, stripes
from ..engine.media.atomic import begin_partial, explained, finish_partial, write_atomically
from ..engine.media.clip import open_clip
from ..engine.media.in_order import frames_in_order
from ..engine.media.movie_writer import MovieWriter
from ..engine.media.pictures import encode_jpg
from ..engine.types import FrameRGB
from .shot import Shot
from .wandb_log.finished import Finished


def show_together(shot: Shot, trial: Trial) -> None:
    """Make the sheet and the movie of ``trial``; the original comes first.

    Raises:
        SkyarError: ``clip_unreadable`` for a damaged preview; ``output_full``, ``output_not_writable``.
    """
    results = [Finished.read(path) for path in (*map(Path, trial.results), shot.folder.root)]
    movies = [open_clip(Clip(path=str(OutputFolder(each.folder.root).preview))) for each in results]
    count = min(len(shot.order), *(movie.count for movie in movies))
    numbers = range(count)
    size = min((movie.width, movie.height) for movie in movies)
    path = Path(trial.movie)
    try:
        partial = begin_partial(path)
        with explained(path):
            writer = MovieWriter(partial, *size, Fraction(shot.reader.rate), None)
        with writer:
            after = [movie.frames(numbers) for movie in movies]
            before = frames_in_order(shot.reader, shot.order[:count])
            for index, each in enumerate(zip(before, *after, strict=True)):
                shot.token.check()
                pictures = [_resized(frame, size) for _number, frame in each]
                writer.write(stripes(pictures))
                if index == count // 2:
                    words = ["original", *(result.sky_name for result in results)]
                    write_atomically(Path(trial.sheet), encode_jpg(contact_sheet(pictures, words)))
    finally:
        for movie in movies:
            movie.close()
    finish_partial(path)
    for name, made in (("sheet", trial.sheet), ("skies", trial.movie)):
        shot.emit(events.Artifact(name=name, path=Path(made).as_posix()))


def _resized(frame: FrameRGB, size: tuple[int, int]) -> FrameRGB:
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
