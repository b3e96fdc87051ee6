# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the camera of a result was followed: what the sidebar shows of its report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import bpy

from ...contract.layout import OutputFolder
from .link import FOLDER_KEY


@dataclass(frozen=True)
class Weak:
    """Frames ``first`` to ``last`` of the result (from 0) whose motion is in doubt, why, and what helps."""

    first: int
    last: int
    reason: str
    suggestion: str


@dataclass(frozen=True)
class Tracking:
    """``confidence`` per frame, 0..1; ``focal_mm`` on a 36 mm sensor and where it came from, where that is told."""

    confidence: tuple[float, ...]
    weak: tuple[Weak, ...]
    focal_mm: float | None
    focal_source: str | None

    def pieces(self, most: int) -> list[int]:
        """The least sure frame of each of at most ``most`` even pieces of the result."""
        count = len(self.confidence)
        ends = [round(index * count / min(most, count)) for index in range(min(most, count) + 1)]
        return [min(range(first, last), key=self.confidence.__getitem__) for first, last in pairwise(ends)]


def folder_of(result: Any) -> OutputFolder:
    """The output folder of the scene ``result``."""
    return OutputFolder(Path(bpy.path.abspath(result.get(FOLDER_KEY, ""))))


def tracking_of(result: Any) -> Tracking | None:
    """What the report of the scene ``result`` tells, or None; the file is only read when it has changed."""
    report = folder_of(result).report
    try:
        changed = report.stat().st_mtime_ns
    except OSError:
        return None
    return _read(report, changed)


@lru_cache(maxsize=16)
def _read(report: Path, _changed: int) -> Tracking | None:
    try:
        told = json.loads(report.read_text(encoding="utf-8"))
        figures = told["figures"]
        # Reports of earlier versions lack some of it.
        weak = [
            Weak(int(each["first"]), int(each["last"]), str(each["reason"]), str(each["suggestion"]))
            for each in figures.get("weak_ranges", [])
        ]
        confidence = tuple(float(frame["confidence"]) for frame in told["frames"])
        lens = figures.get("focal_length_mm")
        source = figures.get("focal_length_source")
        return (
            Tracking(confidence, tuple(weak), None if lens is None else float(lens), source) if confidence else None
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
