# SPDX-License-Identifier: GPL-3.0-or-later
"""The dissolves of a clip, measured, and the mixtures that their frames are."""

from __future__ import annotations

from collections.abc import Iterable

from ...engine.composite.dissolve import Mixture, moved, weight_of
from ...engine.survey.dissolve_motion import carried
from ...engine.types import FrameRGB, Matte
from ..clip.dissolve_frames import DissolveFrames
from ..job.running_job import RunningJob
from .images import matte_of

#: Whole frames of a shot, before and after it dissolves, that tell how it moves on.
_WHOLE = 5


def frames_of_dissolve(running: RunningJob, first: int, last: int, fractions: tuple[float, ...]) -> DissolveFrames:
    """The dissolve whose mixed frames are ``first .. last`` of ``running.sources``, with the motion of both shots."""
    sources = running.sources
    start, end = max(0, first - _WHOLE), min(len(sources) - 1, last + _WHOLE)
    frames: list[FrameRGB] = [frame for _, frame in running.reader.frames(sources[start : end + 1])]
    before = carried(frames[: last + 1 - start], fractions)
    after = carried(
        frames[: first - start - 1 : -1] if first > start else frames[::-1], [1 - s for s in fractions[::-1]]
    )
    return DissolveFrames(
        sources[first - 1],
        sources[last + 1],
        tuple(sources[first : last + 1]),
        fractions,
        tuple(each.tolist() for each in before),
        tuple(each.tolist() for each in after[::-1]),
    )


class Mixtures:
    """Gives the mixtures of one dissolve's frames; the mattes of its whole frames must be there."""

    def __init__(self, running: RunningJob, dissolve: DissolveFrames) -> None:
        self._dissolve = dissolve
        wanted = sorted((dissolve.before, dissolve.after))
        frames = dict(running.analysed(wanted))
        self._frames = frames[dissolve.before], frames[dissolve.after]
        self._mattes: tuple[Matte, Matte] = (
            running.survey.bars_of(dissolve.before).filled(matte_of(running, dissolve.before)),
            running.survey.bars_of(dissolve.after).filled(matte_of(running, dissolve.after)),
        )

    def of(self, source: int) -> Mixture:
        """The mixture that a source frame of the dissolve is."""
        motions = self._dissolve.motions(source)
        one, other = (moved(each, motion) for each, motion in zip(self._frames, motions, strict=True))
        mattes = [moved(each, motion) for each, motion in zip(self._mattes, motions, strict=True)]
        return Mixture(weight_of(one, other, self._dissolve.fraction(source)), mattes[0], mattes[1])


def mixed_frames(running: RunningJob, sources: Iterable[int]) -> Iterable[tuple[int, DissolveFrames, Mixture]]:
    """Those of ``sources``, ascending, that belong to dissolves, each with its mixture."""
    mixtures: Mixtures | None = None
    at: DissolveFrames | None = None
    for source in sources:
        dissolve = running.survey.dissolve_of(source)
        if dissolve is None:
            continue
        running.token.check()
        if mixtures is None or dissolve is not at:
            mixtures, at = Mixtures(running, dissolve), dissolve
        yield source, dissolve, mixtures.of(source)
