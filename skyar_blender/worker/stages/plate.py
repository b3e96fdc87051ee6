# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage three: the old sky as it is behind the foreground, and how far each place sees the sky."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from ...engine.composite.clean_plate import REACH, SkySamples, clean_plate, sky_samples, small_plate
from ...engine.composite.dissolve import moved
from ...engine.composite.plate_size import to_store
from ...engine.composite.sky_visibility import sky_visibility
from ...engine.media.exr import encode_sky_visibility
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sphere.directions import widened
from ...engine.types import LinearRGB, Matte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored.dissolves import mixed_frames
from ..stored.images import matte_of, plate_of
from .copies import fill_copies

#: Part of an image of all directions that is added to both of its ends.
_BESIDE = 8


def run(running: RunningJob) -> StageReport:
    """Make what is missing of ``plate/``."""
    sources = running.sources
    missing = [index for index, source in enumerate(sources) if not _path(running, source).exists()]
    progress = running.progress("plate", len(sources), len(sources) - len(missing))
    if missing:
        with BoundedPool() as pool:
            for index, plate, open_to in _plates(running, missing):
                pool.submit(partial(_write, running, sources[index], plate, open_to))
                progress.step()
        for source, dissolve, mixture in mixed_frames(running, (sources[index] for index in missing)):
            ends, motions = (dissolve.before, dissolve.after), dissolve.motions(source)
            plates = [plate_of(running, end) for end in ends]
            before, after = (moved(plate, motion) for (plate, _), motion in zip(plates, motions, strict=True))
            one, other = (moved(open_to, motion) for (_, open_to), motion in zip(plates, motions, strict=True))
            _write(running, source, mixture.mixed(before, after), one + (other - one) * dissolve.fraction(source))
            progress.step()
    fill_copies(running, running.folder.plate)
    return StageReport(progress.finish())


def _plates(running: RunningJob, missing: list[int]) -> Iterator[tuple[int, LinearRGB, Matte]]:
    """Index, clean plate and sky visibility of each missing frame that shows one shot, of any size.

    Each frame is read once, with those around it.
    """
    sources = running.sources
    mixed = {index for index, source in enumerate(sources) if running.survey.dissolve_of(source) is not None}
    missing = [index for index in missing if index not in mixed]
    wanted = set(missing)
    needed = sorted(
        {near for index in missing for near in range(index - REACH, index + REACH + 1)} & (_all(sources) - mixed)
    )
    place = {source: index for index, source in enumerate(sources)}
    seen: dict[int, SkySamples] = {}
    open_to: dict[int, Matte] = {}
    following = iter(missing)
    # Of all directions both ends are neighbours.
    beside = running.reader.width // _BESIDE if running.spherical else 0
    next_one = next(following, None)
    frames = prefetch(running.reader.linear_frames([sources[index] for index in needed]))
    for source, frame in frames:
        running.token.check()
        index = place[source]
        matte = widened(matte_of(running, source), beside)
        seen[index] = sky_samples(widened(frame, beside), matte)
        if index in wanted:
            open_to[index] = sky_visibility(matte if beside else running.survey.bars_of(source).filled(matte))
        while next_one is not None and (index >= next_one + REACH or index == needed[-1]):
            around = [seen[other] for other in _around(next_one) if other in seen]
            spread = open_to.pop(next_one)
            if not beside:
                yield next_one, small_plate(seen[next_one], around), spread
            else:
                size = (running.reader.width + 2 * beside, running.reader.height)
                spread = np.asarray(cv2.resize(spread, size, interpolation=cv2.INTER_LINEAR), np.float32)
                inner = slice(beside, beside + running.reader.width)
                plate = clean_plate(seen[next_one], around)
                yield next_one, np.ascontiguousarray(plate[:, inner]), np.asarray(spread[:, inner], np.float32)
            next_one = next(following, None)
            for old in [other for other in seen if next_one is None or other < next_one - REACH]:
                del seen[old]


def _all(sources: list[int]) -> set[int]:
    return set(range(len(sources)))


def _around(index: int) -> list[int]:
    return [other for other in range(index - REACH, index + REACH + 1) if other != index]


def _path(running: RunningJob, source: int) -> Path:
    return running.folder.plate(running.number_of[source])


def _write(running: RunningJob, source: int, plate: LinearRGB, open_to: Matte) -> None:
    if not running.spherical:
        plate, open_to = to_store(plate, running.stored_size), to_store(open_to, running.stored_size)
    running.written.write(_path(running, source), encode_sky_visibility(plate, open_to))
