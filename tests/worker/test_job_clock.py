# SPDX-License-Identifier: GPL-3.0-or-later
"""The time left of made-up runs, told while they go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from skyar_blender.common.speeds import PHASES, EarlierRun, Phase, Work, foretold
from skyar_blender.worker.process.job_clock import JobClock

IMAGES = ("plate", "sky", "preview")
#: By how much the time left may be off: a third, or two seconds, which nobody minds.
OFF, SECONDS = 1 / 3, 2.0


def work(frames: int, megapixels: float = 2.0, quality: str = "normal") -> Work:
    counted = (*PHASES[:-1], *IMAGES)
    return Work(
        width=round(megapixels * 1000),
        height=1000,
        quality=quality,
        method="network",
        device="auto",
        frames=dict.fromkeys(counted, frames),
    )


class Run:
    """Goes through a run whose phases take what they are told, by a clock of its own."""

    def __init__(
        self, of: Work, times: dict[Phase, float], earlier: list[EarlierRun], load: Callable[[float], float]
    ):
        self.work, self.load, self.now = of, load, 0.0
        self.takes = {phase: seconds * times.get(phase, 1.0) for phase, seconds in of.ordinary().items()}
        self.clock = JobClock(now=lambda: self.now)
        self.earlier = earlier
        self.told: list[tuple[float, float, float]] = []

    def spend(self, seconds: float) -> None:
        """So many seconds of work, told of once a second."""
        while seconds > 0:
            some = min(seconds, 1.0 / self.load(self.now))
            self.now += some * self.load(self.now)
            seconds -= some
            self.tell()

    def tell(self) -> None:
        left = self.clock.seconds_left
        if left is not None:
            self.told.append((self.now, left, self.clock.fraction))

    def go(self) -> None:
        count = self.work.frames["matte"]
        self.clock.foresee(foretold(self.work, self.earlier), self.work.images(), bool(self.earlier))
        self.spend(self.takes["start"])
        self.clock.begin("matte", count, 0)
        self.spend(self.takes["survey"])
        self._frames("matte", ("matte",), count)
        self.clock.end("matte")
        self.clock.begin("track", count, 0)
        for number in range(count):
            self.clock.count("track", number + 1)
        self.spend(self.takes["track"])
        self.clock.end("track")
        self.spend(self.takes["second_look"])
        self.clock.begin("second_look", 0, 0)
        self.clock.end("second_look")
        self.clock.begin("plate", count, 0)
        self.spend(self.takes["prepare"])
        self.clock.begin("sky", count, 0)
        self.clock.begin("preview", count, 0)
        self._frames("frames", IMAGES, count)

    def _frames(self, phase: Phase, steps: tuple[str, ...], count: int) -> None:
        for number in range(count):
            self.spend(self.takes[phase] / count)
            for step in steps:
                self.clock.count(step, number + 1)  # type: ignore[arg-type]
            self.tell()

    def wrong(self) -> Iterator[tuple[float, float, float]]:
        """When the time left was off by more than a third, from the first tenth on: then, told, true."""
        for at, left, _ in self.told:
            true = self.now - at
            if at >= 0.1 * self.now and abs(left - true) > max(OFF * true, SECONDS):
                yield round(at, 1), round(left, 1), round(true, 1)


def earlier_run(of: Work, times: dict[Phase, float]) -> EarlierRun:
    return EarlierRun(of, {phase: seconds * times.get(phase, 1.0) for phase, seconds in of.ordinary().items()})


def steady(times: float) -> Callable[[float], float]:
    return lambda _: times


#: A computer with a fast processor and a slow network disk, and one whose graphics card makes the mattes.
SLOW_DISK: dict[Phase, float] = {"start": 2.0, "survey": 2.0, "matte": 0.6, "prepare": 3.0, "frames": 4.0}
GPU: dict[Phase, float] = {"start": 3.0, "survey": 1.2, "matte": 0.2, "frames": 0.6}


@pytest.mark.parametrize("frames", [60, 240])
@pytest.mark.parametrize("load", [0.5, 1.0, 6.0])
def test_first_run_on_a_faster_or_slower_computer(frames: int, load: float) -> None:
    run = Run(work(frames), {}, [], steady(load))
    run.go()
    assert not list(run.wrong())


@pytest.mark.parametrize("times", [SLOW_DISK, GPU])
def test_earlier_runs_tell_how_the_phases_compare(times: dict[Phase, float]) -> None:
    """Of another length and a little smaller: from the first tenth on it is right, and not so without them."""
    earlier = [earlier_run(work(90, 1.6), times), earlier_run(work(30, 1.6), times)]
    run = Run(work(240), times, earlier, steady(1.0))
    run.go()
    assert not list(run.wrong())
    first = Run(work(240), times, [], steady(1.0))
    first.go()
    assert list(first.wrong())


def test_load_that_doubles_midway_is_seen_soon() -> None:
    """Nobody knows of it before; soon after the time left is right again."""
    whole = sum(work(240).ordinary().values())
    turn = 0.4 * whole
    run = Run(work(240), {}, [earlier_run(work(240), {})], lambda now: 1.0 if now < turn else 2.0)
    run.go()
    late = [each for each in run.wrong() if each[0] > turn + 0.08 * run.now]
    assert not late
    assert [each for each in run.wrong() if each[0] < turn]


def test_a_computer_that_is_busier_than_usual() -> None:
    run = Run(work(120), SLOW_DISK, [earlier_run(work(120), SLOW_DISK)], steady(3.0))
    run.go()
    assert not list(run.wrong())


def test_another_quality_is_foretold_from_this_one() -> None:
    earlier = [earlier_run(work(120), dict.fromkeys(PHASES, 3.0))]
    usual, found = work(120, quality="draft").ordinary(), foretold(work(120, quality="draft"), earlier)
    assert sum(found.values()) == pytest.approx(3.0 * sum(usual.values()), rel=0.3)


def test_the_fraction_only_grows_and_the_time_is_told_in_silence() -> None:
    run = Run(work(100), {"track": 20.0}, [], steady(1.0))
    run.go()
    fractions = [fraction for _, _, fraction in run.told]
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1.0)
    # The motion takes twenty times as long as foretold: it never says that nothing is left.
    assert all(left > 1.0 for at, left, _ in run.told if at < 0.9 * run.now)


def test_what_was_there_before_is_not_counted() -> None:
    """A run that goes on: all mattes and half of the images are there."""
    now = 0.0
    clock = JobClock(now=lambda: now)
    left = Work(
        width=2000,
        height=1000,
        quality="normal",
        method="network",
        device="auto",
        frames={"start": 100, "prepare": 100, "plate": 50, "sky": 50, "preview": 100},
    )
    clock.foresee(foretold(left, []), left.images())
    now = left.ordinary()["start"]
    clock.begin("matte", 100, 100)
    clock.end("matte")
    clock.begin("track", 100, 100)
    clock.end("track")
    clock.begin("plate", 100, 50)
    usual = left.ordinary()
    assert clock.seconds_left == pytest.approx(usual["prepare"] + usual["frames"], rel=0.1)
    now += left.ordinary()["prepare"]
    clock.begin("sky", 100, 50)
    clock.begin("preview", 100, 0)
    each = left.ordinary()["frames"] / 100
    for number in range(100):
        now += each
        clock.count("preview", number + 1)
        if number < 50:
            clock.count("plate", 51 + number)
            clock.count("sky", 51 + number)
    assert clock.seconds_left == pytest.approx(0.0, abs=0.1) and clock.fraction == pytest.approx(1.0)
