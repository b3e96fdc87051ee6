# SPDX-License-Identifier: GPL-3.0-or-later
"""The tracker for a job's settings."""

from __future__ import annotations

from ...contract.track_file import FocalSource
from .focal import focal_mm_to_px
from .interface import Tracker
from .solve_tracker import SolveTracker
from .static_tracker import StaticTracker


def make_tracker(
    motion: str, *, width: int, height: int, fps: float, focal_mm: float | None, quality: str
) -> Tracker:
    """A tracker for clips of ``width`` x ``height`` pixels.

    ``motion`` is ``SOLVE`` or ``STATIC``; ``focal_mm`` refers to a 36 mm wide sensor along the long side of the
    picture, None takes :data:`.focal.DEFAULT_FOCAL_MM`; ``quality`` is ``draft``, ``normal`` or ``high``.
    Raises ValueError when a setting is none of these.
    """
    focal_px = focal_mm_to_px(focal_mm, width, height)
    source: FocalSource = "default" if focal_mm is None else "given"
    if motion == "SOLVE":
        return SolveTracker(
            width=width, height=height, fps=fps, focal_px=focal_px, focal_source=source, quality=quality
        )
    if motion == "STATIC":
        return StaticTracker(width=width, height=height, fps=fps, focal_px=focal_px, focal_source=source)
    raise ValueError(f"motion {motion!r} is neither SOLVE nor STATIC")
