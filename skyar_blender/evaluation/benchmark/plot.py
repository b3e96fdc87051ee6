# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of each run goes, as an image."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ...engine.types import FrameRGB
from .timing import Timing

_WIDTH = 1200
_LINE = 64
_LEFT = 250
_RIGHT = 40
_GROUND = (29, 29, 29)
_WORDS = (215, 215, 215)
_FLOOR = (255, 255, 255)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SMALL = 0.45
#: One colour per stage, in their order, again from the first where there are more.
_COLOURS = (
    (110, 110, 110),
    (87, 148, 242),
    (115, 191, 105),
    (242, 204, 12),
    (255, 120, 80),
    (184, 119, 217),
    (86, 196, 196),
    (160, 160, 160),
)


def stages_plot(timings: Sequence[Timing]) -> FrameRGB:
    """One bar per run, of ms a frame by the clock, split into stages; a white mark is the floor. (H, 1200, 3)."""
    names = list(dict.fromkeys(name for timing in timings for name in timing.run.stages))
    colours = {name: _COLOURS[index % len(_COLOURS)] for index, name in enumerate(names)}
    image = np.full((_LINE * len(timings) + 70, _WIDTH, 3), _GROUND, np.uint8)
    for row, timing in enumerate(timings):
        top, frames = 20 + row * _LINE, timing.setup.frames
        scale = (_WIDTH - _LEFT - _RIGHT) / timing.run.seconds
        left = float(_LEFT)
        for name, times in timing.run.stages.items():
            right = left + times.wall * scale
            cv2.rectangle(image, (round(left), top), (round(right) - 1, top + 34), colours[name], -1)
            left = right
        floor = round(_LEFT + timing.floor.wall * scale)
        cv2.rectangle(image, (floor - 1, top - 5), (floor + 1, top + 39), _FLOOR, -1)
        width, height = timing.setup.size
        cores = "" if timing.setup.cores is None else f", {timing.setup.cores} cores"
        _write(image, f"{width}x{height}, {frames}{cores}", (14, top + 14))
        _write(image, f"{1000 * timing.run.seconds / frames:.0f} ms a frame", (14, top + 32))
    at = _LEFT
    for name in names:
        cv2.rectangle(image, (at, len(image) - 32), (at + 12, len(image) - 20), colours[name], -1)
        _write(image, name, (at + 18, len(image) - 20))
        at += 34 + 9 * len(name)
    return image


def _write(image: FrameRGB, words: str, place: tuple[int, int]) -> None:
    cv2.putText(image, words, place, _FONT, _SMALL, _WORDS, 1, cv2.LINE_AA)
