# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a result: per frame, for curves, and of the whole, for comparing runs."""

from __future__ import annotations

import math
from typing import Any

from .finished import Finished

#: Name in the log -> name in a frame of the report.
PER_FRAME = {
    "matte/coverage": "coverage",
    "matte/flicker": "matte_flicker",
    "matte/confidence": "matte_confidence",
    "track/confidence": "confidence",
    "track/residual_px": "track_residual_px",
    "track/points": "track_points",
}
#: Name in the summary -> name among the figures of the report.
_WHOLE = {
    "matte/coverage_mean": "coverage_mean",
    "matte/flicker_mean": "matte_flicker",
    "matte/confidence_mean": "matte_confidence_mean",
    "matte/confidence_min": "matte_confidence_min",
    "track/confidence_mean": "confidence_mean",
    "track/confidence_min": "confidence_min",
    "track/focal_length_mm": "focal_length_mm",
    "peak_memory_mb": "peak_memory_mb",
}


def frame_rows(result: Finished) -> list[dict[str, float]]:
    """What is plotted over the frames, a row for each; figures that a frame lacks are left out."""
    light = _light_changes(result)
    rows = []
    for index, frame in enumerate(result.frames):
        row: dict[str, float] = {"frame": index}
        for name, key in PER_FRAME.items():
            if _is_number(frame.get(key)):
                row[name] = frame[key]
        if index < len(light):
            row["light/stops"] = light[index]
        rows.append(row)
    return rows


def summary_of(result: Finished) -> dict[str, float | str]:
    """Speeds, memory, and the figures that runs are compared by."""
    figures = result.figures
    found: dict[str, float | str] = {
        name: figures[key] for name, key in _WHOLE.items() if _is_number(figures.get(key))
    }
    seconds = _number(result.report.get("seconds"))
    if seconds is not None:
        found["seconds"], found["seconds_per_frame"] = seconds, seconds / max(1, len(result.frames))
    for stage, told in result.report.get("stages", {}).items():
        for name in ("seconds", "ms_per_frame", "computed", "reused"):
            if _is_number(told.get(name)):
                found[f"stages/{stage}/{name}"] = told[name]
    mismatch = sun_mismatch(result)
    if mismatch is not None:
        found["sun/mismatch_degrees"] = mismatch
        found["sun/confidence"] = figures["sun"]["confidence"]
    found["warnings"] = len(figures.get("warnings", []))
    return found


def sun_mismatch(result: Finished) -> float | None:
    """Degrees between the new sun and where the shot's light comes from; None where one of them is not known."""
    sun = result.figures.get("sun") or {}
    new, light = _number(sun.get("new_sun_at")), _number(sun.get("light_from"))
    return None if new is None or light is None else abs((new - light + 180) % 360 - 180)


def _light_changes(result: Finished) -> list[float]:
    """Stops by which the foreground's light changes, for each frame; it is found once per shot."""
    changes = result.figures.get("light") or []
    starts = [int(change.get("first_frame", 0)) for change in changes]
    found = []
    for index in range(len(result.frames) if changes else 0):
        shot = max((place for place, start in enumerate(starts) if start <= index), default=0)
        found.append(float(changes[shot].get("stops", 0.0)))
    return found


def _number(value: Any) -> float | None:
    return float(value) if _is_number(value) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
