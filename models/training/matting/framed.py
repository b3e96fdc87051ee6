# SPDX-License-Identifier: GPL-3.0-or-later
"""Sky with things all round it: courtyards, clearings, streets that a camera looks up from."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

Random = np.random.Generator
#: A cut-out whose skyline is higher than this share of its height hides all.
_HIGHEST = 0.15
_TRIES = 6


def framed(random: Random, draw: Callable[[], np.ndarray], height: int, width: int) -> np.ndarray:
    """Two to four cut-outs, each grown in from another side, as one cut-out (height, width, 7), 8 bits.

    ``draw`` gives a cut-out (S, S, 7), see ``cutouts.canvas``. Nothing in it mirrors the sky.
    """
    size = max(height, width)
    count = int(random.choice([2, 3, 4], p=[0.2, 0.3, 0.5]))
    turns = random.permutation(4)[:count]
    laid = np.zeros((size, size, 7), np.float32)
    for turn in turns:
        side = np.rot90(_grown(random, draw, size), int(turn))
        cover = side[..., 3:4] / 255
        laid[..., :3] = laid[..., :3] * (1 - cover) + side[..., :3] * cover
        laid[..., 5:] = laid[..., 5:] * (1 - cover) + side[..., 5:] * cover
        laid[..., 3:4] += (255 - laid[..., 3:4]) * cover
    solid = np.maximum(laid[..., 3:4] / 255, 1e-3)
    laid[..., :3] /= solid
    laid[..., 5:] /= solid
    top, left = (size - height) // 2, (size - width) // 2
    return np.rint(np.clip(laid, 0, 255)).astype(np.uint8)[top : top + height, left : left + width]


def _grown(random: Random, draw: Callable[[], np.ndarray], size: int) -> np.ndarray:
    """A cut-out whose skyline stands up to a third above the lower edge, leaning together towards the top."""
    for _ in range(_TRIES):
        cut_out = draw()
        filled = cut_out[..., 3].mean(axis=1) > 128
        skyline = int(np.argmax(filled)) if filled.any() else len(filled)
        if skyline > _HIGHEST * len(filled):
            break
    rows = np.arange(size, dtype=np.float32) / size
    open_fraction = 1 - random.uniform(0.04, 0.3)
    source = np.where(
        rows < open_fraction,
        rows / open_fraction * skyline,
        skyline + (rows - open_fraction) / (1 - open_fraction) * (len(filled) - 1 - skyline),
    ).astype(np.float32)
    lean = 1 + random.uniform(0, 0.8) * (1 - rows)
    columns = (np.arange(size, dtype=np.float32) / size - 0.5)[None] * lean[:, None] + 0.5
    x = (columns * (cut_out.shape[1] - 1)).astype(np.float32)
    y = np.repeat(source[:, None], size, axis=1)
    parts = [
        cv2.remap(np.ascontiguousarray(part), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        for part in (cut_out[..., :4], cut_out[..., 4:])
    ]
    return np.dstack(parts)
