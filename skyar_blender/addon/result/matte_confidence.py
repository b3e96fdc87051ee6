# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure the mattes of a result are, as its ``report.json`` tells it."""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from ...contract.report import WeakFrames
from .report import report_of
from .weak_ranges import weak_ranges_of


@dataclass(frozen=True)
class MatteConfidence:
    """``frames``: per frame of the job that has a figure, 0 (in doubt) to 1 (sure). ``flicker``: mean change of the
    matte, 0..1, from one frame to the next, where the picture only moved; None where no run has looked."""

    frames: tuple[float, ...]
    least: float
    mean: float
    weak: tuple[WeakFrames, ...]
    flicker: float | None = None


def matte_confidence_of(result_scene: bpy.types.Scene) -> MatteConfidence | None:
    """What the report of ``result_scene`` tells now; None where it tells nothing of it."""
    report = report_of(result_scene)
    if report is None:
        return None
    figures = report.figures
    known = tuple(frame.matte_confidence for frame in report.frames if frame.matte_confidence is not None)
    least, mean = figures.matte_confidence_min, figures.matte_confidence_mean
    if not known or least is None or mean is None:
        return None
    return MatteConfidence(known, least, mean, weak_ranges_of(figures.matte_weak_ranges), figures.matte_flicker)
