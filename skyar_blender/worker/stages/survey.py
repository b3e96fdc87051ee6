# SPDX-License-Identifier: GPL-3.0-or-later
"""Before the first stage: one look over the whole clip."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...engine.media.atomic import write_atomically
from ...engine.media.pictures import encode_matte_png
from ...engine.media.prefetch import prefetch
from ...engine.survey.bars import Bars, find_bars, lit_lines
from ...engine.survey.fades import find_fades, glance, inside
from ..progress import StageProgress
from ..shot import Shot
from ..survey import Survey
from .copies import fill_copies

#: Name of what is remembered of it; a run with another new sky takes it over.
SURVEY = "survey"
#: No fade takes longer.
_FADE_SECONDS = 4


def run(shot: Shot, progress: StageProgress) -> None:
    """Set ``shot.survey``, and make what is missing of ``area/`` where anything is to stay as it is."""
    kept = shot.kept(SURVEY)
    if kept is None:
        kept = _looked(shot, progress).to_dict()
        shot.keep(SURVEY, kept)
    shot.survey = Survey.from_dict(kept)
    if shot.survey.keeps_some:
        _write_areas(shot)
    _report(shot)


def area_of(shot: Shot, source: int) -> NDArray[np.bool_]:
    """Where a source frame may change, (height, width): not on bars, and nowhere in a blank frame."""
    bars, size = shot.survey.bars_of(source), (shot.reader.height, shot.reader.width)
    within = bars.cut(np.empty(size, np.bool_)).shape
    return bars.framed(np.full(within, not shot.survey.fade_of(source).blank, np.bool_))


def _looked(shot: Shot, progress: StageProgress) -> Survey:
    lines, glances = [], []
    for _, frame in prefetch(shot.reader.frames(shot.sources)):
        progress.waiting()
        lines.append(lit_lines(frame))
        glances.append(glance(frame))
    bars, size = find_bars(lines), (shot.reader.width, shot.reader.height)
    glances = [inside(each, around, size) for each, around in zip(glances, bars, strict=True)]
    fades = find_fades(glances, max(2, round(_FADE_SECONDS * shot.reader.rate)))
    return Survey(
        {source: each for source, each in zip(shot.sources, bars, strict=True) if each.any},
        {source: each for source, each in zip(shot.sources, fades, strict=True) if not each.whole},
    )


def _write_areas(shot: Shot) -> None:
    made: dict[tuple[Bars, bool], bytes] = {}
    for source in shot.sources:
        path = shot.folder.area(shot.number_of[source])
        if path.exists():
            continue
        shot.token.check()
        kind = shot.survey.bars_of(source), shot.survey.fade_of(source).blank  # many are alike
        if kind not in made:
            made[kind] = encode_matte_png(area_of(shot, source) * np.uint16(65535))
        write_atomically(path, partial(_write, made[kind]))
    fill_copies(shot, shot.folder.area)


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)


def _report(shot: Shot) -> None:
    """Figures: the bars of each range of frames, and how many frames are faded."""
    per_frame = [shot.survey.bars_of(source).sides for source in shot.order]
    starts = [index for index, each in enumerate(per_frame) if index == 0 or each != per_frame[index - 1]]
    shot.figures["bars"] = [
        {"first_frame": index, **dict(zip(("top", "bottom", "left", "right"), per_frame[index], strict=True))}
        for index in starts
        if shot.survey.bars
    ]
    faded = [shot.survey.fade_of(source).share for source in shot.order]
    if shot.survey.fades:
        shot.per_frame["fade"] = [round(share, 4) for share in faded]
