# SPDX-License-Identifier: GPL-3.0-or-later
"""Outlines as soft-edged masks, drawn with sub-pixel corners."""

from __future__ import annotations

import cv2
import numpy as np

from .canvas import SIZE, Float32Array

_SHIFT = 4
Random = np.random.Generator


def polygon(points: np.ndarray, mask: Float32Array | None = None) -> Float32Array:
    """Mask (0..1) of a polygon with corners (x, y) in pixels, added to ``mask``."""
    drawn = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillPoly(drawn, [np.rint(points * 2**_SHIFT).astype(np.int32)], 255, cv2.LINE_AA, _SHIFT)
    new = drawn.astype(np.float32) / 255
    return new if mask is None else np.maximum(mask, new)


def strokes(lines: list[tuple[np.ndarray, float]]) -> Float32Array:
    """Mask of polylines, each with points (x, y) and a width in pixels; thinner than one pixel is fainter."""
    drawn = np.zeros((SIZE, SIZE), np.uint8)
    for points, width in lines:
        level = 255 if width >= 1 else int(255 * max(width, 0.15))
        path = np.rint(points * 2**_SHIFT).astype(np.int32)
        if level == 255:
            cv2.polylines(drawn, [path], False, 255, max(1, round(width)), cv2.LINE_AA, _SHIFT)
        else:
            faint = np.zeros_like(drawn)
            cv2.polylines(faint, [path], False, level, 1, cv2.LINE_AA, _SHIFT)
            np.maximum(drawn, faint, out=drawn)
    return drawn.astype(np.float32) / 255


def below(heights: np.ndarray) -> Float32Array:
    """Mask of all that lies below a skyline; ``heights`` (SIZE,) gives its row in pixels for each column."""
    rows = np.arange(SIZE, dtype=np.float32)[:, None]
    return np.clip(rows - heights[None, :].astype(np.float32) + 0.5, 0, 1)


def rough_line(random: Random, level: float, height: float, roughness: float = 0.5) -> np.ndarray:
    """A skyline around ``level`` (row) by midpoint displacement (Fournier et al. 1982), (SIZE,)."""
    points = np.array([random.normal(0, 1), random.normal(0, 1)])
    strength = 1.0
    while len(points) < SIZE:
        middle = (points[1:] + points[:-1]) / 2 + random.normal(0, strength, len(points) - 1)
        merged = np.empty(len(points) + len(middle))
        merged[0::2], merged[1::2] = points, middle
        points = merged
        strength *= roughness
    line = np.interp(np.linspace(0, len(points) - 1, SIZE), np.arange(len(points)), points)
    return level + height * (line - line.mean()) / max(np.ptp(line), 1e-6)
