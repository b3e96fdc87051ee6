# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress of a stage and of the whole job, measured as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable

from ...contract import events
from ...contract.job import Step
from ...contract.report import StageRow
from .control import CancelToken

Emit = Callable[[events.Event], None]

#: Share of the time that each step takes, as measured on two cores at 1080p; only used to foretell the end.
_WEIGHT: dict[Step, float] = {
    "matte": 0.46,
    "track": 0.04,
    "second_look": 0.02,
    "plate": 0.07,
    "sun": 0.01,
    "sky": 0.15,
    "light": 0.005,
    "grain": 0.01,
    "rain": 0.03,
    "reflections": 0.3,
    "preview": 0.22,
}
_INTERVAL = 0.2


class JobClock:
    """Knows how far the whole job is."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._stages = steps
        self._total = sum(_WEIGHT[step] for step in steps)
        self._start = time.monotonic()
        self._skipped = 0.0
        self._parts: dict[Step, float] = {}

    def fraction(self, stage: Step, part: float) -> float:
        """0..1 for the job when ``part`` (0..1) of ``stage`` is done.

        Of several that are under way each has its own part; one before ``stage`` that never began is not needed.
        """
        self._parts[stage] = part
        place = self._stages.index(stage)
        return (
            sum(
                _WEIGHT[each] * self._parts.get(each, float(index < place)) for index, each in enumerate(self._stages)
            )
            / self._total
        )

    def skip(self, stage: Step, part: float) -> None:
        """``part`` of ``stage`` was there before: it tells nothing about the speed."""
        self._skipped += _WEIGHT[stage] * part / self._total

    def seconds_left(self, fraction: float) -> float | None:
        """At the speed so far, or None while there is too little to go by."""
        elapsed = time.monotonic() - self._start
        worked = fraction - self._skipped
        return elapsed * (1 - fraction) / worked if worked > 0.005 and elapsed > 0.5 else None


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
        clock.skip(stage, reused / total if total else 1.0)
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
        if self.quiet:
            self._clock.fraction(self.stage, self._part)
        elif time.monotonic() - self._reported >= _INTERVAL:
            self._tell()

    def waiting(self) -> None:
        """Something is done before the next frame. Raises ``cancelled``."""
        self._token.check()
        if time.monotonic() - self._reported >= _INTERVAL:
            self._tell()

    def finish(self) -> dict[str, StageRow]:
        """Tell the end; the step's row for the report, by its name."""
        self._tell()
        seconds = self.seconds
        row = StageRow(
            frames=self.total,
            computed=self.computed,
            reused=self.reused,
            seconds=round(seconds, 3),
            ms_per_frame=round(1000 * seconds / self.computed, 3) if self.computed else 0.0,
        )
        return {self.stage: row}

    @property
    def _part(self) -> float:
        return min(1.0, (self.reused + self.computed) / self.total) if self.total else 1.0

    def _tell(self) -> None:
        self._reported = time.monotonic()
        done = min(self.total, self.reused + self.computed)
        fraction = self._clock.fraction(self.stage, self._part)
        left = self._clock.seconds_left(fraction)
        self._emit(
            events.Progress(
                stage=self.stage,
                frame=done,
                total=self.total,
                fps=round(self.computed / (time.monotonic() - self._start), 2) if self.computed else None,
                seconds_left=None if left is None else round(left, 1),
                fraction=round(fraction, 4),
            )
        )
