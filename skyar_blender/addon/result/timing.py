# SPDX-License-Identifier: GPL-3.0-or-later
"""Where on the timeline a result shows the frames of its job, after it was moved, trimmed, cut or turned round."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat


def start_of(strip: bpy.types.Strip) -> int:
    """Timeline frame at which the job's first frame lies, were the Scene strip ``strip`` long enough to show it."""
    return round(compat.content_start(strip)) - compat.source_trim(strip)[0]


def timeline_frame(strip: bpy.types.Strip, first: int, last: int) -> int | None:
    """The timeline frame at which ``strip`` shows frame ``first`` of the job, or the next up to ``last``.

    Both count from 0. None where it shows none of them. The strip plays at its own speed.
    """
    left, right = compat.handles(strip)
    shown = sorted((_index(strip, left), _index(strip, right - 1)))
    index = max(first, shown[0])
    return _time(strip, index) if index <= min(last, shown[1]) else None


def frame_of(strip: bpy.types.Strip, time: int) -> int | None:
    """The frame of the job, counted from 0, that ``strip`` shows at the timeline frame ``time``; None outside it."""
    left, right = compat.handles(strip)
    return _index(strip, time) if left <= time < right else None


def _index(strip: Any, time: int) -> int:
    return _start_reversed(strip) - time if strip.use_reverse_frames else time - start_of(strip)


def _time(strip: Any, index: int) -> int:
    return _start_reversed(strip) - index if strip.use_reverse_frames else start_of(strip) + index


def _start_reversed(strip: bpy.types.Strip) -> int:
    """Timeline frame at which the job's first frame lies in a strip that is played backwards."""
    content = round(compat.content_start(strip)) + round(compat.content_length(strip)) - 1
    return content + compat.source_trim(strip)[0]
