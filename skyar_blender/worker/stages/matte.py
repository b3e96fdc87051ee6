# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage one: a matte for every frame."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np

from ...engine.matte.hints import Hints
from ...engine.matte.interface import MatteModel
from ...engine.matte.over_time.prediction import Prediction
from ...engine.matte.samples import SAMPLES, sample_of
from ...engine.matte.see_through import with_alpha
from ...engine.matte.spherical import SphericalMatte
from ...engine.media.alpha import Alpha
from ...engine.media.pictures import encode_matte_png
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import FrameRGB, Matte, StoredMatte
from ..corrections import Corrections
from ..dissolves import mixed_frames
from ..gathered import StageReport
from ..progress import StageProgress
from ..results import area_of, first_matte, stored_matte
from ..shot import Shot, evenly_spread
from . import predictions, survey
from .copies import fill_copies
from .matte_records import MatteRecords
from .passing import Passing


def run(shot: Shot) -> StageReport:
    """Make what is missing of ``matte/``, each frame by itself and the one before it.

    What is to be told of the mattes is told here only where no second look follows.
    """
    sources = shot.sources
    missing = {source for source in sources if not matte_path(shot, source).exists()}
    progress = shot.progress("matte", len(sources), len(sources) - len(missing))
    surveyed = survey.run(shot, progress)
    records = MatteRecords(shot)
    # Where mattes are made anyway, those of a run that was cut off are asked about too.
    asked = records.confidence.unknown if missing else set()
    if wanted := missing | records.flicker.unknown | asked | predictions.lost(shot):
        _make(shot, missing, with_those_before(shot, wanted), progress, records)
    fill_copies(shot, shot.folder.matte)
    made = surveyed + StageReport(progress.finish())
    return made if "track" in shot.job.stages else made + records.report()


def with_those_before(shot: Shot, wanted: set[int]) -> list[int]:
    """Source frames in use, ascending, and the one before each."""
    before = {later: earlier for earlier, later in pairwise(shot.sources)}
    return sorted(wanted | {before[source] for source in wanted if source in before})


def _make(shot: Shot, missing: set[int], needed: list[int], progress: StageProgress, records: MatteRecords) -> None:
    """Make the missing mattes, reading the frames in ``needed``; all figures of them are found on the way."""
    corrections = Corrections(shot)
    unpredicted, compared = predictions.lost(shot), predictions.compared(shot)
    model = fitted(shot, corrections) if missing or unpredicted else None
    passing = Passing(shot, corrections)
    asked = missing | records.confidence.unknown
    with records.kept(), BoundedPool() as pool:
        for source, frame, inner, alpha in prefetch(_looked_at(shot, needed, model, missing)):
            if shot.survey.dissolve_of(source) is not None:
                records.skip(source)
                passing.previous = None
                continue
            known = passing.marks(source) if model is not None else None
            blank = shot.survey.fade_of(source).blank
            if blank and source in missing:
                carried = stored = np.zeros(frame.shape[:2], np.uint16)
                pool.submit(partial(write, shot, source, stored))
                progress.step()
            elif model is not None and source in missing:
                matte = model.matte(inner, passing.previous, known)
                carried = stored = whole_matte(shot, source, matte, alpha, known)
                prediction = None if compared else model.prediction(inner)
                pool.submit(partial(write, shot, source, stored, prediction))
                progress.step()
            else:
                shot.token.check()
                stored, carried = stored_matte(shot, source), first_matte(shot, source)
                if model is not None and source in unpredicted and (prediction := model.prediction(inner)):
                    pool.submit(partial(predictions.keep, shot, source, prediction))
            records.look(source, frame, stored)
            if blank:
                records.confidence.skip(source)
            elif model is not None and source in asked:
                records.confidence.look(model, source, inner, shot.survey.bars_of(source).cut(stored), known)
            passing.on(source, inner, carried, model is not None)
    for _ in mix(shot, missing, corrections):
        progress.step()
    if missing:
        corrections.warn_of_empty()


def _looked_at(
    shot: Shot, needed: list[int], model: MatteModel | None, missing: set[int]
) -> Iterator[tuple[int, FrameRGB, FrameRGB, Alpha | None]]:
    """Source frame, its picture, that within its bars, its alpha; the model has looked at those that it will mat."""
    for (source, frame), alpha in zip(shot.analysed(needed), shot.alphas(needed), strict=True):
        inner = shot.survey.bars_of(source).cut(frame)
        shown = not shot.survey.fade_of(source).blank and shot.survey.dissolve_of(source) is None
        if model is not None and source in missing and shown:
            model.look(inner)
        yield source, frame, inner, alpha


def mix(shot: Shot, wanted: set[int], corrections: Corrections) -> list[int]:
    """Make the mattes of those ``wanted`` frames that show two shots, from those of both; these frames."""
    mixed = sorted(source for source in wanted if shot.survey.dissolve_of(source) is not None)
    for (source, _, mixture), alpha in zip(mixed_frames(shot, mixed), shot.alphas(mixed), strict=True):
        known = corrections.within_bars(source)
        matte = shot.survey.bars_of(source).cut(mixture.matte)
        if known is not None:
            matte[known.sky] = 1
        write(shot, source, whole_matte(shot, source, matte, alpha, known))
    return mixed


def whole_matte(shot: Shot, source: int, matte: Matte, alpha: Alpha | None, known: Hints | None) -> StoredMatte:
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


def matte_path(shot: Shot, source: int) -> Path:
    """File of the matte of a source frame."""
    return shot.folder.matte(shot.number_of[source])


def write(shot: Shot, source: int, stored: StoredMatte, prediction: Prediction | None = None) -> None:
    """Write the matte of a source frame, and its prediction first, so that no matte is without."""
    if prediction is not None:
        predictions.keep(shot, source, prediction)
    shot.written.write(matte_path(shot, source), encode_matte_png(stored))


def fitted(shot: Shot, corrections: Corrections) -> MatteModel:
    """The method fitted to this clip, by this run or an earlier one."""
    method = SphericalMatte(shot.matting()) if shot.spherical else shot.matting()
    path = shot.folder.state / "matte_model.npz"
    if path.exists():
        return method.load(path)
    samples, hints = [], []
    chosen = sorted({*evenly_spread(shot.survey.whole(shot.sources), SAMPLES), *corrections.samples()})
    for source, frame in prefetch(shot.analysed(chosen)):
        shot.token.check()
        samples.append(sample_of(shot.survey.bars_of(source).cut(frame), method.sample_size))
        known = corrections.within_bars(source)
        hints.append(None if known is None else known.scaled(samples[-1].shape[:2]))
    model = method.fit(samples, hints)
    content = BytesIO()
    model.save(content)
    shot.written.write(path, content.getvalue())
    return model
