# SPDX-License-Identifier: GPL-3.0-or-later
"""The old sky's grain, measured and made anew for the new sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import numpy as np

from ...contract.report import GrainFigures, LightOfShot, NoiseFigures
from ...engine.composite.grain import PICTURES, Grain, GrainStatistics, grain_image
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import StoredMatte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob, evenly_spread
from ..process.progress import StageProgress
from ..stored.images import encode_levels, matte_of, stored_levels

#: Name of what is remembered of the old sky's grain; a run with another new sky takes it over.
MEASURED = "grain"
#: Frames that the grain is measured in.
_FRAMES = 8


def run(running: RunningJob, lights: Sequence[LightOfShot]) -> tuple[GrainFigures, StageReport]:
    """The grain for the new sky of ``lights``; makes what is missing of ``grain/`` where there is any.

    ``colour`` there is its linear deviation on the new sky's mean colour; the images of ``grain/`` have no colour.
    """
    kept = running.load_state(MEASURED)
    chosen = looked_at(running)
    progress = running.progress("grain", len(chosen), 0 if kept is None else len(chosen))
    if kept is None:
        kept = asdict(_measured(running, chosen, progress))
        running.save_state(MEASURED, kept)
    found = Grain(**kept)
    skies = [each.new_sky for each in lights if each.new_sky is not None]
    colour = found.linear(tuple(np.mean(skies, axis=0).tolist())) if skies else (0.0, 0.0, 0.0)
    noise = GrainFigures(sigma=list(found.sigma), softness=found.softness, colour=list(colour))
    frames = {}
    if running.survey.fades:
        frames["grain"] = [list(grain_colour(running, noise, index)) for index in range(len(running.order))]
    if any(colour):
        with BoundedPool() as pool:
            for number in range(PICTURES):
                if not running.folder.grain(number + 1).exists():
                    progress.waiting()
                    pool.submit(partial(_write, running, number, running.working_size, found.softness))
    return noise, StageReport(progress.finish(), [NoiseFigures(grain=noise)], frames)


def looked_at(running: RunningJob) -> list[int]:
    """The source frames that the grain is measured in."""
    return evenly_spread(running.survey.whole(running.sources), _FRAMES)


def _measured(running: RunningJob, sources: list[int], progress: StageProgress) -> Grain:
    seen = running.seen.grain
    read = prefetch(running.reader.frames([source for source in sources if source not in seen]))
    statistics = GrainStatistics()
    for source in sources:
        if source in seen:
            statistics.add_all(seen.pop(source))
        else:
            statistics.add(next(read)[1], matte_of(running, source))
        progress.step()
    return statistics.grain()


def _write(running: RunningJob, number: int, size: tuple[int, int], softness: float) -> None:
    # 256 levels of 16 bits: finer ones would only make the file large.
    levels = np.rint(grain_image(*size, softness, number) * 255).astype(np.uint16) * 257
    running.written.write(running.folder.grain(number + 1), encode_levels(running, levels))


def grain_colour(running: RunningJob, noise: GrainFigures, index: int) -> tuple[float, float, float]:
    """Linear deviations of the grain at frame ``index`` of the job: it fades as the frame does."""
    red, green, blue = noise.colour
    return running.survey.fade_of(running.order[index]).of_grain((red, green, blue))


def stored_grain(running: RunningJob, noise: GrainFigures, number: int) -> StoredMatte | None:
    """Image ``number`` (from 0) of the grain, 16 bits; None where the old sky has none."""
    return stored_levels(running, running.folder.grain(1 + number)) if any(noise.colour) else None
