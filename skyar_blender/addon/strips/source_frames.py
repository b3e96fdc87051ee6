# SPDX-License-Identifier: GPL-3.0-or-later
"""Which source frame a strip shows at each frame of the timeline."""

from __future__ import annotations

import math
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from .movie_file import fps_of
from .retimed import is_retimed, shown_frames, speed_effects

#: Rates that are closer than this are the same: single precision does not tell them apart.
_SAME = 1e-6
#: Frames by which a strip is longer or shorter than what it holds, from which on it is not shown one by one.
_OTHER = 0.5


def source_frames(strip: Any, scene: bpy.types.Scene, media_frames: int) -> list[int]:
    """Numbers, from 0, of the source frames that ``strip`` shows between its handles, one per timeline frame.

    As Blender's sequencer counts: the distance from the start of the content (from its end, when reversed), times
    the rate of the media against that of the scene, held at both ends, and rounded down to a multiple of the strobe.
    What Blender 5 shows of a slowed strip depends on what it has read before; these are the frames of a render from
    the first to the last.

    Args:
        strip: a movie or image strip.
        scene: the scene that it is in.
        media_frames: how many frames the file, or the list of images, has.

    Raises:
        SkyarError: ``unsupported`` when its rate is unclear, or its speed is changed so that frames are mixed.
    """
    if is_retimed(strip, scene):
        return shown_frames(strip, scene, media_frames)
    left, right = compat.handles(strip)
    start, length = compat.content_start(strip), compat.content_length(strip)
    trim_start, trim_end = compat.source_trim(strip)
    available = media_frames - trim_start - trim_end
    if strip.type != "MOVIE" and abs(length - available) >= _OTHER:
        # Blender 4.2 does not tell of the retiming keys of images.
        return shown_frames(strip, scene, media_frames)
    rate = _rate(strip, scene, length, available)
    frames = []
    kept: dict[int, int] = {}
    for t in range(left, right):
        index = (start + length - 1 - t if strip.use_reverse_frames else t - start) * rate
        index = min(max(index, 0.0), available - 1.0)
        if strip.strobe > 1:
            index -= math.fmod(index, strip.strobe)
        nearest = trim_start + math.floor(index + 0.5)
        frames.append(kept.setdefault(math.floor(index), nearest) if compat.KEEPS_BY_WHOLE_FRAMES else nearest)
    return frames


def _rate(strip: bpy.types.Strip, scene: bpy.types.Scene, length: float, available: int) -> float:
    """Source frames per frame of the timeline."""
    rate = fps_of(strip) * scene.render.fps_base / scene.render.fps if strip.type == "MOVIE" else 0.0
    in_time = rate > 0 and abs(length - available / rate) <= 1.0
    if abs(length - available) < _OTHER:
        # Where the rates hardly differ, both fit the length of the strip.
        differ = in_time and abs(rate - 1.0) > _SAME
        return float(rate) if differ and compat.plays_at_its_rate(scene, strip) else 1.0
    if in_time:
        return float(rate)
    raise SkyarError(
        ErrorCode.UNSUPPORTED,
        f"It cannot be told which frames the strip “{strip.name}” shows.",
        f"It takes {length:g} frames on the timeline for {available} frames of its file.",
        "Add the file to the sequencer again, or render the strip to a movie and replace the sky of that.",
    )


def retimed_by(strip: bpy.types.Strip, scene: bpy.types.Scene) -> str | None:
    """What changes the speed of ``strip``, as a sentence; None where nothing does."""
    if len(getattr(strip, "retiming_keys", ())) > 0:
        return "It has retiming keys, so its frames cannot be matched one by one with those of its file."
    for other in speed_effects(strip, scene):
        return f"The effect strip “{other.name}” changes its speed."
    return None
