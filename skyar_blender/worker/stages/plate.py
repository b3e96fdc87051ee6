# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage three: the old sky as it is behind the foreground, and how far each place sees the sky."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from ...engine.composite.clean_plate import REACH, SkySamples, clean_plate, sky_samples
from ...engine.composite.openness import openness
from ...engine.media.exr import encode_openness
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import LinearRGB, Matte
from ..gathered import StageReport
from ..results import matte_of
from ..shot import Shot
from .copies import fill_copies


def run(shot: Shot) -> StageReport:
    """Make what is missing of ``plate/``."""
    sources = shot.sources
    missing = [index for index, source in enumerate(sources) if not _path(shot, source).exists()]
    progress = shot.progress("plate", len(sources), len(sources) - len(missing))
    if missing:
        with BoundedPool() as pool:
            for index, plate, open_to in _plates(shot, missing):
                pool.submit(partial(_write, shot, sources[index], plate, open_to))
                progress.step()
    fill_copies(shot, shot.folder.plate)
    return StageReport(progress.finish())


def _plates(shot: Shot, missing: list[int]) -> Iterator[tuple[int, LinearRGB, Matte]]:
    """Index, clean plate and openness of each missing frame; each frame is read once, with those around it."""
    sources, wanted = shot.sources, set(missing)
    needed = sorted({near for index in missing for near in range(index - REACH, index + REACH + 1)} & _all(sources))
    place = {source: index for index, source in enumerate(sources)}
    seen: dict[int, SkySamples] = {}
    open_to: dict[int, Matte] = {}
    following = iter(missing)
    next_one = next(following, None)
    frames = prefetch(shot.reader.linear_frames([sources[index] for index in needed]))
    for source, frame in frames:
        shot.token.check()
        index = place[source]
        matte = matte_of(shot, source)
        seen[index] = sky_samples(frame, matte)
        if index in wanted:
            open_to[index] = openness(shot.survey.bars_of(source).filled(matte))
        while next_one is not None and (index >= next_one + REACH or index == needed[-1]):
            around = [seen[other] for other in _around(next_one) if other in seen]
            size = (shot.reader.width, shot.reader.height)
            spread = cv2.resize(open_to.pop(next_one), size, interpolation=cv2.INTER_LINEAR)
            yield next_one, clean_plate(seen[next_one], around), np.asarray(spread, np.float32)
            next_one = next(following, None)
            for old in [other for other in seen if next_one is None or other < next_one - REACH]:
                del seen[old]


def _all(sources: list[int]) -> set[int]:
    return set(range(len(sources)))


def _around(index: int) -> list[int]:
    return [other for other in range(index - REACH, index + REACH + 1) if other != index]


def _path(shot: Shot, source: int) -> Path:
    return shot.folder.plate(shot.number_of[source])


def _write(shot: Shot, source: int, plate: LinearRGB, open_to: Matte) -> None:
    shot.written.write(_path(shot, source), encode_openness(plate, open_to))
