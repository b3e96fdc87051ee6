# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the camera of a result was followed, as its ``report.json`` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .report import a_dict, a_list, a_number, report_of
from .weak_ranges import WeakRange, weak_ranges_of


@dataclass(frozen=True)
class Tracking:
    """What a report tells; None and empty where it does not.

    Attributes:
        confidence: per frame of the job, 0 (a guess) to 1 (sure).
        focal_length: of the first frame, in millimetres for a sensor 36 mm wide.
        focal_source: as in ``track.json``.
        distortion: of the first shot's lens, as there.
        damaged: frames of the clip that could not be read as they were filmed.
    """

    confidence: tuple[float, ...]
    least: float | None
    mean: float | None
    focal_length: float | None
    focal_source: str
    weak: tuple[WeakRange, ...]
    distortion: float = 0.0
    damaged: tuple[WeakRange, ...] = ()


def tracking_of(result_scene: Any) -> Tracking | None:
    """What the report of ``result_scene`` tells now; None where there is none, or nothing in it."""
    report = report_of(result_scene)
    if report is None:
        return None
    figures = a_dict(report.get("figures"))
    frames = [a_number(a_dict(frame).get("confidence")) for frame in a_list(report.get("frames"))]
    source = figures.get("focal_length_source")
    tracking = Tracking(
        confidence=tuple(value for value in frames if value is not None),
        least=a_number(figures.get("confidence_min")),
        mean=a_number(figures.get("confidence_mean")),
        focal_length=a_number(figures.get("focal_length_mm")),
        focal_source=source if isinstance(source, str) else "",
        weak=weak_ranges_of(figures.get("weak_ranges")),
        damaged=weak_ranges_of([_damaged(a_dict(entry)) for entry in a_list(figures.get("damaged_frames"))]),
        distortion=a_number(next(iter(a_list(figures.get("lens_distortion"))), None)) or 0.0,
    )
    return tracking if tracking != Tracking((), None, None, None, tracking.focal_source, ()) else None


def _damaged(entry: dict[str, Any]) -> dict[str, Any]:
    suggestion = "Filled in from its neighbours; look at the result"
    return entry | {"reason": "damaged in the clip", "suggestion": suggestion}
