# SPDX-License-Identifier: GPL-3.0-or-later
"""What each second of a job's movies is made of: all that counts, so that equal keys are equal pieces."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ... import __version__
from ...common.clip_fingerprint import fingerprint_of_clip
from ...common.rain import PICTURES as RAIN_PICTURES
from ...engine.composite.grain import PICTURES as GRAIN_PICTURES
from ...engine.media.movie_piece import MovieFormat, encoder_version
from ..job.running_job import RunningJob

_DIGITS = 32


def piece_keys(running: RunningJob, movie: MovieFormat, made_with: Callable[[int], Any]) -> list[str]:
    """A key for each piece of a job whose images are all there, in order.

    ``made_with``: plain data that counts for a frame of the job beside its files and its look.
    """
    clip = {name: value for name, value in running.job.to_dict()["clip"].items() if name not in ("path", "files")}
    whole = [__version__, encoder_version(), str(movie), fingerprint_of_clip(running.job.clip), clip]
    keys, total = [], len(running.order)
    for first in range(0, total, movie.piece_length):
        frames = [
            [
                running.order[index],
                _files(running, index),
                asdict(running.job.settings.look.at(index)),
                made_with(index),
            ]
            for index in range(first, min(total, first + movie.piece_length))
        ]
        text = json.dumps([whole, frames], sort_keys=True, default=str)
        keys.append(hashlib.sha256(text.encode()).hexdigest()[:_DIGITS])
    return keys


def _files(running: RunningJob, index: int) -> list[str]:
    """Hashes of the files that a frame of the job is put together from; of what is not there, an empty text."""
    folder, number = running.folder, running.number_of[running.order[index]]
    paths = [each(number) for each in (folder.matte, folder.sky, folder.plate, folder.reflection, folder.area)]
    paths += [folder.grain(1 + index % GRAIN_PICTURES), folder.rain(1 + index % RAIN_PICTURES)]
    known = running.written.known
    names = (path.relative_to(folder.root).as_posix() for path in paths)
    return [known[name].sha256 if name in known else "" for name in names]
