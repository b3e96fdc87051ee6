# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress of a stage and of the whole job, measured as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..contract import events
from ..contract.job import Stage
from .control import CancelToken

Emit = Callable[[events.Event], None]

#: Share of the time that each stage takes, as measured on two cores at 1080p; only used to foretell the end.
_WEIGHT: dict[Stage, float] = {"matte": 0.3, "track": 0.12, "plate": 0.15, "sky": 0.18, "preview": 0.25}
_INTERVAL = 0.2


class JobClock:
    """Knows how far the whole job is."""

    def __init__(self, stages: tuple[Stage, ...]) -> None:
        self._stages = stages
        self._total = sum(_WEIGHT[stage] for stage in stages)
        self._start = time.monotonic()
        self._skipped = 0.0

    def fraction(self, stage: Stage, part: float) -> float:
        """0..1 for the job when ``part`` (0..1) of ``stage`` is done."""
        before = sum(_WEIGHT[earlier] for earlier in self._stages[: self._stages.index(stage)])
        return (before + _WEIGHT[stage] * part) / self._total

    def skip(self, stage: Stage, part: float) -> None:
        """``part`` of ``stage`` was there before: it tells nothing about the speed."""
        self._skipped += _WEIGHT[stage] * part / self._total

    def seconds_left(self, fraction: float) -> float | None:
        """At the speed so far, or None while there is too little to go by."""
        elapsed = time.monotonic() - self._start
        worked = fraction - self._skipped
        return elapsed * (1 - fraction) / worked if worked > 0.005 and elapsed > 0.5 else None


class StageProgress:
    """Counts the frames of one stage, tells of them a few times a second, and looks for a cancel at each."""

    def __init__(
        self, stage: Stage, total: int, reused: int, clock: JobClock, emit: Emit, token: CancelToken
    ) -> None:
        self.stage = stage
        self.total = total
        self.reused = reused
        self.computed = 0
        self._clock = clock
        self._emit = emit
        self._token = token
        self._start = time.monotonic()
        self._told = 0.0
        clock.skip(stage, reused / total if total else 1.0)
        self._tell()

    @property
    def seconds(self) -> float:
        """Since the stage began."""
        return time.monotonic() - self._start

    def step(self) -> None:
        """One more frame was computed. Raises ``cancelled``."""
        self._token.check()
        self.computed += 1
        if time.monotonic() - self._told >= _INTERVAL:
            self._tell()

    def waiting(self) -> None:
        """Something is done before the next frame. Raises ``cancelled``."""
        self._token.check()
        if time.monotonic() - self._told >= _INTERVAL:
            self._tell()

    def finish(self) -> dict[str, float | int]:
        """Tell the end; the stage's figures for the report."""
        self._tell()
        seconds = self.seconds
        return {
            "frames": self.total,
            "computed": self.computed,
            "reused": self.reused,
            "seconds": round(seconds, 3),
            "ms_per_frame": round(1000 * seconds / self.computed, 3) if self.computed else 0.0,
        }

    def _tell(self) -> None:
        self._told = time.monotonic()
        done = min(self.total, self.reused + self.computed)
        fraction = self._clock.fraction(self.stage, done / self.total if self.total else 1.0)
        left = self._clock.seconds_left(fraction)
        self._emit(
            events.Progress(
                stage=self.stage,
                frame=done,
                total=self.total,
                fps=round(self.computed / self.seconds, 2) if self.computed else None,
                seconds_left=None if left is None else round(left, 1),
                fraction=round(fraction, 4),
            )
        )
