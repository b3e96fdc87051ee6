# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the camera tracking on clips with exact truth, and another tracker beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ...common.confidence import WEAK
from ...common.sky_library import find_sky
from ...contract.track_file import Track
from ...engine.colour import display_from_linear
from ...engine.media.images import read_image_linear
from ...engine.track.geometry.focal import focal_px_to_mm
from ...engine.track.trackers.choose import make_tracker
from ...engine.types import FrameRGB, Matrix3, StoredMatte
from ..tracking.cases import Case, cases
from ..tracking.footage import shoot
from ..tracking.track_errors import TrackErrors, Truth, corner_errors, errors_over, sky_errors
from .other_code import load_other

#: Frames whose errors are told.
_REPORTED = (10, 30, 60)
#: Confidence from which a frame is sure; below :data:`WEAK` it is weak.
SURE = 0.7
#: Frames over which the error of each class of confidence is told.
_OVER = 10


class OtherTracker(Protocol):
    """A tracker to compare with; the file that is given to compare with has a class of this form."""

    def add(self, frame: FrameRGB, matte: StoredMatte) -> None:
        """Take the next frame."""
        ...

    def homographies(self) -> Sequence[Matrix3]:
        """From the first frame to each."""
        ...


@dataclass(frozen=True)
class TrackerRun:
    """One pass of the trackers over a clip; ``other`` has the other tracker's homographies."""

    track: Track
    mattes: list[StoredMatte]
    other: Sequence[Matrix3] | None
    ms: float

    @property
    def homographies(self) -> list[Matrix3]:
        """Of every frame from the first of its shot."""
        return [np.array(frame.homography) for frame in self.track.frames]


@dataclass(frozen=True)
class CaseFigures:
    """What was found in one clip; ``truths`` and ``errors`` where the truth is known, ``other``: the other tracker's.

    ``returned``: error in pixels at each return to what was seen before (:mod:`..tracking.loop_closure`);
    None where that was not looked for.
    """

    name: str
    run: TrackerRun
    truths: Sequence[Truth] | None
    errors: TrackErrors | None
    other: TrackErrors | None
    returned: list[float] | None = None
    other_returned: list[float] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        track = self.run.track
        confidence = [frame.confidence for frame in track.frames]
        errors = [None] * len(confidence) if self.errors is None else self.errors.per_frame.round(4).tolist()
        found: dict[str, Any] = {
            "name": self.name,
            "corner_error": None if self.errors is None else _reported(self.errors),
            "max_error": None if self.errors is None else round(float(self.errors.per_frame.max()), 4),
            "jitter": None if self.errors is None else round(self.errors.jitter, 4),
            "min_confidence": round(min(confidence), 4),
            "focal_mm": round(focal_px_to_mm(track.focal(0), track.width, track.height), 2),
            "distortion": round(track.distortion[0], 4) if track.distortion else 0.0,
            "ms_per_frame": round(self.run.ms, 2),
            "frames": [
                {"error": error, "confidence": round(sure, 4)} for error, sure in zip(errors, confidence, strict=True)
            ],
        }
        if self.truths is not None:
            found |= _steadiness(track, self.run.homographies, self.truths)
        if self.returned is not None:
            found["return_error"] = _summary(self.returned)
        if self.other is not None:
            found["baseline_error"] = _reported(self.other)
        if self.other_returned is not None:
            found["baseline_return_error"] = _summary(self.other_returned)
        return found


def follow_clip(
    images: Iterable[tuple[FrameRGB, StoredMatte]],
    size: tuple[int, int],
    fps: float,
    focal_mm: float | None,
    step: Callable[[], None],
    other: Callable[[], OtherTracker] | None,
) -> TrackerRun:
    """Follow a camera through ``images`` of ``size`` (width, height); ``step`` is called after each.

    Raises:
        SkyarError: what the tracker raises.
    """
    width, height = size
    tracker = make_tracker("SOLVE", width=width, height=height, fps=fps, focal_mm=focal_mm, quality="normal")
    compared = None if other is None else other()
    mattes: list[StoredMatte] = []
    spent = 0.0
    for frame, matte in images:
        mattes.append(matte)
        began = time.perf_counter()
        tracker.add(frame, matte)
        spent += time.perf_counter() - began
        if compared is not None:
            compared.add(frame, matte)
        step()
    began = time.perf_counter()
    track = tracker.solve()
    spent += time.perf_counter() - began
    return TrackerRun(
        track, mattes, None if compared is None else compared.homographies(), 1000 * spent / max(1, len(mattes))
    )


def evaluate_case(case: Case, step: Callable[[], None], other: Callable[[], OtherTracker] | None) -> CaseFigures:
    """Make the clip of a case and follow its camera; ``step`` is called after each frame.

    Raises:
        SkyarError: what the tracker raises.
    """
    truths = case.truths()
    run = follow_clip(shoot(case), (case.width, case.height), case.rate, case.focal_mm, step, other)

    def errors(homographies: Sequence[Matrix3], distorted: Sequence[float] = ()) -> TrackErrors:
        if case.on_sky:
            return sky_errors(homographies, truths, run.mattes, distorted)
        return corner_errors(homographies, truths, case.width, case.height, distorted)

    compared = None if run.other is None else errors(from_start(run.other, truths))
    return CaseFigures(case.name, run, truths, errors(run.homographies, run.track.distortions()), compared)


@dataclass(frozen=True)
class CaseRun:
    """What to measure of one case, so that another process can: ``limit``: only so many frames of it."""

    name: str
    panorama: Path | None
    limit: int | None
    against: Path | None

    def figures(self) -> dict[str, Any]:
        """Make the clip and measure it. Raises SkyarError as :func:`evaluate_case` does."""
        case = next(each for each in chosen_cases([self.name], self.panorama) if each.name == self.name)
        case = case if self.limit is None else replace(case, frames=min(self.limit, case.frames))
        other = None if self.against is None else load_tracker(self.against)
        return evaluate_case(case, lambda: None, other).to_dict()


def evaluate_cases(runs: Sequence[CaseRun], processes: int, step: Callable[[], None]) -> list[dict[str, Any]]:
    """The figures of all, in their order, several at a time in processes of their own; ``step`` after each.

    Raises:
        SkyarError: what a case raises.
    """
    if min(processes, len(runs)) < 2:
        found = []
        for run in runs:
            found.append(run.figures())
            step()
        return found
    with ProcessPoolExecutor(min(processes, len(runs)), get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        waiting = [pool.submit(run.figures) for run in runs]
        try:
            for done in as_completed(waiting):
                done.result()
                step()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [each.result() for each in waiting]


def chosen_cases(wanted: Sequence[str] | None, panorama: Path | None) -> list[Case]:
    """The cases whose names begin with one of ``wanted``; all with None. Without a panorama: the sky “sunset”.

    Raises:
        SkyarError: ``sky_unreadable``.
    """
    sky = _displayed(find_sky("sunset").image if panorama is None else panorama)
    return [case for case in cases(sky) if wanted is None or case.name.startswith(tuple(wanted))]


def load_tracker(path: Path) -> Callable[[], OtherTracker]:
    """The class in a Python file that can be compared with.

    Raises:
        SkyarError: ``unsupported`` when there is no such file or class.
    """
    found: Callable[[], OtherTracker] = load_other(
        path,
        "tracker",
        "one class that has the methods add and homographies",
        lambda each: isinstance(each, type) and hasattr(each, "homographies"),
    )
    return found


def _displayed(panorama: Path) -> NDArray[np.float32]:
    """A panorama as a display shows it (0..255), in medium exposure."""
    linear = read_image_linear(panorama)
    middle = float(np.median(linear[: len(linear) // 2]))
    return np.asarray(255 * display_from_linear(linear * np.float32(0.4 / max(middle, 1e-6))), np.float32)


def from_start(homographies: Sequence[Matrix3], truths: Sequence[Truth]) -> list[Matrix3]:
    """Each from the first frame of its shot: a tracker that knows no cuts is not blamed for that."""
    return [
        np.asarray(homography @ np.linalg.inv(homographies[truth.start]))
        for homography, truth in zip(homographies, truths, strict=True)
    ]


def _steadiness(track: Track, homographies: Sequence[Matrix3], truths: Sequence[Truth]) -> dict[str, Any]:
    """Cuts, jumps, and what a confidence is worth: the worst error over ten frames of each class of it."""
    cuts = {frame.index for frame in track.frames if frame.source == "cut"}
    true = {truth.start for truth in truths} - {0}
    sure = np.array([frame.confidence for frame in track.frames])
    distorted, size = track.distortions(), (track.width, track.height)
    jumps = errors_over(1, homographies, truths, *size, distorted)
    over = errors_over(_OVER, homographies, truths, *size, distorted)
    least = np.array([sure[max(0, index - _OVER) : index + 1].min() for index in range(len(sure))])
    classes = {"sure": least > SURE, "fair": (least >= WEAK) & (least <= SURE), "weak": least < WEAK}
    return {
        "false_cuts": len(cuts - true),
        "missed_cuts": len(true - cuts),
        "largest_jump": _worst(jumps),
        "largest_jump_not_weak": _worst(jumps[sure >= WEAK]),
        "over_ten_frames": _worst(over),
        "over_ten_frames_by_confidence": {
            name: {"frames": int(np.isfinite(over[which]).sum()), "worst": _worst(over[which])}
            for name, which in classes.items()
        },
    }


def _worst(errors: NDArray[np.float64]) -> float | None:
    known = errors[np.isfinite(errors)]
    return round(float(known.max()), 4) if len(known) else None


def _reported(errors: TrackErrors) -> dict[str, float]:
    found = {str(index): errors.per_frame[index] for index in _REPORTED if index < len(errors.per_frame)}
    return {name: round(float(value), 4) for name, value in (found | {"last": errors.per_frame[-1]}).items()}


def _summary(errors: Sequence[float]) -> dict[str, float | int | None]:
    if not errors:
        return {"returns": 0, "median": None, "worst": None}
    return {"returns": len(errors), "median": round(float(np.median(errors)), 4), "worst": round(max(errors), 4)}
