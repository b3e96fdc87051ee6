# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found on the small picture, applied to the full one, as in the fast guided filter (He & Sun 2015)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from ...types import FrameRGB, Matte
from .colours import ColourLine, Floats, straighten
from .space import SPACE
from .thin import RISING, Levels

#: Rows that are worked on at once: what is in hand fits the processor's cache.
_STRIP = 128
#: Trust, of 255, from which the colour line has the last word.
_SETTLED = 170
#: Place on the colour line up to which a bright spot among leaves is a leaf, and from which it is sky.
_LEAF, _SKY = 0.65, 0.95
#: Memory of one thread for a strip: three of floats, one of levels.
_Spaces: TypeAlias = tuple[Floats, Floats, Floats, Levels]


@dataclass(frozen=True)
class Findings:
    """Small maps, 0..1: ``trust``, how far the colour line decides; ``free``, where the coarse matte may have missed
    wires; ``gaps``, where leaves may have gaps. Of the frame's size: ``dark`` and ``bright``, by how many grey levels
    thin things stand out from what is around them; both are used up."""

    line: ColourLine
    trust: Floats
    free: Floats
    gaps: Floats
    dark: Levels
    bright: Levels


def apply(frame: FrameRGB, matte: Matte, found: Findings) -> Matte:
    """Correct a matte of the frame's size in place, and give it back."""
    line, shape = found.line, frame.shape[:2]
    weights = [SPACE.enlarged(f"weight {k}", weight, shape) for k, weight in enumerate(line.weights)]
    constant = SPACE.enlarged("constant", line.constant, shape)
    trust, free, gaps, known = (
        SPACE.enlarged(name, _bytes(share), shape)
        for name, share in (
            ("trust", found.trust), ("free", found.free), ("gaps", found.gaps), ("known", line.confidence)
        )
    )  # fmt: skip
    dark, bright = found.dark, found.bright
    touched, settled = (SPACE.bytes(name, shape) for name in ("touched", "settled"))
    cv2.threshold(trust, _SETTLED, 255, cv2.THRESH_BINARY, dst=settled)
    _keep_standing(dark, free, settled)
    _keep_standing(bright, gaps, settled)
    cv2.max(trust, cv2.max(dark, bright, dst=touched), dst=touched)

    def strip(top: int, spaces: _Spaces) -> None:
        rows = slice(top, min(top + _STRIP, shape[0]))
        if not cv2.countNonZero(touched[rows]):
            return
        used = slice(0, rows.stop - top)
        first, second, third, levels = spaces[0][used], spaces[1][used], spaces[2][used], spaces[3][used]
        place = constant[rows]
        for k, weight in enumerate(weights):
            np.copyto(first, cv2.extractChannel(frame[rows], k, dst=levels))
            first *= weight[rows]
            place += first
        straighten(place, line.bend, first)
        share = _share(trust[rows], second)
        result = matte[rows]
        np.subtract(place, result, out=first)
        first *= share
        result += first
        if cv2.countNonZero(bright[rows]):
            shown = np.subtract(place, np.float32(_LEAF), out=first)
            shown *= np.float32(1 / (_SKY - _LEAF))
            np.clip(shown, 0, 1, out=shown)
            shown *= _share(bright[rows], third)
            np.maximum(result, shown, out=result)
        if cv2.countNonZero(dark[rows]):
            place *= _share(known[rows], first)
            np.subtract(1, place, out=place)
            place *= _share(dark[rows], first)
            np.subtract(1, share, out=share)
            place *= share
            result *= np.subtract(1, place, out=place)
        np.clip(result, 0, 1, out=result)

    number = max(1, cv2.getNumThreads())

    def strips(thread: int, spaces: _Spaces) -> None:
        for top in range(thread * _STRIP, shape[0], number * _STRIP):
            strip(top, spaces)

    with ThreadPoolExecutor(number) as threads:  # each strip is worked on by itself
        list(threads.map(strips, range(number), [_spaces(thread, shape[1]) for thread in range(number)]))
    return matte


def _spaces(thread: int, width: int) -> _Spaces:
    first, second, third = (SPACE.floats(f"strip {k} of {thread}", (_STRIP, width)) for k in range(3))
    return first, second, third, SPACE.bytes(f"strip of {thread}", (_STRIP, width))


def _keep_standing(levels: Levels, where: Levels, settled: Levels) -> None:
    """Grey levels to how far they stand out (0..255), times ``where``; 0 what is 255 in ``settled``."""
    cv2.LUT(levels, RISING, dst=levels)
    cv2.multiply(levels, where, dst=levels, scale=1 / 255)
    cv2.subtract(levels, settled, dst=levels)


def _bytes(share: Floats) -> Levels:
    """Shares as 8-bit numbers: a quarter of the memory."""
    return np.asarray(np.rint(np.clip(share, 0, 1) * 255), np.uint8)


def _share(levels: Levels, into: Floats) -> Floats:
    np.copyto(into, levels)
    into *= np.float32(1 / 255)
    return into
