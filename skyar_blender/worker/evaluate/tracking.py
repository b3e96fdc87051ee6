# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the camera tracking on clips with exact truth, and another tracker beside it."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...contract.errors import ErrorCode, SkyarError
from ...contract.sky_library import find_sky
from ...engine.colour import display_from_linear
from ...engine.measure.tracking.cases import Case, cases
from ...engine.measure.tracking.film import shoot
from ...engine.measure.tracking.track_errors import TrackErrors, Truth, corner_errors, sky_errors
from ...engine.media.pictures import read_picture_linear
from ...engine.track.trackers import make_tracker
from ...engine.types import FrameRGB, Matrix3, StoredMatte

#: Frames whose errors are told.
_TOLD = (10, 30, 60)
_RATE = 25.0


class OtherTracker(Protocol):
    """A tracker to compare with; the file that is given to compare with has a class of this form."""

    def add(self, frame: FrameRGB, matte: StoredMatte) -> None:
        """Take the next frame."""
        ...

    def homographies(self) -> Sequence[Matrix3]:
        """From the first frame to each."""
        ...


@dataclass(frozen=True)
class TrackFigures:
    """What was found in one clip; ``confidence`` and ``error`` (pixels) per frame, ``other`` of the other tracker."""

    name: str
    errors: TrackErrors
    confidence: list[float]
    focal_mm: float
    ms: float
    other: TrackErrors | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        found: dict[str, Any] = {
            "name": self.name,
            "corner_error": _told(self.errors),
            "max_error": round(float(self.errors.per_frame.max()), 4),
            "jitter": round(self.errors.jitter, 4),
            "min_confidence": round(min(self.confidence), 4),
            "focal_mm": round(self.focal_mm, 2),
            "ms_per_frame": round(self.ms, 2),
            "frames": [
                {"error": round(float(error), 4), "confidence": round(sure, 4)}
                for error, sure in zip(self.errors.per_frame, self.confidence, strict=True)
            ],
        }
        if self.other is not None:
            found["baseline_error"] = _told(self.other)
        return found


def evaluate_case(case: Case, step: Callable[[], None], other: Callable[[], OtherTracker] | None) -> TrackFigures:
    """Make the clip of a case and follow its camera; ``step`` is called after each frame.

    Raises:
        SkyarError: what the tracker raises.
    """
    truths = case.truths()
    tracker = make_tracker(
        "SOLVE", width=case.width, height=case.height, fps=_RATE, focal_mm=case.focal_mm, quality="normal"
    )
    compared = None if other is None else other()
    mattes: list[StoredMatte] = []
    spent = 0.0
    for frame, matte in shoot(case):
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

    def errors(homographies: Sequence[Matrix3]) -> TrackErrors:
        if case.on_sky:
            return sky_errors(homographies, truths, mattes)
        return corner_errors(homographies, truths, case.width, case.height)

    return TrackFigures(
        case.name,
        errors([np.array(frame.homography) for frame in track.frames]),
        [frame.confidence for frame in track.frames],
        track.focal(0) / max(case.width, case.height) * 36,
        1000 * spent / max(1, len(mattes)),
        None if compared is None else errors(_from_cut(compared.homographies(), truths)),
    )


def chosen_cases(wanted: Sequence[str] | None, panorama: Path | None) -> list[Case]:
    """The cases whose names begin with one of ``wanted``; all with None. Without a panorama: the sky “sunset”.

    Raises:
        SkyarError: ``sky_unreadable``.
    """
    sky = _displayed(find_sky("sunset").picture if panorama is None else panorama)
    return [case for case in cases(sky) if wanted is None or case.name.startswith(tuple(wanted))]


def load_tracker(path: Path) -> Callable[[], OtherTracker]:
    """The class in a Python file that can be compared with.

    Raises:
        SkyarError: ``unsupported`` when there is no such file or class.
    """
    spec = importlib.util.spec_from_file_location("tracker_to_compare", path)
    try:
        if spec is None or spec.loader is None:
            raise ImportError("it is no Python file")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        (found,) = [
            each
            for each in vars(module).values()
            if isinstance(each, type) and each.__module__ == module.__name__ and hasattr(each, "homographies")
        ]
    except (ImportError, OSError, SyntaxError, ValueError) as error:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"There is no tracker to compare with in {path}.",
            f"{type(error).__name__}: {error}.",
            "Give a Python file with one class that has the methods add and homographies.",
        ) from error
    return found


def _displayed(panorama: Path) -> NDArray[np.float32]:
    """A panorama as a display shows it (0..255), in medium exposure."""
    linear = read_picture_linear(panorama)
    middle = float(np.median(linear[: len(linear) // 2]))
    return np.asarray(255 * display_from_linear(linear * np.float32(0.4 / max(middle, 1e-6))), np.float32)


def _from_cut(homographies: Sequence[Matrix3], truths: Sequence[Truth]) -> list[Matrix3]:
    """Each from the first frame of its shot: a tracker that knows no cuts is not blamed for that."""
    return [
        np.asarray(homography @ np.linalg.inv(homographies[truth.start]))
        for homography, truth in zip(homographies, truths, strict=True)
    ]


def _told(errors: TrackErrors) -> dict[str, float]:
    found = {str(index): errors.per_frame[index] for index in _TOLD if index < len(errors.per_frame)}
    return {name: round(float(value), 4) for name, value in (found | {"last": errors.per_frame[-1]}).items()}
