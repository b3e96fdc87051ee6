# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage one: a matte for every frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from io import BytesIO
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from ...engine.analysis_sizes import LOOKS
from ...engine.matte.hints import Hints
from ...engine.matte.interface import MatteModel
from ...engine.matte.over_time.prediction import StoredPrediction
from ...engine.matte.samples import sample_of
from ...engine.matte.see_through import with_alpha
from ...engine.media.alpha import Alpha
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import FrameRGB, Matte, StoredMatte
from ..job.corrections import Corrections
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..process.progress import StageProgress
from ..stored.dissolves import mixed_frames
from ..stored.images import area_of, encode_levels, first_matte, stored_matte
from . import predictions, survey
from .copies import fill_copies
from .matte_records import MatteRecords
from .passing import Passing
from .track import Following, following


def run(running: RunningJob) -> tuple[Following | None, StageReport]:
    """Make what is missing of ``matte/``, each frame by itself and the one before it.

    The camera is followed as the frames pass; what has seen them is returned. What is to be told of the mattes is
    told here only where no second look follows.
    """
    sources = running.sources
    missing = {source for source in sources if not matte_path(running, source).exists()}
    progress = running.progress("matte", len(sources), len(sources) - len(missing))
    surveyed = survey.run(running, progress)
    records = MatteRecords(running)
    # Where mattes are made anyway, those of a run that was cut off are asked about too.
    requested = records.confidence.unknown if missing else set()
    followed = following(running)
    wanted = missing | records.flicker.unknown | requested | predictions.lost(running)
    if wanted := wanted | (set() if followed is None else followed.wanted):
        with nullcontext() if followed is None else followed.at_work():
            _make(running, missing, with_those_before(running, wanted), progress, records, followed)
    fill_copies(running, running.folder.matte)
    made = surveyed + StageReport(progress.finish())
    return followed, made if "track" in running.job.stages else made + records.report()


def with_those_before(running: RunningJob, wanted: set[int]) -> list[int]:
    """Source frames in use, ascending, and the one before each."""
    before = {later: earlier for earlier, later in pairwise(running.sources)}
    return sorted(wanted | {before[source] for source in wanted if source in before})


def _make(
    running: RunningJob,
    missing: set[int],
    needed: list[int],
    progress: StageProgress,
    records: MatteRecords,
    followed: Following | None,
) -> None:
    """Make the missing mattes, reading the frames in ``needed``; all figures of them are found on the way."""
    corrections = Corrections(running)
    unpredicted, compared = predictions.lost(running), predictions.compared(running)
    model = fitted(running, corrections) if missing or unpredicted else None
    if model is not None:
        running.computing.matte(running.job.settings.matte_method)
    passing = Passing(running, corrections)
    requested = missing | records.confidence.unknown
    with records.kept(), BoundedPool() as pool:
        asked = requested | unpredicted
        for source, frame, inner, alpha in prefetch(_looked_at(running, needed, model, asked)):
            if running.survey.dissolve_of(source) is not None:
                records.skip(source)
                passing.previous = None
                continue
            known = passing.marks(source) if model is not None else None
            blank = running.survey.fade_of(source).blank
            if blank and source in missing:
                carried = stored = np.zeros(frame.shape[:2], np.uint16)
                pool.submit(partial(write, running, source, stored))
                progress.step()
            elif model is not None and source in missing:
                matte = model.matte(inner, passing.previous, known)
                carried = stored = whole_matte(running, source, matte, alpha, known)
                prediction = None if compared else model.prediction(inner)
                pool.submit(partial(write, running, source, stored, prediction))
                progress.step()
            else:
                running.token.check()
                stored, carried = stored_matte(running, source), first_matte(running, source)
                if model is not None and source in unpredicted and (prediction := model.prediction(inner)):
                    pool.submit(partial(predictions.keep, running, source, prediction))
            if followed is not None:
                followed.take(source, frame, carried)
            records.look(source, frame, stored)
            if blank:
                records.confidence.skip(source)
            elif model is not None and source in requested:
                records.confidence.look(model, source, inner, running.survey.bars_of(source).cut(stored), known)
            passing.on(source, inner, carried, model is not None)
    for _ in mix(running, missing, corrections):
        progress.step()
    if missing:
        corrections.warn_of_empty()


def _looked_at(
    running: RunningJob, needed: list[int], model: MatteModel | None, asked: set[int]
) -> Iterator[tuple[int, FrameRGB, FrameRGB, Alpha | None]]:
    """Source frame, its image, that within its bars, its alpha; the model has looked at those that are ``asked``."""
    frames = zip(running.analysed(needed), running.alphas(needed), strict=True)
    known = carried_from(running)
    last: tuple[int, FrameRGB] | None = None
    while some := list(islice(frames, 1 if model is None else model.batch)):
        inner = [running.survey.bars_of(source).cut(frame) for (source, frame), _ in some]
        looked_at = [
            cut
            for ((source, _), _), cut in zip(some, inner, strict=True)
            if source in asked and _is_shown(running, source)
        ]
        if model is not None and looked_at:
            before = None if last is None or known.get(some[0][0][0]) != last[0] else last[1]
            model.look(looked_at, before if len(some) == 1 else None)
        for ((source, frame), alpha), cut in zip(some, inner, strict=True):
            yield source, frame, cut, alpha
            last = source, cut


def carried_from(running: RunningJob) -> dict[int, int]:
    """The source frame before, for each of which the network's answer may be carried on from there.

    Which these are depends on their places in the clip alone, so that a run that was stopped gives the same bytes.
    """
    every = LOOKS[running.job.settings.quality]
    pairs = [pair for place, pair in enumerate(pairwise(running.sources), start=1) if place % every]
    return {later: earlier for earlier, later in pairs if all(_is_shown(running, each) for each in (earlier, later))}


def _is_shown(running: RunningJob, source: int) -> bool:
    """Whether a frame shows one shot, and is not blank."""
    return not running.survey.fade_of(source).blank and running.survey.dissolve_of(source) is None


def mix(running: RunningJob, wanted: set[int], corrections: Corrections) -> list[int]:
    """Make the mattes of those ``wanted`` frames that show two shots, from those of both; these frames."""
    mixed = sorted(source for source in wanted if running.survey.dissolve_of(source) is not None)
    for (source, _, mixture), alpha in zip(mixed_frames(running, mixed), running.alphas(mixed), strict=True):
        known = corrections.within_bars(source)
        matte = running.survey.bars_of(source).cut(mixture.matte)
        if known is not None:
            matte[known.sky] = 1
        write(running, source, whole_matte(running, source, matte, alpha, known))
    return mixed


def whole_matte(
    running: RunningJob, source: int, matte: Matte, alpha: Alpha | None, known: Hints | None
) -> StoredMatte:
    """The whole matte of a frame from that within its bars, with its alpha; what is ``known`` there is right."""
    bars = running.survey.bars_of(source)
    matte = with_alpha(matte, None if alpha is None else bars.cut(alpha))
    if known is not None:
        matte[known.ground] = 0
    area = area_of(running, source) if running.survey.graphics else None
    return bars.framed(store(matte if area is None else matte * bars.cut(area)))


def store(matte: Matte) -> StoredMatte:
    """Round a matte (0..1) to 16 bits."""
    stored: StoredMatte = np.rint(np.clip(matte, 0.0, 1.0) * 65535.0).astype(np.uint16)
    return stored


def matte_path(running: RunningJob, source: int) -> Path:
    """File of the matte of a source frame."""
    return running.folder.matte(running.number_of[source])


def write(running: RunningJob, source: int, stored: StoredMatte, prediction: StoredPrediction | None = None) -> None:
    """Write the matte of a source frame, and its prediction first, so that no matte is without."""
    if prediction is not None:
        predictions.keep(running, source, prediction)
    running.written.write(matte_path(running, source), encode_levels(running, stored))


def fitted(running: RunningJob, corrections: Corrections) -> MatteModel:
    """The method fitted to this clip, by this run or an earlier one."""
    method, path = running.method, running.model_path
    if path.exists():
        return method.load(path)
    samples, hints = [], []
    chosen = sorted({*running.sampled(running.survey.whole(running.sources)), *corrections.samples()})
    seen = running.seen.samples if running.survey.plain else {}
    read = prefetch(running.analysed([source for source in chosen if source not in seen]))
    for source in chosen:
        running.token.check()
        if source in seen:
            samples.append(seen[source])
        else:
            samples.append(sample_of(running.survey.bars_of(source).cut(next(read)[1]), method.sample_size))
        known = corrections.within_bars(source)
        hints.append(None if known is None else known.scaled(samples[-1].shape[:2]))
    model = method.fit(samples, hints)
    content = BytesIO()
    model.save(content)
    running.written.write(path, content.getvalue())
    running.seen.samples.clear()
    return model
