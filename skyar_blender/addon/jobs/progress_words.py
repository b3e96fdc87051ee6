# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of a run while it goes on."""

from __future__ import annotations

from ...contract import events
from ..translations.say import duration, say
from .runner import JobQueue

#: Names of the steps; ``check``: the files of an earlier run are compared.
STEPS = {
    "check": "Files of the earlier run",
    "matte": "Mattes",
    "track": "Camera's motion",
    "second_look": "Second look",
    "plate": "Clean plates",
    "sun": "Shot's light",
    "sky": "New sky",
    "light": "Light",
    "grain": "Grain",
    "rain": "Rain",
    "reflections": "Reflections",
    "preview": "Movies",
}


def step_text(now: events.Progress | None) -> str:
    """Which step is at work, and at which of its frames where these are counted just now."""
    if now is None:
        return say("Starting")
    name = say(STEPS.get(now.stage, now.stage))
    counted = 0 < now.frame < now.total
    return say("{step}: {frame} of {total}", step=name, frame=now.frame, total=now.total) if counted else f"{name}..."


def left_text(now: events.Progress | None) -> str:
    """How long it still takes; empty where that is not known."""
    return "" if now is None or now.seconds_left is None else say("{time} left", time=duration(now.seconds_left))


def status_text(run: JobQueue) -> str:
    """What is done on which strip, the step, how far, and how long still, on one line."""
    parts = [f"{say(run.title)}: {run.current.strip}"]
    if len(run.replacements) > 1:
        parts[0] += f" ({run.shown + 1}/{len(run.replacements)})"
    if run.silent_for is not None:
        return ", ".join((*parts, say("no answer from the engine for {time}", time=duration(run.silent_for))))
    parts.append(step_text(run.progress))
    if run.progress is not None:
        parts.append(f"{round(100 * run.fraction)} %")
    return ", ".join(filter(None, (*parts, left_text(run.progress))))
