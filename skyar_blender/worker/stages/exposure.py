# SPDX-License-Identifier: GPL-3.0-or-later
"""How the shot's exposure changes; part of the sky stage."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...contract.track_file import Track
from ...engine.composite.exposure import ExposureChange, ExposureMeter, Sight, exposures
from ...engine.media.prefetch import prefetch
from ...engine.track.export import shots_of
from ...engine.types import Matrix3
from ..job.running_job import RunningJob
from ..stored.images import matte_of

#: Name of what is remembered of it; a run with another new sky takes it over.
EXPOSURE = "exposure"


def exposures_of(running: RunningJob, track: Track) -> dict[int, float]:
    """Per source frame in use, by how many stops it is exposed above those around it; found once.

    ``track`` holds the source frames in use, ascending. Where the sky is not to follow, no frame is looked at.
    """
    kept: list[float] | None = running.load_state(EXPOSURE)
    if kept is None:
        if running.job.settings.look.exposure_match == 0:
            return dict.fromkeys(running.sources, 0.0)
        kept = _found(running, track)
        running.save_state(EXPOSURE, kept)
    return dict(zip(running.sources, kept, strict=True))


def is_wanted(running: RunningJob) -> bool:
    """Whether it is still to be found."""
    return running.job.settings.look.exposure_match != 0 and running.load_state(EXPOSURE) is None


def _sights(running: RunningJob) -> Iterator[tuple[int, Sight]]:
    """What is compared of each source frame in use; those that were not seen as they passed are read."""
    seen = running.seen.exposures
    unseen = [source for source in running.sources if source not in seen]
    read = prefetch(running.analysed(unseen))
    for source in running.sources:
        if source in seen:
            yield source, seen.pop(source)
        else:
            yield source, Sight.of(next(read)[1], matte_of(running, source))


def _found(running: RunningJob, track: Track) -> list[float]:
    shots = shots_of(track)
    parts: list[list[ExposureChange]] = []
    meter = ExposureMeter()
    before: int | None = None
    for index, (source, sight) in enumerate(_sights(running)):
        running.token.check()
        whole = running.survey.dissolve_of(source) is None
        same = before is not None and shots[index] == shots[before]
        if not same:
            parts.append([])
        step = _step(running, track, before, index) if same and whole and before is not None else None
        parts[-1].append(meter.add(sight, step))
        before = index
        if not whole:
            meter = ExposureMeter()  # what shows two shots is compared with none
    return [round(each, 4) for part in parts for each in exposures(part, track.fps)]


def _step(running: RunningJob, track: Track, before: int, after: int) -> Matrix3:
    """Homography of the clip's stored pixels from one source frame in use to another of its shot."""
    first, second = (np.array(track.frames[index].homography) for index in (before, after))
    to = np.diag(
        [running.shown_size[0] / running.working_size[0], running.shown_size[1] / running.working_size[1], 1.0]
    )
    return np.asarray(np.linalg.inv(to) @ second @ np.linalg.inv(first) @ to)
