# SPDX-License-Identifier: GPL-3.0-or-later
"""What decoding a clip once and writing the very same files takes, with nothing computed in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from shutil import rmtree

from ...contract.job import Clip
from ...contract.layout import OutputFolder
from ...engine.media.atomic import write_atomically
from ...engine.media.clip import ClipReader, open_clip
from ...engine.media.exr import encode_exr, encode_sky_visibility, read_exr, read_plate
from ...engine.media.images import encode_matte_png, read_matte_png
from ...engine.media.movie_writer import MovieWriter
from ...engine.media.prefetch import BoundedPool
from .watched_run import StageTimes

#: Frames that are held at a time.
_HELD = 12


def floor_of(clip: Clip, output: Path, scratch: Path, threads: int) -> StageTimes:
    """Times of the floor of a finished run in ``output``; files go to ``scratch``, which is removed.

    Images are read from the run's files between what is timed, so that they lie in memory when they are packed.

    Raises:
        SkyarError: a file of the run cannot be read, or nothing can be written to ``scratch``.
    """
    reader, folder = open_clip(clip), OutputFolder(output)
    movies = [open_clip(Clip(path=str(path))) for path in (folder.preview, folder.compare) if path.exists()]
    files = OutputFolder(scratch)
    for place in (files.matte(1), files.plate(1), files.sky(1)):
        place.parent.mkdir(parents=True, exist_ok=True)
    names = [scratch / f"{index}.mp4" for index in range(len(movies))]
    wall = processor = 0.0
    with ExitStack() as stack:
        writers = [
            stack.enter_context(MovieWriter(name, movie.width, movie.height, movie.rate, None))
            for name, movie in zip(names, movies, strict=True)
        ]
        for first in range(0, reader.count, _HELD):
            numbers = list(range(first, min(first + _HELD, reader.count)))
            shown = [[frame for _, frame in movie.frames(numbers)] for movie in movies]
            jobs = [job for number in numbers for job in _jobs(folder, files, number + 1)]
            begun, spent = time.monotonic(), time.process_time()
            _decode(reader, numbers)
            with BoundedPool(threads, 2 * threads) as pool:
                for job in jobs:
                    pool.submit(job)
                for writer, frames in zip(writers, shown, strict=True):
                    for frame in frames:
                        writer.write(frame)
            wall, processor = wall + time.monotonic() - begun, processor + time.process_time() - spent
    rmtree(scratch)
    return StageTimes(wall, processor)


def _decode(reader: ClipReader, numbers: list[int]) -> None:
    for _ in reader.frames(numbers):
        pass


def _jobs(folder: OutputFolder, files: OutputFolder, number: int) -> list[Callable[[], None]]:
    """Packing and writing of the images of one frame."""
    matte = read_matte_png(folder.matte(number))
    plate, sky = read_plate(folder.plate(number)), read_exr(folder.sky(number))
    return [
        partial(_write, files.matte(number), partial(encode_matte_png, matte)),
        partial(_write, files.plate(number), partial(encode_sky_visibility, *plate)),
        partial(_write, files.sky(number), partial(encode_exr, sky)),
    ]


def _write(path: Path, encode: Callable[[], bytes]) -> None:
    write_atomically(path, encode())
