# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found on the small picture, applied to the full one, as in the fast guided filter (He & Sun 2015)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import FrameRGB, Matte
from .colours import ColourLine, Floats, straightened
from .space import SPACE
from .thin import LEAST, Levels, as_grey, standing_out, wires

#: Rows that are worked on at once: what is in hand fits the processor's cache.
_STRIP = 64
#: Share of a strip's pixels from which all are worked on, as to pick them out costs more than it saves.
_MANY = 0.5
#: Trust, of 255, from which the colour line has the last word.
_SETTLED = 170
#: Place on the colour line up to which a bright spot among leaves is a leaf, and from which it is sky.
_LEAF, _SKY = 0.65, 0.95


@dataclass(frozen=True)
class Findings:
    """Small maps, 0..1: ``trust``, how far the colour line decides; ``free``, where the coarse matte may have missed
    wires; ``gaps``, where leaves may have gaps. ``dim``: grey levels around bright spots, of any size."""

    line: ColourLine
    trust: Floats
    free: Floats
    gaps: Floats
    dim: Levels


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
    grey = as_grey(frame, SPACE.bytes("grey", shape))
    dark, bright, touched = (SPACE.bytes(name, shape) for name in ("dark", "bright", "touched"))
    settled = _compared(trust, _SETTLED, cv2.CMP_GT, "settled")
    _keep_standing(wires(grey, dark), free, settled)
    cv2.subtract(grey, SPACE.enlarged("dim", found.dim, shape), dst=bright)
    _keep_standing(bright, gaps, settled)
    cv2.max(trust, cv2.max(dark, bright, dst=touched), dst=touched)

    def strip(top: int) -> None:
        rows = slice(top, top + _STRIP)
        pixels = np.flatnonzero(touched[rows] > 0)  # quicker of truth values than of numbers
        if not len(pixels):
            return
        at = pixels if len(pixels) < _MANY * touched[rows].size else None

        def of(maps: NDArray[Any], some: NDArray[np.intp] | None = None) -> NDArray[Any]:
            """The strip's pixels that are worked on, or some of those; a view where it is the whole strip."""
            flat = maps[rows].reshape(-1, *maps.shape[2:])
            chosen = at if some is None else some if at is None else at[some]
            return flat if chosen is None else flat.take(chosen, axis=0)

        picture = of(frame)
        place = of(constant)
        for k, weight in enumerate(weights):
            slope = of(weight)
            slope *= picture[:, k]
            place += slope
        place = straightened(place, line.bend)
        share = _share(of(trust))
        result = of(matte)
        result += (place - result) * share
        if len(some := np.flatnonzero(of(bright))):
            shown = np.clip((place[some] - _LEAF) / (_SKY - _LEAF), 0, 1)
            shown *= standing_out(of(bright, some)) * _share(of(gaps, some))
            result[some] = np.maximum(result[some], shown)
        if len(some := np.flatnonzero(of(dark))):
            foreign = 1 - place[some] * _share(of(known, some))
            left = _share(of(free, some)) * (1 - share[some])
            result[some] *= 1 - standing_out(of(dark, some)) * foreign * left
        np.clip(result, 0, 1, out=result)
        if at is not None:
            matte[rows].reshape(-1)[at] = result

    with ThreadPoolExecutor(max(1, cv2.getNumThreads())) as threads:  # each strip is worked on by itself
        list(threads.map(strip, range(0, len(frame), _STRIP)))
    return matte


def _keep_standing(levels: Levels, where: Levels, settled: Levels) -> None:
    """Make 0 what does not stand out, what is 0 in ``where`` and what is 255 in ``settled``."""
    cv2.threshold(levels, LEAST, 255, cv2.THRESH_TOZERO, dst=levels)
    shut = _compared(where, 0, cv2.CMP_EQ, "shut")
    cv2.subtract(levels, cv2.max(shut, settled, dst=shut), dst=levels)


def _compared(levels: Levels, with_: int, how: int, name: str) -> Levels:
    """255 where the comparison holds, in the memory of that name."""
    space = SPACE.bytes(name, levels.shape[:2])
    cv2.compare(levels, with_, how, dst=space)  # type: ignore[call-overload]
    return space


def _bytes(share: Floats) -> Levels:
    """Shares as 8-bit numbers: a quarter of the memory."""
    return np.asarray(np.rint(np.clip(share, 0, 1) * 255), np.uint8)


def _share(levels: NDArray[np.uint8]) -> Floats:
    return np.asarray(levels * np.float32(1 / 255), np.float32)
