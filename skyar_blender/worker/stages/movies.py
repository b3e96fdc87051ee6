# SPDX-License-Identifier: GPL-3.0-or-later
"""The two movies at work, frame by frame, or put together from seconds that were made before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...engine.composite.compare import split_screen
from ...engine.media.movie_writer import MovieWriter
from ...engine.types import FrameRGB
from ..job.running_job import RunningJob
from ..process.progress import StageProgress
from ..stored import kept_movies
from ..stored.finished_pieces import FinishedPieces

#: A frame before and after.
Pair = tuple[FrameRGB, FrameRGB]


@dataclass(frozen=True)
class Movies:
    """``preview.mp4`` and ``compare.mp4`` at work."""

    preview: MovieWriter
    compare: MovieWriter
    progress: StageProgress

    def show(self, pair: Pair) -> None:
        """Append a frame."""
        begun = time.monotonic()
        self.preview.write(pair[1])
        self.compare.write(split_screen(*pair))
        self.progress.work(time.monotonic() - begun)

    def append(self, paths: tuple[Path, Path], piece: int) -> None:
        """Append the piece ``piece`` (from 0) of other movies."""
        for movie, path in zip((self.preview, self.compare), paths, strict=True):
            movie.append(path, piece)

    def end_piece(self) -> tuple[bytes, bytes]:
        """Both pieces that the latest frames belong to, whole."""
        return self.preview.end_piece(), self.compare.end_piece()


class Pieces:
    """Which seconds of a job's movies are there already, from a run that was not finished or from kept movies.

    Attributes:
        missing: the frames of the job, from 0, that belong to the others.
    """

    def __init__(self, running: RunningJob, keys: list[str], length: int) -> None:
        """``keys``: what each piece is made of; ``length``: frames of each but the last."""
        self._folder, self._keys, total = running.folder, keys, len(running.order)
        self._finished, self._kept = FinishedPieces(running, keys), kept_movies.places(running)
        self._frames = [range(first, min(total, first + length)) for first in range(0, total, length)]
        self.missing = [
            index
            for key, frames in zip(keys, self._frames, strict=True)
            if self._there(key) is None
            for index in frames
        ]

    def put_together(self, movies: Movies, pairs: Iterator[Pair]) -> None:
        """Make the movies; ``pairs``: of the missing frames, in order. What is new stays if this ends midway."""
        for key, frames in zip(self._keys, self._frames, strict=True):
            there = self._there(key)
            if there is not None:
                movies.append(*there)
                movies.progress.found(len(frames))
                continue
            for _ in frames:
                movies.show(next(pairs))
                movies.progress.step()
            self._finished.add(key, *movies.end_piece())

    def _there(self, key: str) -> tuple[tuple[Path, Path], int] | None:
        """The movies that have a piece, and its number there, from 0."""
        if key in self._kept:
            number, place = self._kept[key]
            return (self._folder.kept_preview(number), self._folder.kept_compare(number)), place
        paths = self._finished.get(key)
        return None if paths is None else (paths, 0)
