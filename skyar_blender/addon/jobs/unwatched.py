# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs whose operator has gone with its window or its file: another operator takes them over as soon as there is one.

Also lets results stand in the file that they were made for, when it is opened again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from ..bases import own_ops, there
from . import pickups, runner

_runs: list[runner.JobQueue] = []
_SOON = 0.2


def register() -> None:
    """Watch for files that are opened."""
    bpy.app.handlers.load_post.append(_on_load)


def unregister() -> None:
    """Stop watching."""
    bpy.app.handlers.load_post.remove(_on_load)
    for act in (_hand_over, _pick_up):
        if bpy.app.timers.is_registered(act):
            bpy.app.timers.unregister(act)


def leave(run: runner.JobQueue) -> None:
    """Nobody listens to ``run`` any more."""
    _runs.append(run)
    _soon(_hand_over)


def take() -> runner.JobQueue:
    """A run that nobody listens to; there must be one."""
    return _runs.pop(0)


def any_left() -> bool:
    """Whether there is one."""
    return bool(_runs)


def _soon(act: Any) -> None:
    if not bpy.app.background and not bpy.app.timers.is_registered(act):
        bpy.app.timers.register(act, first_interval=_SOON, persistent=True)


def _hand_over() -> float | None:
    windows = there(bpy.context.window_manager).windows
    if not windows:  # Blender quits, or reads a file
        return _SOON
    while any_left():
        with bpy.context.temp_override(window=windows[0]):
            own_ops.sequencer.skyar_go_on("INVOKE_DEFAULT")
    return None


def _pick_up() -> None:
    told = pickups.pick_up()
    if not told:
        return
    run = runner.JobQueue(Path(), [])
    run.notes = told
    runner.note_end(run)
    windows = there(bpy.context.window_manager).windows
    if windows:
        with bpy.context.temp_override(window=windows[0]):
            bpy.ops.ed.undo_push(message="Replace Sky")


@bpy.app.handlers.persistent
def _on_load(*_given: Any) -> None:
    _soon(_pick_up)
    if _runs:
        _soon(_hand_over)
