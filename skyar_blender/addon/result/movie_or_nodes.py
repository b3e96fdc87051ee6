# SPDX-License-Identifier: GPL-3.0-or-later
"""When results show their movies, and when their nodes.

Movies are for the window alone. A render has the nodes, and so has every file that is saved: whoever renders it,
with or without this add-on, never gets a movie by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import bpy

from .. import compat
from .link import KEY
from .movie import PLAYS_KEY, is_stale, show_movie, show_nodes, shows_movie, why_not

#: Called when the nodes of a result were changed, with its scene and whether its movie gave way to them.
on_change: list[Callable[[Any, bool], None]] = []
#: Called with the scene of a result when a person chooses what is shown of it.
on_choice: list[Callable[[Any], None]] = []


#: Results, by their identifiers, whose movie was shown and not put away by hand; undo does not reach that.
_watched_as_movies: set[str] = set()


def register() -> None:
    """Watch for renders, and for files that are opened and saved."""
    handlers = bpy.app.handlers
    for moments, act in _watched(handlers):
        moments.append(act)


def unregister() -> None:
    """Stop watching; all results show their nodes."""
    handlers = bpy.app.handlers
    for moments, act in _watched(handlers):
        moments.remove(act)
    all_nodes()


def plays(strip: Any) -> bool:
    """Whether a result's Scene strip is to show its movie."""
    return bool(strip.get(PLAYS_KEY, False))


def set_plays(scene: Any, strip: Any, movie: bool) -> None:
    """Let the Scene strip ``strip`` of ``scene`` show its movie, or its nodes, from now on."""
    strip[PLAYS_KEY] = movie
    if movie:
        _watched_as_movies.add(str(strip.scene.get(KEY)))
        show_movie(scene, strip)
    else:
        show_nodes(strip)


def all_nodes() -> None:
    """Let all results show their nodes for now."""
    for _, strip in results():
        show_nodes(strip)


def as_wanted() -> None:
    """Let all results show what they are to show."""
    for scene, strip in results():
        if plays(strip) and not why_not(scene, strip):
            set_plays(scene, strip, True)


def choose(scene: Any, strip: Any, movie: bool) -> None:
    """A person chooses what the Scene strip ``strip`` of ``scene`` shows."""
    for told in on_choice:
        told(strip.scene)
    if not movie:
        _watched_as_movies.discard(str(strip.scene.get(KEY)))
    set_plays(scene, strip, movie)


def nodes_where_changed(result_scene: Any) -> None:
    """The nodes of a result were changed: its movie shows something else now, so it gives way."""
    gave_way = False
    for scene, strip in results():
        if strip.scene == result_scene and shows_movie(strip) and why_not(scene, strip):
            set_plays(scene, strip, False)
            gave_way = True
    _tell_of_change(result_scene, gave_way)


def _tell_of_change(result_scene: Any, gave_way: bool) -> None:
    for told in on_change:
        told(result_scene, gave_way)


def movie_follows(result: Any) -> None:
    """A result was brought up to date: where its movie is to be shown and there is none of it, one is to be made."""
    if plays(result) and not shows_movie(result) and is_stale(result.scene):
        _tell_of_change(result.scene, gave_way=True)


def results() -> Iterator[tuple[Any, Any]]:
    """The Scene strips that show results, each with the scene that it is in."""
    for scene in bpy.data.scenes:
        for strip in compat.all_strips(scene.sequence_editor) if scene.sequence_editor else ():
            if strip.type == "SCENE" and strip.scene is not None and KEY in strip.scene:
                yield scene, strip


def _watched(handlers: Any) -> list[tuple[Any, Any]]:
    return [
        (handlers.render_init, _nodes),
        (handlers.render_complete, _later),
        (handlers.render_cancel, _later),
        (handlers.save_pre, _nodes),
        (handlers.save_post, _wanted),
        (handlers.save_post_fail, _wanted),
        (handlers.load_post, _wanted),
        (handlers.undo_post, _after_undo),
        (handlers.redo_post, _after_undo),
    ]


@bpy.app.handlers.persistent
def _nodes(*_given: Any) -> None:
    all_nodes()


@bpy.app.handlers.persistent
def _wanted(*_given: Any) -> None:
    if bpy.app.background:
        all_nodes()  # a file that Blender saved by itself in the meantime
    else:
        as_wanted()


@bpy.app.handlers.persistent
def _later(*_given: Any) -> None:
    """A render ends in a thread of its own."""
    if not bpy.app.background:
        bpy.app.timers.register(as_wanted, first_interval=0.1)


@bpy.app.handlers.persistent
def _after_undo(*_given: Any) -> None:
    if not bpy.app.background:
        bpy.app.timers.register(bring_back, first_interval=0.1)


def bring_back() -> None:
    """Undo has taken movies back that were made in the background: they are shown again, or made if there is none."""
    for scene, strip in results():
        if str(strip.scene.get(KEY)) not in _watched_as_movies or shows_movie(strip):
            continue
        if why_not(scene, strip):
            _tell_of_change(strip.scene, gave_way=True)
        else:
            set_plays(scene, strip, True)
