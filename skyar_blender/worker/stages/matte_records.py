# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is taken from a frame and its matte as they pass: figures, and what later stages need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from ...contract.errors import SkyarError
from ...engine.types import FrameRGB, StoredMatte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from .matte_confidence import ConfidenceRecord
from .matte_coverage import CoverageRecord
from .matte_flicker import FlickerRecord
from .matte_sights import MatteSights


class MatteRecords:
    """The three records of a run, and what later stages need."""

    def __init__(self, running: RunningJob) -> None:
        self.flicker, self.confidence = FlickerRecord(running), ConfidenceRecord(running)
        self._coverage, self._sights = CoverageRecord(running), MatteSights(running)

    def look(self, source: int, frame: FrameRGB, stored: StoredMatte) -> None:
        """Take in a frame and its matte, in ascending order."""
        self.flicker.look(source, frame, stored)
        self._coverage.look(source, stored)
        self._sights.look(source, frame, stored)

    def skip(self, source: int) -> None:
        """A frame that shows two shots."""
        self.flicker.skip(source)
        self.confidence.skip(source)

    def mixed_anew(self, sources: Iterable[int]) -> None:
        """Frames that show two shots, whose mattes were made anew of other ones."""
        self._coverage.forget(sources)
        self._sights.forget(sources)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Remember all that was found within, whatever happens there."""
        try:
            yield
        finally:
            with suppress(SkyarError):  # figures can be found again; what went wrong before this must be heard
                self.flicker.keep()
                self.confidence.keep()
                self._coverage.keep()

    def report(self) -> StageReport:
        """Figures, and warnings."""
        return self._coverage.report() + self.flicker.report() + self.confidence.report()
