# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress of a step, as it is told to whoever watches."""

from __future__ import annotations

import time
from collections.abc import Callable

from ...contract import events
from ...contract.job import Step
from ...contract.report import StageRow
from .control import CancelToken
from .job_clock import JobClock

Emit = Callable[[events.Event], None]

#: Seconds between two words of a step, at least, and after which a long one is told of again.
_INTERVAL = 0.2
_SILENCE = 1.0


class StageProgress:
    """Counts the frames of one step, tells of them a few times a second, and looks for a cancel at each.

    ``begun`` is when it began, by the monotonic clock, where that was before now. The seconds of one that is
    ``beside`` others are those that were worked on it.

    Attributes:
        quiet: tells the beginning and the end only, since another step that goes on beside it tells all the time.
    """

    def __init__(
        self,
        stage: Step,
        total: int,
        reused: int,
        clock: JobClock,
        emit: Emit,
        token: CancelToken,
        begun: float | None = None,
        beside: bool = False,
    ) -> None:
        self.stage = stage
        self.total = total
        self.reused = reused
        self.computed = 0
        self._clock = clock
        self._emit = emit
        self._token = token
        self._start = time.monotonic() if begun is None else begun
        self._worked = time.monotonic() - self._start if beside else None
        self.quiet = False
        self._reported = 0.0
        clock.begin(stage, total, reused)
        self._tell()

    @property
    def seconds(self) -> float:
        """Since the stage began, or that were worked on it."""
        return time.monotonic() - self._start if self._worked is None else self._worked

    def work(self, seconds: float) -> None:
        """Somebody has worked so long on a step that is beside another."""
        assert self._worked is not None
        self._worked += seconds

    def step(self) -> None:
        """One more frame was computed. Raises ``cancelled``."""
        self._token.check()
        self.computed += 1
        self._clock.count(self.stage, self._done)
        if not self.quiet and time.monotonic() - self._reported >= _INTERVAL:
            self._tell()

    def found(self, count: int) -> None:
        """So many more frames were there. Raises ``cancelled``."""
        self._token.check()
        self.reused += count
        self._clock.count(self.stage, self._done)
        self._tell()

    def waiting(self) -> None:
        """Something is done before the next frame. Raises ``cancelled``."""
        self._token.check()
        if time.monotonic() - self._reported >= _INTERVAL:
            self._tell()

    def finish(self) -> dict[str, StageRow]:
        """Tell the end; the step's row for the report, by its name."""
        self._tell()
        self._clock.end(self.stage)
        seconds = self.seconds
        row = StageRow(
            frames=self.total,
            computed=self.computed,
            reused=self.reused,
            seconds=round(seconds, 3),
            ms_per_frame=round(1000 * seconds / self.computed, 3) if self.computed else 0.0,
        )
        return {self.stage: row}

    def tell_again(self) -> None:
        """Tell how far all is, where nothing was told for a while."""
        if time.monotonic() - self._reported >= _SILENCE:
            self._tell()

    @property
    def _done(self) -> int:
        return min(self.total, self.reused + self.computed)

    def _tell(self) -> None:
        with self._clock.telling:
            self._reported = now = time.monotonic()
            self._clock.tell_again = self.tell_again
            left = self._clock.seconds_left
            self._emit(
                events.Progress(
                    stage=self.stage,
                    frame=self._done,
                    total=self.total,
                    fps=round(self.computed / (now - self._start), 2) if self.computed else None,
                    seconds_left=None if left is None else round(left, 1),
                    fraction=round(self._clock.fraction, 4),
                )
            )
