# SPDX-License-Identifier: GPL-3.0-or-later
"""The old sky's grain, measured and made anew for the new sky."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import numpy as np

from ...contract.report import GrainFigures, LightOfShot, NoiseFigures
from ...engine.composite.grain import PICTURES, Grain, GrainStatistics, grain_picture
from ...engine.media.pictures import encode_matte_png, read_matte_png
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import Matte
from ..gathered import StageReport
from ..progress import StageProgress
from ..results import matte_of
from ..shot import Shot, evenly_spread

#: Name of what is remembered of the old sky's grain; a run with another new sky takes it over.
MEASURED = "grain"
#: Frames that the grain is measured in.
_FRAMES = 8


def run(shot: Shot, lights: Sequence[LightOfShot]) -> tuple[GrainFigures, StageReport]:
    """The grain for the new sky of ``lights``; makes what is missing of ``grain/`` where there is any.

    ``colour`` there is its linear deviation on the new sky's mean colour; the pictures of ``grain/`` have no colour.
    """
    kept = shot.kept(MEASURED)
    looked_at = evenly_spread(shot.survey.whole(shot.sources), _FRAMES)
    progress = shot.progress("grain", len(looked_at), 0 if kept is None else len(looked_at))
    if kept is None:
        kept = asdict(_measured(shot, looked_at, progress))
        shot.keep(MEASURED, kept)
    found = Grain(**kept)
    skies = [each.new_sky for each in lights if each.new_sky is not None]
    colour = found.linear(tuple(np.mean(skies, axis=0).tolist())) if skies else (0.0, 0.0, 0.0)
    noise = GrainFigures(sigma=list(found.sigma), softness=found.softness, colour=list(colour))
    frames = {}
    if shot.survey.fades:
        frames["grain"] = [list(grain_colour(shot, noise, index)) for index in range(len(shot.order))]
    if any(colour):
        with BoundedPool() as pool:
            for number in range(PICTURES):
                if not shot.folder.grain(number + 1).exists():
                    progress.waiting()
                    pool.submit(partial(_write, shot, number, shot.stored_size, found.softness))
    return noise, StageReport(progress.finish(), [NoiseFigures(grain=noise)], frames)


def _measured(shot: Shot, sources: list[int], progress: StageProgress) -> Grain:
    statistics = GrainStatistics()
    for source, frame in prefetch(shot.reader.frames(sources)):
        statistics.add(frame, matte_of(shot, source))
        progress.step()
    return statistics.grain()


def _write(shot: Shot, number: int, size: tuple[int, int], softness: float) -> None:
    # 256 levels of 16 bits: finer ones would only make the file large.
    levels = np.rint(grain_picture(*size, softness, number) * 255).astype(np.uint16) * 257
    shot.written.write(shot.folder.grain(number + 1), encode_matte_png(levels))


def grain_colour(shot: Shot, noise: GrainFigures, index: int) -> tuple[float, float, float]:
    """Linear deviations of the grain at frame ``index`` of the job: it fades as the frame does."""
    red, green, blue = noise.colour
    return shot.survey.fade_of(shot.order[index]).of_grain((red, green, blue))


def grain_at(shot: Shot, noise: GrainFigures, index: int) -> Matte | None:
    """The grain picture that frame ``index`` of the job shows, 0..1; None where the old sky has no grain."""
    if not any(noise.colour):
        return None
    stored = read_matte_png(shot.folder.grain(1 + index % PICTURES))
    return np.asarray(stored.astype(np.float32) / np.float32(65535))
