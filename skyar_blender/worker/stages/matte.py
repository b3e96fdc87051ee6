# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage one: a matte for every frame."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np

from ...contract.errors import SkyarError
from ...engine.matte.hints import Hints, Marks, shaped
from ...engine.matte.interface import MatteModel, PreviousFrame
from ...engine.matte.samples import SAMPLES, sample_of
from ...engine.matte.see_through import with_alpha
from ...engine.media.alpha import Alpha
from ...engine.media.pictures import encode_matte_png
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import Matte, StoredMatte
from ..corrections import Corrections
from ..gathered import StageReport
from ..progress import StageProgress
from ..results import area_of, stored_matte
from ..shot import Shot, evenly_spread
from . import survey
from .copies import fill_copies
from .matte_confidence import ConfidenceRecord
from .matte_coverage import CoverageRecord
from .matte_flicker import FlickerRecord


def run(shot: Shot) -> StageReport:
    """Make what is missing of ``matte/``."""
    sources = shot.sources
    missing = {source for source in sources if not _path(shot, source).exists()}
    progress = shot.progress("matte", len(sources), len(sources) - len(missing))
    surveyed = survey.run(shot, progress)
    record, confidence, coverage = FlickerRecord(shot), ConfidenceRecord(shot), CoverageRecord(shot)
    # Where mattes are made anyway, those of a run that was cut off are asked about too.
    if wanted := missing | record.unknown | (confidence.unknown if missing else set()):
        before = {later: earlier for earlier, later in pairwise(sources)}
        needed = sorted(wanted | {before[source] for source in wanted if source in before})
        _make(shot, missing, needed, progress, record, confidence, coverage)
    fill_copies(shot, shot.folder.matte)
    made = StageReport(progress.finish())
    return surveyed + made + coverage.report() + record.report() + confidence.report()


def _make(
    shot: Shot,
    missing: set[int],
    needed: list[int],
    progress: StageProgress,
    record: FlickerRecord,
    confidence: ConfidenceRecord,
    coverage: CoverageRecord,
) -> None:
    """Make the missing mattes, reading the frames in ``needed``; all figures of them are found on the way."""
    corrections = Corrections(shot)
    model = _model(shot, corrections) if missing else None
    previous: PreviousFrame | None = None
    marked: Hints | None = None
    stale: Marks | None = None
    asked = missing | confidence.unknown
    try:
        with BoundedPool() as pool:
            for (source, frame), alpha in prefetch(zip(shot.analysed(needed), shot.alphas(needed), strict=True)):
                hints = corrections.hints(source) if model is not None else None
                bars, blank = shot.survey.bars_of(source), shot.survey.fade_of(source).blank
                inner = bars.cut(frame)
                known = None if hints is None else Hints(bars.cut(hints.sky), bars.cut(hints.ground))
                if blank and source in missing:
                    stored = np.zeros(frame.shape[:2], np.uint16)
                    pool.submit(partial(_write, shot, source, stored))
                    progress.step()
                elif model is not None and source in missing:
                    stored = _matte(shot, source, model.matte(inner, previous, known), alpha, known)
                    pool.submit(partial(_write, shot, source, stored))
                    progress.step()
                else:
                    shot.token.check()
                    stored = stored_matte(shot, source)
                record.look(source, frame, stored)
                coverage.look(source, stored)
                if blank:
                    confidence.skip(source)
                elif model is not None and source in asked:
                    confidence.look(model, source, inner, bars.cut(stored), known)
                if hints is not marked:
                    marked, stale = hints, shaped(hints)
                gone = None if stale is None else bars.cut(stale)
                previous = None if blank else PreviousFrame(inner, bars.cut(stored), gone)
    finally:
        with suppress(SkyarError):  # figures can be found again; what went wrong before this must be heard
            record.keep()
            confidence.keep()
            coverage.keep()
    if missing:
        corrections.warn_of_empty()


def _matte(shot: Shot, source: int, matte: Matte, alpha: Alpha | None, known: Hints | None) -> StoredMatte:
    """The whole matte of a frame from that within its bars, with its alpha; what is ``known`` there is right."""
    bars = shot.survey.bars_of(source)
    matte = with_alpha(matte, None if alpha is None else bars.cut(alpha))
    if known is not None:
        matte[known.ground] = 0
    area = area_of(shot, source) if shot.survey.graphics else None
    return bars.framed(store(matte if area is None else matte * bars.cut(area)))


def store(matte: Matte) -> StoredMatte:
    """Round a matte (0..1) to 16 bits."""
    stored: StoredMatte = np.rint(np.clip(matte, 0.0, 1.0) * 65535.0).astype(np.uint16)
    return stored


def _path(shot: Shot, source: int) -> Path:
    return shot.folder.matte(shot.number_of[source])


def _write(shot: Shot, source: int, stored: StoredMatte) -> None:
    shot.written.write(_path(shot, source), encode_matte_png(stored))


def _model(shot: Shot, corrections: Corrections) -> MatteModel:
    """The method fitted to this clip, by this run or an earlier one."""
    method = shot.matting()
    path = shot.folder.state / "matte_model.npz"
    if path.exists():
        return method.load(path)
    samples, hints = [], []
    chosen = sorted({*evenly_spread(shot.survey.whole(shot.sources), SAMPLES), *corrections.samples()})
    for source, frame in prefetch(shot.analysed(chosen)):
        shot.token.check()
        bars, known = shot.survey.bars_of(source), corrections.hints(source)
        samples.append(sample_of(bars.cut(frame), method.sample_size))
        if known is not None:
            known = Hints(bars.cut(known.sky), bars.cut(known.ground)).scaled(samples[-1].shape[:2])
        hints.append(known)
    model = method.fit(samples, hints)
    content = BytesIO()
    model.save(content)
    shot.written.write(path, content.getvalue())
    return model
