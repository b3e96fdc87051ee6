# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured on the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import bpy
import watching
from hand import draw_all, sequences

figures: dict[str, Any] = {"blender": bpy.app.version_string}
#: Times that the window is drawn for one figure, and seconds that something plays for one.
_DRAWN, _PLAYED = 5, 6.0


def redraws() -> float:
    """The middle time of drawing the whole window anew, in seconds."""
    times = []
    for _ in range(_DRAWN):
        begun = time.monotonic()
        draw_all()
        times.append(time.monotonic() - begun)
    return round(sorted(times)[_DRAWN // 2], 3)


def note_blocks(when: str) -> None:
    """Note what stood still longest since the last time."""
    figures[f"longest block {when}, s"] = round(watching.longest_block(), 2)
    figures[f"longest of the add-on's own {when}"] = watching.longest_own()
    watching.forget()


def played(rates: list[float], seconds: float = _PLAYED) -> Iterator[float]:
    """Play for some seconds; appends the frames a second."""
    scene = bpy.context.scene
    scene.sync_mode = "NONE"
    scene.frame_set(scene.frame_start)
    seen: list[int] = []
    count = lambda scene, *_given: seen.append(scene.frame_current)  # noqa: E731
    with bpy.context.temp_override(**sequences()):
        bpy.ops.screen.animation_play()
    yield 2.0
    bpy.app.handlers.frame_change_post.append(count)
    begun = time.monotonic()
    yield seconds
    rates.append(round(len(seen) / (time.monotonic() - begun), 2))
    bpy.app.handlers.frame_change_post.remove(count)
    with bpy.context.temp_override(**sequences()):
        bpy.ops.screen.animation_cancel(restore_frame=False)
    scene.frame_set(12)
    yield 1.0


def movie_against_footage(result: Any, turns: int, name: str) -> Iterator[float]:
    """How fast the movie of ``result`` plays beside its footage: in turns, as the machine may have other work."""
    rates: dict[str, list[float]] = {"movie": [], "footage": []}
    for _ in range(turns):
        for kind, muted in (("movie", False), ("footage", True)):
            result.mute = muted
            yield from played(rates[kind])
    result.mute = False
    figures[f"frames a second, {name}"] = rates
    middle = {kind: sorted(found)[len(found) // 2] for kind, found in rates.items()}
    figures[f"movie against footage, {name}, %"] = round(100 * middle["movie"] / middle["footage"])
