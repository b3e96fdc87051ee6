# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found on the small picture, applied to the full one, as in the fast guided filter (He & Sun 2015)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import FrameRGB, Matte
from .colours import ColourLine, Floats, Size, enlarged, straightened
from .thin import LEAST, Levels, brighter, standing_out, wires

#: Rows that are worked on at once: they fit the processor's cache, and strips without an edge are left out.
_STRIP = 64
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
    size: Size = (frame.shape[1], frame.shape[0])
    weights = [enlarged(weight, size) for weight in found.line.weights]
    constant = enlarged(found.line.constant, size)
    trust, free, gaps, known = (
        _enlarged_bytes(share, size) for share in (found.trust, found.free, found.gaps, found.line.confidence)
    )
    dark = wires(frame)
    settled = trust > _SETTLED
    dark[(free == 0) | (dark <= LEAST) | settled] = 0
    gaps[settled] = 0
    dim = np.asarray(cv2.resize(found.dim, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    gapped = bool(found.gaps.max() > 0)

    def strip(top: int) -> None:
        rows = slice(top, top + _STRIP)
        touched = cv2.max(trust[rows], dark[rows])
        if gapped:
            touched = cv2.max(touched, gaps[rows])
        columns = np.flatnonzero(cv2.reduce(touched, 0, cv2.REDUCE_MAX))
        if not len(columns):
            return
        part = (rows, slice(int(columns[0]), int(columns[-1]) + 1))
        picture, result = frame[part], matte[part]
        place = constant[part]
        for weight, channel in zip(weights, cv2.split(picture), strict=True):
            slope = weight[part]
            slope *= channel
            place += slope
        place = straightened(place, found.line.bend)
        share = _share(trust[part])
        result += (place - result) * share
        bright = brighter(picture, dim[part]) if gapped else None
        if bright is not None and (among := np.nonzero(cv2.min(gaps[part], bright) > LEAST))[0].size:
            shown = np.clip((place[among] - _LEAF) / (_SKY - _LEAF), 0, 1)
            shown *= standing_out(bright[among]) * _share(gaps[part][among])
            result[among] = np.maximum(result[among], shown)
        if (thin := np.nonzero(dark[part]))[0].size:
            foreign = 1 - place[thin] * _share(known[part][thin])
            left = _share(free[part][thin]) * (1 - share[thin])
            result[thin] *= 1 - standing_out(dark[part][thin]) * foreign * left
        np.clip(result, 0, 1, out=result)

    with ThreadPoolExecutor(max(1, cv2.getNumThreads())) as threads:  # each strip is worked on by itself
        list(threads.map(strip, range(0, len(frame), _STRIP)))
    return matte


def _enlarged_bytes(share: Floats, size: Size) -> NDArray[np.uint8]:
    """A map of shares as 8-bit numbers: a quarter of the memory."""
    small = np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _share(levels: NDArray[np.uint8]) -> Floats:
    return np.asarray(levels * np.float32(1 / 255), np.float32)
