# SPDX-License-Identifier: GPL-3.0-or-later
"""What the preferences show about the engine: the latest check, a set-up under way, the latest message.

Kept for the session only; the operators write it, the preferences draw it.
"""

from __future__ import annotations

import atexit
from typing import Protocol

from ...bridge.check import CheckReport
from ...bridge.environment import SetupProgress
from ...contract import events
from ...contract.errors import SkyarError
from ..redraw import redraw


class Task(Protocol):
    """A process of the bridge that runs while Blender stays usable."""

    @property
    def running(self) -> bool: ...

    def stop(self) -> None: ...


report: CheckReport | None = None
progress: SetupProgress | None = None
error: SkyarError | None = None
task: Task | None = None


def busy() -> bool:
    """Whether a set-up or a check is at work."""
    return task is not None and task.running


def begin(new: Task) -> None:
    """Note that ``new`` is at work; earlier results no longer count."""
    global report, progress, error, task
    report, progress, error, task = None, None, None, new
    _changed()


def finish(*, checked: CheckReport | None = None, failed: SkyarError | events.Error | None = None) -> None:
    """Note that nothing is at work any more, and how it ended."""
    global report, progress, error, task
    report, progress, task = checked, None, None
    error = failed.to_exception() if isinstance(failed, events.Error) else failed
    _changed()


def update(now: SetupProgress) -> None:
    """Note how far the set-up is."""
    global progress
    progress = now
    _changed()


def stop() -> None:
    """End whatever is at work: before the add-on is disabled and when Blender quits."""
    global task
    if task is not None:
        task.stop()
        task = None


def _changed() -> None:
    """The preferences and the tab show it."""
    redraw("PREFERENCES", "SEQUENCE_EDITOR")


atexit.register(stop)
