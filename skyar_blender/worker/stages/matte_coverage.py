# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of each frame is sky, for the report, and a warning where there is nothing to replace, or nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from ...contract.report import MatteFigures
from ...engine.types import StoredMatte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored.images import stored_matte

#: Name of what is remembered of the mattes' means.
COVERAGE = "coverage"
#: Below and above these mean coverages the person is asked to look.
_NO_SKY = 0.004
_ALL_SKY = 0.998


class CoverageRecord:
    """Takes the mean of each matte as it is made, and remembers it for a rerun."""

    def __init__(self, running: RunningJob) -> None:
        self._running = running
        self._known: dict[str, float] = running.load_state(COVERAGE) or {}

    def look(self, source: int, stored: StoredMatte) -> None:
        """Take in a matte."""
        self._known[str(source)] = round(cv2.mean(stored)[0] / 65535.0, 5)

    def forget(self, sources: Iterable[int]) -> None:
        """Their mattes are made anew."""
        for source in sources:
            self._known.pop(str(source), None)

    def keep(self) -> None:
        """Remember all that was found so far."""
        self._running.save_state(COVERAGE, self._known)

    def report(self) -> StageReport:
        """``coverage``: per frame, and the mean."""
        running = self._running
        for source in running.sources:
            if str(source) not in self._known:  # of a run that was cut off
                self.look(source, stored_matte(running, source))
        self.keep()
        coverage = [self._known[str(source)] for source in running.order]
        mean = float(np.mean(coverage))
        if mean < _NO_SKY:
            running.warn(
                "no_sky",
                "No sky was found in this clip.",
                "Nothing in it looks like sky, so the result equals the clip.",
                "If there is a sky, try quality “high”.",
            )
        elif mean > _ALL_SKY:
            running.warn(
                "only_sky",
                "The whole picture was taken for sky.",
                "There is no landscape in view, so the camera's motion can only be guessed from the clouds.",
                "If there is something else in the picture, try quality “high”.",
            )
        return StageReport(figures=[MatteFigures(coverage_mean=round(mean, 5))], frames={"coverage": coverage})
