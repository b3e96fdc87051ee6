# SPDX-License-Identifier: GPL-3.0-or-later
"""An artist's hand and eyes in a Blender with a window: buttons, keys, mouse, and pictures of the screen."""

from __future__ import annotations

import importlib
import shutil
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy

_given = sys.argv[sys.argv.index("--") + 1 :]
CLIP, FOLDER, SCREEN, ZIP, COUNTER = (Path(each) for each in _given[:5])
PARTS = [name for given in _given[5:] for name in given.split(",") if name]


def skyar(name: str) -> ModuleType:
    """The add-on's module ``name`` inside ``skyar_blender``."""
    return importlib.import_module(f"bl_ext.user_default.skyar.skyar_blender.{name}")


def sequencer(preview: bool = False) -> Any:
    """The area of the timeline, or of the preview."""
    kinds = ("PREVIEW",) if preview else ("SEQUENCER", "SEQUENCER_PREVIEW")
    for area in bpy.context.window_manager.windows[0].screen.areas:
        if area.type == "SEQUENCE_EDITOR" and area.spaces.active.view_type in kinds:
            return area
    raise AssertionError("no such area")


def sequences() -> dict[str, Any]:
    """The timeline, for an operator."""
    area = sequencer()
    region = next(region for region in area.regions if region.type == "WINDOW")
    return {"window": bpy.context.window_manager.windows[0], "area": area, "region": region}


def preview_region() -> Any:
    return next(region for region in sequencer(preview=True).regions if region.type == "PREVIEW")


def click(operator: str, **options: Any) -> None:
    """Press a button of the tab."""
    module, _, name = operator.partition(".")
    with bpy.context.temp_override(**sequences()):
        getattr(getattr(bpy.ops, module), name)("INVOKE_DEFAULT", **options)


def act(operator: str, **options: Any) -> None:
    """Let one of Blender's own operators change the timeline: a step that can be undone."""
    module, _, name = operator.partition(".")
    with bpy.context.temp_override(**sequences()):
        getattr(getattr(bpy.ops, module), name)("EXEC_DEFAULT", **options)
    bpy.ops.ed.undo_push(message=name)


def key(name: str, ctrl: bool = False, shift: bool = False, region: Any = None) -> None:
    """Press and release a key with the mouse over the timeline, or another region."""
    window, region = sequences()["window"], region or sequences()["region"]
    x, y = region.x + region.width // 2, region.y + region.height // 2
    window.event_simulate(type="MOUSEMOVE", value="NOTHING", x=x, y=y)
    for value in ("PRESS", "RELEASE"):
        window.event_simulate(type=name, value=value, x=x, y=y, ctrl=ctrl, shift=shift)


def drag(region: Any, *places: tuple[float, float]) -> Iterator[float]:
    """Hold the left button from place to place, each 0..1 across and up the region."""
    window = sequences()["window"]
    points = [(round(region.x + x * region.width), round(region.y + y * region.height)) for x, y in places]
    window.event_simulate(type="MOUSEMOVE", value="NOTHING", x=points[0][0], y=points[0][1])
    yield 0.2
    window.event_simulate(type="LEFTMOUSE", value="PRESS", x=points[0][0], y=points[0][1])
    for x, y in points[1:]:
        yield 0.2
        window.event_simulate(type="MOUSEMOVE", value="NOTHING", x=x, y=y)
    yield 0.2
    window.event_simulate(type="LEFTMOUSE", value="RELEASE", x=points[-1][0], y=points[-1][1])
    yield 0.5


def until(there: Callable[[], bool], seconds: float) -> Iterator[float]:
    """Wait for it."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        yield 0.05


def brightness() -> float:
    """Mean level of the preview on the screen, 0..255."""
    sequencer(preview=True).tag_redraw()
    region = preview_region()
    data = SCREEN.read_bytes()
    header = struct.unpack(">25I", data[:100])
    start, stride = header[0] + 12 * header[19], header[12]
    levels = [
        data[start + (header[5] - 1 - y) * stride + 4 * x + 1]
        for y in range(region.y + region.height // 3, region.y + 2 * region.height // 3, 5)
        for x in range(region.x + region.width // 3, region.x + 2 * region.width // 3, 5)
    ]
    return sum(levels) / len(levels)


def draw_all() -> None:
    """Draw the whole window anew, and wait for it."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            area.tag_redraw()
    with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
        bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=1)


def picture(name: str) -> None:
    """Keep what the screen shows."""
    draw_all()
    shutil.copyfile(SCREEN, FOLDER / f"{len(list(FOLDER.glob('*.xwd'))) + 1:02d}_{name}.xwd")
    print(f"step {name}", flush=True)
