# SPDX-License-Identifier: GPL-3.0-or-later
"""How much the finished mattes flicker, for the report."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...contract.report import MatteFigures
from ...engine.flicker import SmallFrame, flicker, small_frame
from ...engine.types import FrameRGB, StoredMatte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob

FLICKER = "matte_flicker"


class FlickerRecord:
    """Looks at frames and mattes as they pass, and remembers what was found for a rerun.

    The figure of a source frame is its :func:`~skyar_blender.engine.flicker.flicker` against the source frame
    in use before it: None for the first one and across cuts.
    """

    def __init__(self, running: RunningJob) -> None:
        self._running = running
        self._known: dict[str, float | None] = running.load_state(FLICKER) or {}
        self._before = {later: earlier for earlier, later in pairwise(running.sources)}
        self._last: tuple[int, SmallFrame] | None = None

    @property
    def unknown(self) -> set[int]:
        """Source frames that must be looked at, each after the one before it in use, whose matte may be made anew."""
        path_of, number_of = self._running.folder.matte, self._running.number_of
        return {
            source
            for source, before in self._before.items()
            if str(source) not in self._known or not path_of(number_of[before]).exists()
        }

    def look(self, source: int, frame: FrameRGB, matte: StoredMatte) -> None:
        """Take in a frame and its matte, in ascending order."""
        small = small_frame(frame, matte)
        if self._last is not None and self._last[0] == self._before.get(source):
            found = flicker(self._last[1], small)
            self._known[str(source)] = None if found is None else round(found, 6)
        self._last = (source, small)

    def skip(self, source: int) -> None:
        """This frame shows two shots, so that it has no figure, nor has the one after it."""
        after = next((later for later, earlier in self._before.items() if earlier == source), None)
        self._known |= {str(each): None for each in (source, after) if each is not None}
        self._last = None

    def keep(self) -> None:
        """Remember all that was found so far."""
        self._running.save_state(FLICKER, self._known)

    def report(self) -> StageReport:
        """``matte_flicker``: per frame, and the mean of those that have a figure."""
        per_frame = [self._known.get(str(source)) for source in self._running.order]
        found = [value for value in per_frame if value is not None]
        figures = MatteFigures(matte_flicker=round(float(np.mean(found)), 6) if found else None)
        return StageReport(figures=[figures], frames={FLICKER: per_frame})
