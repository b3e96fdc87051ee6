# SPDX-License-Identifier: GPL-3.0-or-later
"""The old sky's grain, measured and made anew for the new sky; part of the sky stage."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

import numpy as np

from ...engine.composite.grain import PICTURES, Grain, GrainStatistics, grain_picture
from ...engine.media.pictures import encode_matte_png, read_matte_png
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import Matte
from ..results import matte_of
from ..shot import Shot, evenly_spread

#: Name of what is remembered of the old sky's grain; a run with another new sky takes it over.
MEASURED = "grain"
#: Frames that the grain is measured in.
_FRAMES = 8


def run(shot: Shot) -> None:
    """Set the figure ``grain``, and make what is missing of ``grain/`` where there is any.

    ``colour`` there is its linear deviation on the new sky's mean colour; the pictures of ``grain/`` have no colour.
    """
    kept = shot.kept(MEASURED)
    if kept is None:
        kept = asdict(_measured(shot))
        shot.keep(MEASURED, kept)
    found = Grain(**kept)
    skies = [entry["new_sky"] for entry in shot.figures["light"] if entry["new_sky"] is not None]
    colour = found.linear(tuple(np.mean(skies, axis=0).tolist())) if skies else (0.0, 0.0, 0.0)
    shot.figures["grain"] = {**kept, "colour": list(colour)}
    if shot.survey.fades:
        shot.per_frame["grain"] = [list(grain_colour(shot, index)) for index in range(len(shot.order))]
    if not any(colour):
        return
    width, height = shot.reader.width, shot.reader.height
    with BoundedPool() as pool:
        for number in range(PICTURES):
            if not shot.folder.grain(number + 1).exists():
                shot.token.check()
                pool.submit(partial(_write, shot, number, (width, height), found.softness))


def _measured(shot: Shot) -> Grain:
    statistics = GrainStatistics()
    for source, frame in prefetch(shot.reader.frames(evenly_spread(shot.survey.whole(shot.sources), _FRAMES))):
        shot.token.check()
        statistics.add(frame, matte_of(shot, source))
    return statistics.grain()


def _write(shot: Shot, number: int, size: tuple[int, int], softness: float) -> None:
    # 256 levels of 16 bits: finer ones would only make the file large.
    levels = np.rint(grain_picture(*size, softness, number) * 255).astype(np.uint16) * 257
    shot.written.write(shot.folder.grain(number + 1), encode_matte_png(levels))


def grain_colour(shot: Shot, index: int) -> tuple[float, float, float]:
    """Linear deviations of the grain at frame ``index`` of the job: it fades as the frame does."""
    red, green, blue = shot.figures["grain"]["colour"]
    return shot.survey.fade_of(shot.order[index]).of_grain((red, green, blue))


def grain_at(shot: Shot, index: int) -> Matte | None:
    """The grain picture that frame ``index`` of the job shows, 0..1; None where the old sky has no grain."""
    if not any(shot.figures["grain"]["colour"]):
        return None
    stored = read_matte_png(shot.folder.grain(1 + index % PICTURES))
    return np.asarray(stored.astype(np.float32) / np.float32(65535))
