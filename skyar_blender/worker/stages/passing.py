# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on from frame to frame as mattes are made: the frame before, and where marks have shaped its matte."""

from __future__ import annotations

from ...engine.matte.hints import Hints, Marks, shaped
from ...engine.matte.interface import PreviousFrame
from ...engine.types import FrameRGB, StoredMatte
from ..job.corrections import Corrections
from ..job.running_job import RunningJob


class Passing:
    """Frames in ascending order, each asked for its marks and then passed on with its matte.

    Attributes:
        previous: the frame before, within its bars; None at first and after one that shows nothing.
    """

    def __init__(self, running: RunningJob, corrections: Corrections) -> None:
        self.previous: PreviousFrame | None = None
        self._running, self._corrections = running, corrections
        self._marked: Hints | None = None
        self._stale: Marks | None = None

    def marks(self, source: int) -> Hints | None:
        """What the artist has marked in a frame, within its bars."""
        return self._corrections.within_bars(source)

    def on(self, source: int, inner: FrameRGB, matte: StoredMatte, marked: bool) -> None:
        """Take a frame, within its bars, and its whole matte; ``marked``: whether marks had a say in it."""
        hints = self._corrections.hints(source) if marked else None
        if hints is not self._marked:
            self._marked, self._stale = hints, shaped(hints)
        bars = self._running.survey.bars_of(source)
        gone = None if self._stale is None else bars.cut(self._stale)
        blank = self._running.survey.fade_of(source).blank
        self.previous = None if blank else PreviousFrame(inner, bars.cut(matte), gone)
