# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage three: the old sky as it is behind the foreground, and how far each place sees the sky."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from ...engine.composite.clean_plate import REACH, SkySamples, clean_plate, sky_samples
from ...engine.composite.dissolve import moved
from ...engine.composite.openness import openness
from ...engine.media.exr import encode_openness
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sphere.directions import widened
from ...engine.types import LinearRGB, Matte
from ..dissolves import mixed_frames
from ..gathered import StageReport
from ..results import matte_of, plate_of
from ..shot import Shot
from .copies import fill_copies

#: Part of a picture of all directions that is added to both of its ends.
_BESIDE = 8


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
        for source, dissolve, mixture in mixed_frames(shot, (sources[index] for index in missing)):
            ends, motions = (dissolve.before, dissolve.after), dissolve.motions(source)
            plates = [plate_of(shot, end) for end in ends]
            before, after = (moved(plate, motion) for (plate, _), motion in zip(plates, motions, strict=True))
            one, other = (moved(open_to, motion) for (_, open_to), motion in zip(plates, motions, strict=True))
            _write(shot, source, mixture.mixed(before, after), one + (other - one) * dissolve.share(source))
            progress.step()
    fill_copies(shot, shot.folder.plate)
    return StageReport(progress.finish())


def _plates(shot: Shot, missing: list[int]) -> Iterator[tuple[int, LinearRGB, Matte]]:
    """Index, clean plate and openness of each missing frame that shows one shot.

    Each frame is read once, with those around it.
    """
    sources = shot.sources
    mixed = {index for index, source in enumerate(sources) if shot.survey.dissolve_of(source) is not None}
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
    beside = shot.reader.width // _BESIDE if shot.spherical else 0
    next_one = next(following, None)
    frames = prefetch(shot.reader.linear_frames([sources[index] for index in needed]))
    for source, frame in frames:
        shot.token.check()
        index = place[source]
        matte = widened(matte_of(shot, source), beside)
        seen[index] = sky_samples(widened(frame, beside), matte)
        if index in wanted:
            open_to[index] = openness(matte if beside else shot.survey.bars_of(source).filled(matte))
        while next_one is not None and (index >= next_one + REACH or index == needed[-1]):
            around = [seen[other] for other in _around(next_one) if other in seen]
            size = (shot.reader.width + 2 * beside, shot.reader.height)
            spread = cv2.resize(open_to.pop(next_one), size, interpolation=cv2.INTER_LINEAR)
            inner = slice(beside, beside + shot.reader.width)
            plate = clean_plate(seen[next_one], around)
            yield next_one, np.ascontiguousarray(plate[:, inner]), np.asarray(spread[:, inner], np.float32)
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
