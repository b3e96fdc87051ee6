# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies that follow the sliders: when those of a result rest, its movie is made anew in the background.

It is no step to undo and no operator's: an undo takes back the sliders, not the movie. What was made for other
settings is never shown for these (:func:`..result.movie.is_stale`).
"""

from __future__ import annotations

import time
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from ..preferences.preferences import engine_python, preferences
from ..redraw import redraw_sequencers
from ..result import movie_or_nodes
from ..result.movie import is_stale
from . import runner
from .bake import Baked, plan_bake

#: So long nothing must have been changed, in seconds.
REST = 3.0
_BETWEEN_LOOKS = 0.25
#: Names of the results' scenes whose movie gave way to the nodes, and when these were last changed.
_changed: dict[str, float] = {}
_run: runner.JobQueue | None = None


def register() -> None:
    """Listen for changes."""
    movie_or_nodes.on_change.append(note_change)
    movie_or_nodes.on_choice.append(forget)
    bpy.app.handlers.load_post.append(_on_load)


def unregister() -> None:
    """Stop listening, and whatever is at work."""
    movie_or_nodes.on_change.remove(note_change)
    movie_or_nodes.on_choice.remove(forget)
    bpy.app.handlers.load_post.remove(_on_load)
    _on_load()
    if bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)


def note_change(result_scene: Any, gave_way: bool) -> None:
    """The nodes of a result were changed. ``gave_way``: its movie was shown until now."""
    name, baking = result_scene.name, _baking()
    if not gave_way and name not in _changed and name != baking:
        return  # the nodes were chosen, so nobody waits for a movie
    _changed[name] = time.monotonic()
    if _run is not None and name == baking:
        _run.cancel()
    if not bpy.app.background and not bpy.app.timers.is_registered(_look):
        bpy.app.timers.register(_look, first_interval=_BETWEEN_LOOKS, persistent=True)


def forget(result_scene: Any) -> None:
    """The person chose what is shown of a result."""
    _changed.pop(result_scene.name, None)


def look(now: float) -> bool:
    """Go on with what is to be done at ``now``, by the clock of :func:`time.monotonic`; whether there is more."""
    if _run is not None:
        _go_on(_run)
    elif not _held():
        for name, changed in list(_changed.items()):
            if now - changed >= REST:
                _begin(name)
                break
    return bool(_run is not None or _changed)


def _look() -> float | None:
    return _BETWEEN_LOOKS if look(time.monotonic()) else None


def _baking() -> str:
    """Name of the scene of the result whose movie is being made; empty where there is none."""
    return _run.current.result if _run is not None and isinstance(_run.current, Baked) else ""


def _held() -> bool:
    """Whether the computer has something else to do."""
    screens = [window.screen for manager in bpy.data.window_managers for window in manager.windows]
    plays = any(screen.is_animation_playing for screen in screens)
    return runner.busy() or bool(runner.waiting) or plays or bpy.app.is_job_running("RENDER")


def _begin(name: str) -> None:
    global _run
    del _changed[name]
    chosen = preferences()
    found = [(scene, strip) for scene, strip in movie_or_nodes.results() if strip.scene.name == name]
    if not found or chosen is None or not chosen.automatic_bake or not is_stale(found[0][1].scene):
        return
    try:
        run = runner.JobQueue(engine_python(), [plan_bake(*found[0])], "Bake")
        run.gives_way = run.dismissed = True  # nobody asked for it, so it has nothing to say
        run.start()
    except (SkyarError, ValueError):
        return  # the nodes are shown; the button Bake says what stands in the way
    _run = run
    redraw_sequencers()


def _go_on(run: runner.JobQueue) -> None:
    global _run
    if not run.current.file_is_open:
        run.cancel()
    try:
        for _ in run.poll():
            pass
    except SkyarError as error:
        if error.code is not ErrorCode.CANCELLED:
            run.failure, run.dismissed = error, False
            run.warnings.clear()
            runner.note_end(run)
    except BaseException:
        _run = None
        run.stop()
        raise
    if not run.running:
        if run.gave_way:
            _changed[_baking()] = time.monotonic()  # once more, when the other is through
        _run = None
    redraw_sequencers()


@bpy.app.handlers.persistent
def _on_load(*_given: Any) -> None:
    _changed.clear()
    if _run is not None:
        _run.cancel()
