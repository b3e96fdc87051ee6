# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a run takes on this computer: foretold from how long earlier ones took.

A run goes through phases, one after the other. What each would take on an ordinary computer is in a table; the runs
that this computer has done tell how many times as long it takes here. They are kept in a file of the user's.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from ..contract.documents import is_number, read_object
from ..contract.job import Job, Step
from .rain import PICTURES
from .sky_library import moves

#: File with the earlier runs, where it is not the usual one.
SPEEDS_VARIABLE = "SKYAR_SPEEDS"

#: A part of a run by the clock: starting; the look over the whole clip and fitting the method to it; mattes, the
#: camera followed on the way; the camera's motion; the comparison of frames and their second mattes; reading and
#: placing the new sky, light, grain and rain; and all images and movies of each frame.
Phase = Literal["start", "survey", "matte", "track", "second_look", "prepare", "frames"]
PHASES: tuple[Phase, ...] = ("start", "survey", "matte", "track", "second_look", "prepare", "frames")
#: Steps whose images are made frame by frame in the last phase.
IMAGES: tuple[Step, ...] = ("plate", "sky", "reflections", "preview")


@dataclass(frozen=True)
class _Cost:
    """Seconds on an ordinary computer of two cores: once, for a frame, and for a frame's million pixels.

    ``draft`` and ``high``: how many times as much of the latter two these qualities take.
    """

    once: float
    frame: float
    pixels: float
    draft: tuple[float, float] = (1.0, 1.0)
    high: tuple[float, float] = (1.0, 1.0)


_PHASES: dict[Phase, _Cost] = {
    "start": _Cost(2.5, 0.0, 0.0),
    "survey": _Cost(3.0, 0.002, 0.004),
    "matte": _Cost(0.0, 0.105, 0.012, draft=(0.6, 0.8), high=(1.5, 1.0)),
    "track": _Cost(0.1, 0.005, 0.0, draft=(0.7, 1.0), high=(1.5, 1.0)),
    "second_look": _Cost(0.0, 0.014, 0.002),
    "prepare": _Cost(1.7, 0.0, 0.002),
}
_IMAGES: dict[Step, _Cost] = {
    "plate": _Cost(0.0, 0.007, 0.012, draft=(1.0, 0.5)),
    "sky": _Cost(0.0, 0.007, 0.032, draft=(0.9, 0.1)),
    "reflections": _Cost(0.0, 0.005, 0.1, draft=(1.0, 0.6)),
    "preview": _Cost(0.0, 0.009, 0.037, draft=(0.9, 0.15)),
}
#: What else there may be to do before the frames, by its names in :class:`Work`: pictures of rain, and a sky that
#: moves, which also makes each frame of it take longer.
_BEFORE = {"rain": _Cost(0.0, 0.0, 0.04), "moving_sky": _Cost(5.0, 0.0, 0.0)}
_MOVING = _Cost(0.0, 0.06, 0.0)
#: Runs that are kept, the latest.
_KEPT = 40
#: How much a run of another quality tells, one with twice as many pixels, and one before another.
_OTHER_QUALITY = 0.3
_TWICE = 0.7
_OLDER = 0.8
#: How much the table counts beside a run just like the one to be foretold.
_TABLE = 0.02
#: Runs of fewer frames tell little of a phase.
_FEW = 24


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a run has to do.

    Attributes:
        width, height: of the clip in pixels.
        quality, method, device: of the job.
        frames: source frames to be gone through or made: in each phase but the last, and of each of ``IMAGES``;
            pictures of ``rain``, and 1 of a ``moving_sky``. What is not named is not wanted, or is there.
    """

    width: int
    height: int
    quality: str
    method: str
    device: str
    frames: Mapping[str, int]

    @property
    def megapixels(self) -> float:
        return self.width * self.height / 1e6

    def ordinary(self) -> dict[Phase, float]:
        """Seconds of each phase on an ordinary computer."""
        found = {phase: self._seconds(phase, cost) for phase, cost in _PHASES.items()}
        found["prepare"] += sum(self._seconds(name, cost) for name, cost in _BEFORE.items())
        return found | {"frames": sum(self.images().values())}

    def images(self) -> dict[Step, float]:
        """What of the last phase each step takes, likewise."""
        found = {step: self._seconds(step, cost) for step, cost in _IMAGES.items()}
        if "moving_sky" in self.frames:
            found["sky"] += self._seconds("sky", _MOVING)
        return found

    def _seconds(self, name: str, cost: _Cost) -> float:
        if name not in self.frames:
            return 0.0
        frame, pixels = {"draft": cost.draft, "high": cost.high}.get(self.quality, (1.0, 1.0))
        return cost.once + self.frames[name] * (frame * cost.frame + pixels * cost.pixels * self.megapixels)


def work_of(
    job: Job, size: tuple[int, int], frames: int, made: Mapping[str, int] | None = None, part: bool = False
) -> Work:
    """What ``job`` has to do on a clip of that width and height and so many source frames.

    ``made``: how many of them are there already, by what :class:`Work` counts; None: nothing but what the job takes
    from another result. ``part``: only what a part of a clip needs.
    """
    if made is None:
        shared = ("survey", "matte", "track", "second_look", "plate")
        made = {} if job.reuse is None else dict.fromkeys(shared, frames)
    steps = set(job.steps)
    wanted: list[str] = ["start", "survey", "matte"]
    wanted += ["track", "second_look"] if "track" in steps else []
    wanted += ["prepare"] if "plate" in steps else []
    wanted += [step for step in IMAGES if step in steps and (step != "preview" or job.settings.previews)]
    if part:
        wanted = ["start", "prepare", *(step for step in IMAGES if step in steps and step != "preview")]
    left = {name: max(0, frames - made.get(name, 0)) for name in wanted}
    if "rain" in steps and not part:
        left["rain"] = PICTURES
    if job.sky is not None and "sky" in left and job.sky.speed != 0 and moves(job.sky.source):
        left["moving_sky"] = 1
    return Work(
        width=size[0],
        height=size[1],
        quality=job.settings.quality,
        method=job.settings.matte_method,
        device=job.device,
        frames={name: count for name, count in left.items() if count or name in ("start", "prepare")},
    )


@dataclass(frozen=True)
class EarlierRun:
    """``seconds`` by the clock that each phase of ``work`` took."""

    work: Work
    seconds: dict[str, float]


def foretold(work: Work, earlier: Sequence[EarlierRun]) -> dict[Phase, float]:
    """Seconds that each phase of ``work`` will take, from ``earlier`` runs, the latest last."""
    return {phase: seconds * _times(work, phase, earlier) for phase, seconds in work.ordinary().items()}


def _times(work: Work, phase: Phase, earlier: Sequence[EarlierRun]) -> float:
    """How many times as long as on an ordinary computer a phase takes: weighted in logarithms."""
    total, weights, weight = 0.0, _TABLE, 1.0
    for run in reversed(earlier):
        usual, took = run.work.ordinary()[phase], run.seconds.get(phase, 0.0)
        alike = run.work.device == work.device and run.work.method == work.method
        if not alike or usual <= 0 or took <= 0:
            continue
        close = _TWICE ** abs(math.log2(run.work.megapixels / work.megapixels))
        close *= 1.0 if run.work.quality == work.quality else _OTHER_QUALITY
        close *= min(1.0, max(run.work.frames.values(), default=0) / _FEW)
        total += weight * close * math.log(took / usual)
        weights += weight * close
        weight *= _OLDER
    return math.exp(total / weights)


def speeds_file(usual: Path | None = None) -> Path | None:
    """The file with earlier runs: that which the environment names, or else the ``usual`` one."""
    named = os.environ.get(SPEEDS_VARIABLE)
    return Path(named) if named else usual


def read_speeds(path: Path | None) -> list[EarlierRun]:
    """The earlier runs, the latest last; none where there is no such file or it is not as it should be."""
    try:
        runs = [] if path is None else read_object(path).get("runs")
    except (OSError, ValueError):
        return []
    return [run for each in (runs if isinstance(runs, list) else []) if (run := _run(each)) is not None]


def add_speed(path: Path, run: EarlierRun) -> None:
    """Keep one more run. Raises OSError."""
    runs = [*read_speeds(path), run][-_KEPT:]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_text(json.dumps({"runs": [asdict(each) for each in runs]}, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def _run(data: Any) -> EarlierRun | None:
    try:
        work, seconds = data["work"], data["seconds"]
        sizes = [work["width"], work["height"], *work["frames"].values()]
        if not all(is_number(each) and each >= 0 for each in (*sizes, *seconds.values())):
            return None
        names = {name: str(work[name]) for name in ("quality", "method", "device")}
        found = Work(width=work["width"], height=work["height"], frames=dict(work["frames"]), **names)
        return EarlierRun(found, dict(seconds)) if found.megapixels > 0 else None
    except (KeyError, TypeError, AttributeError):
        return None
