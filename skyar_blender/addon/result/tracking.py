# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the camera of a result was followed, as its ``report.json`` tells it."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from ...contract.report import FrameRange, WeakFrames
from .headings import headings_of
from .report import report_of
from .weak_ranges import weak_ranges_of


@dataclass(frozen=True)
class Tracking:
    """What a report tells; None and empty where it does not.

    Attributes:
        confidence: per frame of the job, 0 (a guess) to 1 (sure).
        focal_length: of the first frame, in millimetres for a sensor 36 mm wide.
        focal_source: as in ``track.json``, and so are ``focal_sources``, of each shot.
        distortion: of the first shot's lens, as there.
        headings: how its shots face, in words.
        damaged: frames of the clip that could not be read as they were filmed.
    """

    confidence: tuple[float, ...]
    least: float | None
    mean: float | None
    focal_length: float | None
    focal_source: str
    weak: tuple[WeakFrames, ...]
    distortion: float = 0.0
    damaged: tuple[WeakFrames, ...] = ()
    headings: tuple[str, ...] = ()
    focal_sources: tuple[str, ...] = ()


def tracking_of(result_scene: bpy.types.Scene) -> Tracking | None:
    """What the report of ``result_scene`` tells now; None where there is none, or nothing in it."""
    report = report_of(result_scene)
    if report is None:
        return None
    figures = report.figures
    tracking = Tracking(
        confidence=tuple(frame.confidence for frame in report.frames if frame.confidence is not None),
        least=figures.confidence_min,
        mean=figures.confidence_mean,
        focal_length=figures.focal_length_mm,
        focal_source=figures.focal_length_source or "",
        weak=weak_ranges_of(figures.weak_ranges),
        damaged=weak_ranges_of([_damaged(each) for each in figures.damaged_frames or ()]),
        focal_sources=tuple(figures.focal_length_sources or ()),
        headings=headings_of(figures.placement),
        distortion=next(iter(figures.lens_distortion or ()), 0.0),
    )
    return tracking if tracking != Tracking((), None, None, None, tracking.focal_source, ()) else None


def _damaged(frames: FrameRange) -> WeakFrames:
    return WeakFrames(
        first=frames.first,
        last=frames.last,
        reason="damaged in the clip",
        suggestion="Filled in from its neighbours; look at the result",
    )
