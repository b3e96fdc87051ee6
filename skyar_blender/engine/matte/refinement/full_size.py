# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found on the small image, applied to the full one, as in the fast guided filter (He & Sun 2015)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from ...types import Float32Array, FrameRGB, Matte
from .colours import ColourLine, straighten
from .scratch_buffers import SCRATCH
from .thin import RISING, Levels

#: Rows that are worked on at once: what is in hand fits the processor's cache.
_STRIP = 128
#: Trust, of 255, from which the colour line has the last word.
SETTLED = 170
#: Place on the colour line up to which a bright spot among leaves is a leaf, and from which it is sky.
LEAF = 0.65
SKY = 0.95
#: Memory of one thread for a strip: three of floats, one of levels.
_Scratch: TypeAlias = tuple[Float32Array, Float32Array, Float32Array, Levels]


@dataclass(frozen=True)
class Findings:
    """Small maps, 0..1: ``trust``, how far the colour line decides; ``free``, where the coarse matte may have missed
    wires; ``gaps``, where leaves may have gaps. Of the frame's size: ``dark`` and ``bright``, by how many grey levels
    thin things stand out from what is around them; both are used up."""

    line: ColourLine
    trust: Float32Array
    free: Float32Array
    gaps: Float32Array
    dark: Levels
    bright: Levels


def apply(frame: FrameRGB, matte: Matte, found: Findings) -> Matte:
    """Correct a matte of the frame's size in place, and give it back."""
    line, shape = found.line, frame.shape[:2]
    weights = [SCRATCH.enlarged(f"weight {k}", weight, shape) for k, weight in enumerate(line.weights)]
    constant = SCRATCH.enlarged("constant", line.constant, shape)
    trust, free, gaps, known = (
        SCRATCH.enlarged(name, _bytes(fraction), shape)
        for name, fraction in (
            ("trust", found.trust), ("free", found.free), ("gaps", found.gaps), ("known", line.confidence)
        )
    )  # fmt: skip
    dark, bright = found.dark, found.bright
    touched, settled = (SCRATCH.bytes(name, shape) for name in ("touched", "settled"))
    cv2.threshold(trust, SETTLED, 255, cv2.THRESH_BINARY, dst=settled)
    _keep_standing(dark, free, settled)
    _keep_standing(bright, gaps, settled)
    cv2.max(trust, cv2.max(dark, bright, dst=touched), dst=touched)

    def strip(top: int, scratch: _Scratch) -> None:
        rows = slice(top, min(top + _STRIP, shape[0]))
        if not cv2.countNonZero(touched[rows]):
            return
        used = slice(0, rows.stop - top)
        first, second, third, levels = scratch[0][used], scratch[1][used], scratch[2][used], scratch[3][used]
        place = constant[rows]
        for k, weight in enumerate(weights):
            np.copyto(first, cv2.extractChannel(frame[rows], k, dst=levels))
            first *= weight[rows]
            place += first
        straighten(place, line.bend, first)
        fraction = _fraction(trust[rows], second)
        result = matte[rows]
        np.subtract(place, result, out=first)
        first *= fraction
        result += first
        if cv2.countNonZero(bright[rows]):
            shown = np.subtract(place, np.float32(LEAF), out=first)
            shown *= np.float32(1 / (SKY - LEAF))
            np.clip(shown, 0, 1, out=shown)
            shown *= _fraction(bright[rows], third)
            np.maximum(result, shown, out=result)
        if cv2.countNonZero(dark[rows]):
            place *= _fraction(known[rows], first)
            np.subtract(1, place, out=place)
            place *= _fraction(dark[rows], first)
            np.subtract(1, fraction, out=fraction)
            place *= fraction
            result *= np.subtract(1, place, out=place)
        np.clip(result, 0, 1, out=result)

    number = max(1, cv2.getNumThreads())

    def strips(thread: int, scratch: _Scratch) -> None:
        for top in range(thread * _STRIP, shape[0], number * _STRIP):
            strip(top, scratch)

    with ThreadPoolExecutor(number) as threads:  # each strip is worked on by itself
        list(threads.map(strips, range(number), [_spaces(thread, shape[1]) for thread in range(number)]))
    return matte


def _spaces(thread: int, width: int) -> _Scratch:
    first, second, third = (SCRATCH.floats(f"strip {k} of {thread}", (_STRIP, width)) for k in range(3))
    return first, second, third, SCRATCH.bytes(f"strip of {thread}", (_STRIP, width))


def _keep_standing(levels: Levels, where: Levels, settled: Levels) -> None:
    """Grey levels to how far they stand out (0..255), times ``where``; 0 what is 255 in ``settled``."""
    cv2.LUT(levels, RISING, dst=levels)
    cv2.multiply(levels, where, dst=levels, scale=1 / 255)
    cv2.subtract(levels, settled, dst=levels)


def _bytes(fraction: Float32Array) -> Levels:
    """Shares as 8-bit numbers: a quarter of the memory."""
    return np.asarray(np.rint(np.clip(fraction, 0, 1) * 255), np.uint8)


def _fraction(levels: Levels, into: Float32Array) -> Float32Array:
    np.copyto(into, levels)
    into *= np.float32(1 / 255)
    return into
