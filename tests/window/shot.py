# SPDX-License-Identifier: GPL-3.0-or-later
"""The shot of these steps: its strips, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy
from hand import FOLDER, key, sequencer, sequences, skyar

#: Frames of the first clip, and of the short ones.
FRAMES, SHORT = 36, 4
#: What earlier steps have seen, for later ones.
seen: dict[str, float] = {}
BLEND = FOLDER / "shot ä.blend"


def strips(kind: str = "") -> list[Any]:
    found = skyar("addon.compat").strips_of(bpy.context.scene.sequence_editor)
    return [strip for strip in found if not kind or strip.type == kind]


def named(name: str) -> Any:
    (found,) = (strip for strip in strips() if strip.name == name)
    return found


def clip() -> Any:
    return named("Clip")


def result_strip() -> Any:
    found = skyar("addon.result.link").result_of(bpy.context.scene, clip())
    assert found is not None, "the clip has no result"
    return found


def add_clip(name: str, channel: int, start: int, frames: int, path: Path = FOLDER / "clip.mp4") -> Any:
    editor = bpy.context.scene.sequence_editor_create()
    found = skyar("addon.compat").strips_of(editor)
    strip = found.new_movie(name, str(path), channel, start)
    set_frames(strip, frames)
    return strip


def connected(strip: Any) -> list[Any]:
    """What a click on ``strip`` selects beside it."""
    select(strip)
    window, region = sequences()["window"], sequences()["region"]
    start, end = skyar("addon.compat").handles(strip)
    x, y = region.view2d.view_to_region((start + end) / 2, strip.channel + 0.5, clip=False)
    with bpy.context.temp_override(window=window, area=sequencer(), region=region):
        bpy.ops.sequencer.select("EXEC_DEFAULT", mouse_x=x, mouse_y=y, deselect_all=True)
    return [each for each in strips() if each.select and each != strip]


def select(*wanted: Any) -> None:
    for strip in strips():
        strip.select = strip in wanted
    bpy.context.scene.sequence_editor.active_strip = wanted[0]


def set_frames(strip: Any, frames: int) -> None:
    """Let a strip end after so many frames."""
    if hasattr(strip, "duration"):
        strip.duration = frames
    else:
        strip.frame_final_duration = frames


def undone(as_before: Callable[[], bool]) -> Iterator[float]:
    """One step back, by the keyboard."""
    yield 1.0
    key("Z", ctrl=True)
    yield 3.0
    assert as_before(), "undo"


def redone(as_after: Callable[[], bool]) -> Iterator[float]:
    """And forth again."""
    key("Z", ctrl=True, shift=True)
    yield 3.0
    assert as_after(), "redo"
