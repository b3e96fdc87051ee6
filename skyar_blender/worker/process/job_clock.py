# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a job is, and how long it still takes: what was foretold, corrected by what this run shows."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...common.speeds import IMAGES, PHASES, Phase
from ...contract.job import Step

_PHASE_OF: dict[Step, Phase] = {
    "matte": "matte",
    "track": "track",
    "second_look": "second_look",
    "sun": "prepare",
    "light": "prepare",
    "grain": "prepare",
    "rain": "prepare",
}
#: Phases whose frames are counted; of the others only the time is known.
_COUNTED: tuple[Phase, ...] = ("matte", "frames")
#: A phase that takes longer than foretold is never called done before its end.
_NEARLY = 0.95
#: Share of the whole that has been worked since what was seen counts a third of what is seen now, and that of what
#: was foretold beside it; for one phase, of that phase.
_MEMORY, _TRUST = 0.07, 0.012
_OWN_MEMORY, _OWN_TRUST = 0.15, 0.05
#: Starting tells less of the rest than other work does.
_OF_START = 0.5
#: A phase without frames may take long for reasons of its own: how many times as long as the rest it may say that all
#: takes, where earlier runs are known, and where nothing is known yet.
_APART, _APART_AT_FIRST = 2.0, 8.0
#: Seconds of work that are looked at together, at least.
_TOGETHER = 0.25


@dataclass
class _Pace:
    """How many times as long as foretold the work takes, the latest counting most.

    Attributes:
        memory: seconds of foretold work after which what was seen counts a third.
        trust: seconds of foretold work that what was assumed counts for, as long as little was seen.
    """

    memory: float
    trust: float
    took: float = 0.0
    foretold: float = 0.0

    def see(self, took: float, foretold: float) -> None:
        kept = math.exp(-foretold / self.memory) if self.memory > 0 else 0.0
        self.took = self.took * kept + took
        self.foretold = self.foretold * kept + foretold
        self.trust *= kept

    def times(self, assumed: float = 1.0, took: float = 0.0, foretold: float = 0.0) -> float:
        """The factor; ``took`` and ``foretold``: what is still under way."""
        weight = self.foretold + foretold + self.trust
        return (self.took + took + self.trust * assumed) / weight if weight > 0 else assumed


class JobClock:
    """Is told what is begun and made, and knows how far the whole is. Made when the job begins.

    May be asked from several threads.

    Attributes:
        telling: held while a word of a step is said.
        tell_again: tells of the step that was told of last once more, where nothing was told for a while.
    """

    def __init__(self, begun: float | None = None, now: Callable[[], float] = time.monotonic) -> None:
        """``now`` gives seconds, and ``begun`` is when the job began where that was earlier."""
        self._now = now
        self._lock = threading.RLock()
        self._foretold: dict[Phase, float] = {}
        self._images: dict[Step, float] = {}
        self._seconds: dict[Phase, float] = {}
        self._phase: Phase = "start"
        self._entered = self._seen = now() if begun is None else begun
        self._counts: dict[Step, tuple[int, int]] = {}
        self._reused: dict[Step, int] = {}
        self._all = _Pace(0.0, 0.0)
        self._own: dict[Phase, _Pace] = {}
        self._furthest = 0.0
        self._waiting = 0.0
        self._apart = _APART_AT_FIRST
        self.telling = threading.Lock()
        self.tell_again: Callable[[], None] | None = None

    def foresee(self, foretold: Mapping[Phase, float], images: Mapping[Step, float], known: bool = True) -> None:
        """What is still to be done: seconds of each phase, and the shares of the last one's steps.

        ``known``: whether earlier runs have told of this computer.
        """
        with self._lock:
            self._apart = _APART if known else _APART_AT_FIRST
            self._foretold, self._images = dict(foretold), dict(images)
            whole = sum(foretold.values())
            self._all = _Pace(_MEMORY * whole, _TRUST * whole)
            self._own = {
                phase: _Pace(_OWN_MEMORY * seconds, _OWN_TRUST * seconds) for phase, seconds in foretold.items()
            }

    def begin(self, step: Step, total: int, reused: int) -> None:
        """A step begins; ``reused`` of its ``total`` images are there."""
        with self._lock:
            self._counts[step], self._reused[step] = (reused, total), reused
            if step == "matte":
                self._enter("survey" if reused < total else "matte")
            else:
                self._enter(_PHASE_OF.get(step, "prepare"))

    def count(self, step: Step, done: int) -> None:
        """So many images of a step are there."""
        with self._lock:
            before, total = self._counts[step]
            if done == before:
                return
            phase: Phase = "frames" if step in IMAGES else _PHASE_OF[step]
            first = phase != self._phase  # until it comes, much is read ahead
            self._enter(phase)
            earlier = self._done(phase)
            self._counts[step] = done, total
            if phase in _COUNTED and not first:
                self._see(self._done(phase) - earlier)

    def end(self, step: Step) -> None:
        """All of a step is there; what comes next is not told before it begins."""
        with self._lock:
            following: dict[Step, Phase] = {"matte": "track", "track": "second_look", "second_look": "prepare"}
            if step in following and self._foretold.get(following[step], 0.0) > 0:
                self._enter(following[step])

    @property
    def fraction(self) -> float:
        """0..1 of the whole; never less than before."""
        with self._lock:
            whole = sum(self._foretold.values())
            if whole > 0:
                now = sum(self._done(phase) for phase in PHASES) / whole
                self._furthest = max(self._furthest, min(1.0, now))
            return self._furthest

    @property
    def seconds_left(self) -> float | None:
        """Until all is done; None as long as nothing was foretold."""
        with self._lock:
            if not self._foretold:
                return None
            here = self._phase
            under_way = self._under_way
            usual = self._all.times(1.0, *under_way)
            left = 0.0
            for phase in PHASES:
                rest = self._foretold.get(phase, 0.0) - self._done(phase)
                if phase == here and rest > 0 and phase in _COUNTED:
                    times = self._own[phase].times(usual)
                    one = times * self._foretold[phase] / max(1, max(total for _, total in self._counts.values()))
                    left += rest * times - min(self._now() - self._seen, _NEARLY * one)
                elif rest > 0:
                    left += rest * usual
            return left

    @property
    def seconds(self) -> dict[Phase, float]:
        """How long each phase took by now."""
        with self._lock:
            now = self._now() - self._entered
            return self._seconds | {self._phase: self._seconds.get(self._phase, 0.0) + now}

    @property
    def _under_way(self) -> tuple[float, float]:
        """Of a phase that is not counted, once it takes longer than foretold: how long so far, and what was
        foretold."""
        took, foretold = self._now() - self._entered, self._foretold.get(self._phase, 0.0)
        usual = foretold * self._all.times()
        if self._phase in _COUNTED or took <= usual:
            return 0.0, 0.0
        return min(took, self._apart * usual), foretold

    def _done(self, phase: Phase) -> float:
        """Of what was foretold for a phase, what is done."""
        foretold = self._foretold.get(phase, 0.0)
        if phase == "matte":
            return foretold * self._share("matte")
        if phase == "frames":
            whole = sum(self._images.values())
            return foretold * sum(self._images[step] * self._share(step) for step in self._images) / (whole or 1.0)
        if phase == self._phase:
            took = (self._now() - self._entered) / self._all.times()
            return min(took, _NEARLY * foretold)
        return foretold if PHASES.index(phase) < PHASES.index(self._phase) else 0.0

    def _share(self, step: Step) -> float:
        """Of what this run has to make of a step, what it has made; all that was there before is not counted."""
        done, total = self._counts.get(step, (0, 0))
        reused = self._reused.get(step, 0)
        if step not in self._counts:
            return float(step == "matte" and PHASES.index(self._phase) > PHASES.index("matte"))
        return (done - reused) / (total - reused) if total > reused else 1.0

    def _see(self, foretold: float) -> None:
        """Work was done since something was last seen."""
        now = self._now()
        took, foretold = now - self._seen, foretold + self._waiting
        if took < _TOGETHER:
            self._waiting = foretold
            return
        self._seen, self._waiting = now, 0.0
        self._all.see(took, foretold)
        if self._phase in self._own:
            self._own[self._phase].see(took, foretold)

    def _enter(self, phase: Phase) -> None:
        """Another phase begins."""
        if phase == self._phase:
            return
        now, left = self._now(), self._phase
        self._seconds[left] = self._seconds.get(left, 0.0) + now - self._entered
        foretold = self._foretold.get(left, 0.0)
        if left not in _COUNTED and foretold > 0 and self._seconds[left] == now - self._entered:
            usual = foretold * self._all.times()
            took = min(max(now - self._entered, usual / self._apart), usual * self._apart)
            weight = _OF_START if left == "start" else 1.0
            self._all.see(weight * took, weight * foretold)
        self._phase, self._entered, self._seen, self._waiting = phase, now, now, 0.0
