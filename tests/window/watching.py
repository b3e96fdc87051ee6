# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window stands still, and how much of that is the add-on's own."""

from __future__ import annotations

import sys
import time
from types import FrameType
from typing import Any

import bpy

_OWN = "/user_default/skyar/"
_ticks = {"last": 0.0, "longest": 0.0}
#: By the name of what Blender called: the longest time in it, in seconds, and that of the processor.
_calls: dict[str, tuple[float, float]] = {}
#: The call under way, and when it began, by the clock and by the processor's.
_under_way: tuple[FrameType, float, float] | None = None


def begin() -> None:
    """Watch from now on."""
    sys.setprofile(_note)
    bpy.app.timers.register(_tick, first_interval=0.01, persistent=True)


def end() -> None:
    """Watch no more."""
    sys.setprofile(None)
    bpy.app.timers.unregister(_tick)


def forget() -> None:
    """Begin anew."""
    _ticks.update(last=time.monotonic(), longest=0.0)
    _calls.clear()


def longest_block() -> float:
    """The longest time between two ticks since the beginning, in seconds."""
    return _ticks["longest"]


def longest_own() -> dict[str, str]:
    """What of the add-on took longest in one go: by name, time that passed and time of the processor."""
    longest = sorted(_calls.items(), key=lambda each: -each[1][1])[:5]
    return {name: f"{passed:.3f} s, processor {used:.3f} s" for name, (passed, used) in longest}


def _tick() -> float:
    """Called as often as Blender can: the longest wait is the longest block."""
    now = time.monotonic()
    _ticks["longest"] = max(_ticks["longest"], now - _ticks["last"])
    _ticks["last"] = now
    return 0.01


def _note(frame: FrameType, event: str, _given: Any) -> None:
    """Called by Python at each call and return: takes down those that come from outside of the add-on."""
    global _under_way
    if _under_way is None:
        if event == "call" and _OWN in frame.f_code.co_filename:
            _under_way = frame, time.monotonic(), time.thread_time()
    elif event == "return" and frame is _under_way[0]:
        _, passed, used = _under_way
        _under_way = None
        name = f"{frame.f_globals.get('__name__', '').rpartition('.')[2]}.{frame.f_code.co_qualname}"
        now = (time.monotonic() - passed, time.thread_time() - used)
        _calls[name] = max(_calls.get(name, (0.0, 0.0)), now, key=lambda each: each[1])
