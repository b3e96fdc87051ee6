# SPDX-License-Identifier: GPL-3.0-or-later
"""How the shot's exposure changes; part of the sky stage."""

from __future__ import annotations

import numpy as np

from ...contract.track_file import Track
from ...engine.composite.exposure import Change, ExposureMeter, exposures
from ...engine.media.prefetch import prefetch
from ...engine.track.export import shots_of
from ...engine.types import Matrix3
from ..results import matte_of
from ..shot import Shot

#: Name of what is remembered of it; a run with another new sky takes it over.
EXPOSURE = "exposure"


def exposures_of(shot: Shot, track: Track) -> dict[int, float]:
    """Per source frame in use, by how many stops it is exposed above those around it; found once.

    ``track`` holds the source frames in use, ascending.
    """
    kept: list[float] | None = shot.kept(EXPOSURE)
    if kept is None:
        kept = _found(shot, track)
        shot.keep(EXPOSURE, kept)
    return dict(zip(shot.sources, kept, strict=True))


def _found(shot: Shot, track: Track) -> list[float]:
    shots = shots_of(track)
    parts: list[list[Change]] = []
    meter = ExposureMeter()
    before: int | None = None
    for index, (source, frame) in enumerate(prefetch(shot.analysed(shot.sources))):
        shot.token.check()
        whole = shot.survey.dissolve_of(source) is None
        same = before is not None and shots[index] == shots[before]
        if not same:
            parts.append([])
        step = _step(shot, track, before, index) if same and whole and before is not None else None
        parts[-1].append(meter.add(frame, matte_of(shot, source), step))
        before = index
        if not whole:
            meter = ExposureMeter()  # what shows two shots is compared with none
    return [round(each, 4) for part in parts for each in exposures(part, track.fps)]


def _step(shot: Shot, track: Track, before: int, after: int) -> Matrix3:
    """Homography of the clip's stored pixels from one source frame in use to another of its shot."""
    first, second = (np.array(track.frames[index].homography) for index in (before, after))
    to = np.diag([shot.shown_size[0] / shot.stored_size[0], shot.shown_size[1] / shot.stored_size[1], 1.0])
    return np.asarray(np.linalg.inv(to) @ second @ np.linalg.inv(first) @ to)
