# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at frames and mattes as they pass for the stages that come after the camera is known."""

from __future__ import annotations

from collections.abc import Iterable

from ...engine.composite.exposure import Sight
from ...engine.composite.grain import GrainStatistics
from ...engine.composite.light_statistics import SkyStatistics, thinned
from ...engine.types import FrameRGB, StoredMatte
from ..job.running_job import RunningJob
from ..stored.horizon_mattes import horizon_places, small_matte
from ..stored.images import as_fraction
from .exposure import is_wanted
from .grain import looked_at as looked_at_for_grain
from .light import looked_at as looked_at_for_light
from .sun import is_wanted as sun_is_wanted
from .sun import looked_at as looked_at_for_sun


class MatteSights:
    """Fills :attr:`.running_job.RunningJob.seen`.

    Which frames the old sky's colours and grain are taken from is known for sure only with the shots; here the clip
    is taken for one. Where it is not, those stages read the frames that they miss.
    """

    def __init__(self, running: RunningJob) -> None:
        self._running = running
        sources = running.sources if "sky" in running.job.stages else []
        self._horizon = {running.sources[place] for place in horizon_places(len(sources))}
        self._exposure = bool(sources) and is_wanted(running)
        plain = not (running.survey.keeps_some or running.survey.fades or running.reader.has_alpha)
        self._sky = set(looked_at_for_light(running, sources))
        self._light = set() if running.reader.has_alpha else self._sky
        self._grain = set(looked_at_for_grain(running)) if sources and plain else set()
        self._sun = set(looked_at_for_sun(running, sources)) if sources and sun_is_wanted(running) else set()

    def look(self, source: int, frame: FrameRGB, stored: StoredMatte) -> None:
        """Take in a frame, as it is analysed, and its matte."""
        seen = self._running.seen
        if source in self._horizon:
            seen.mattes[source] = small_matte(stored)
        if source in self._sun:
            seen.keep_for_sun(source, frame, stored, len(self._sun))
        if not (self._exposure or source in self._sky or source in self._grain):
            return
        matte = as_fraction(stored)
        if self._exposure:
            seen.keep_exposure(source, Sight.of(frame, matte))
        if source in self._sky:
            seen.thin_mattes[source] = thinned(matte).copy()
        if source in self._light:
            seen.old_sky[source] = SkyStatistics()
            seen.old_sky[source].add_frame(frame, matte)
        if source in self._grain:
            seen.grain[source] = GrainStatistics()
            seen.grain[source].add(frame, matte)

    def forget(self, sources: Iterable[int]) -> None:
        """Their mattes are made anew, and are not looked at."""
        for source in sources:
            self._running.seen.forget(source)
