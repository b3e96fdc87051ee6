# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures of a result: per frame, for curves, and of the whole, for comparing runs."""

from __future__ import annotations

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
            if (value := getattr(frame, key)) is not None:
                row[name] = value
        if index < len(light):
            row["light/stops"] = light[index]
        rows.append(row)
    return rows


def summary_of(result: Finished) -> dict[str, float | str]:
    """Speeds, memory, and the figures that runs are compared by."""
    figures = result.figures
    found: dict[str, float | str] = {
        name: value for name, key in _WHOLE.items() if (value := getattr(figures, key)) is not None
    }
    seconds = result.report.seconds
    if seconds is not None:
        found["seconds"], found["seconds_per_frame"] = seconds, seconds / max(1, len(result.frames))
    for stage, row in result.report.stages.items():
        for name in ("seconds", "ms_per_frame", "computed", "reused"):
            found[f"stages/{stage}/{name}"] = getattr(row, name)
    mismatch = sun_mismatch(result)
    if mismatch is not None and figures.sun is not None:
        found["sun/mismatch_degrees"] = mismatch
        found["sun/confidence"] = figures.sun.confidence
    found["warnings"] = len(figures.warnings)
    return found


def sun_mismatch(result: Finished) -> float | None:
    """Degrees between the new sun and where the shot's light comes from; None where one of them is not known."""
    sun = result.figures.sun
    if sun is None or sun.new_sun_at is None:
        return None
    return abs((sun.new_sun_at - sun.light_from + 180) % 360 - 180)


def _light_changes(result: Finished) -> list[float]:
    """Stops by which the foreground's light changes, for each frame; it is found once per shot."""
    changes = result.figures.light or []
    starts = [change.first_frame for change in changes]
    found = []
    for index in range(len(result.frames) if changes else 0):
        shot = max((place for place, start in enumerate(starts) if start <= index), default=0)
        found.append(changes[shot].stops)
    return found
