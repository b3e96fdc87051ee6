# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet of small images, side by side: image, truth and matte, or whatever is to be compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ...engine.types import FrameRGB, Matte

#: One of the images of an entry, and the line of words above them, in pixels.
_WIDTH = 280
_HEIGHT = 210
_WORDS = 20
_ACROSS = 2
#: What is not counted, in the truth.
_IGNORED = np.array([150, 40, 40], np.uint8)


def entry(
    image: FrameRGB, truth: Matte | None, counted: NDArray[np.bool_] | None, matte: Matte, words: str
) -> FrameRGB:
    """One entry of a sheet: image, truth and matte, all (height, width, ...), under a line of words.

    Without a truth its place is black; what is not ``counted`` (height, width) is marked.
    """
    shown = np.zeros(image.shape, np.uint8) if truth is None else _grey(truth)
    if counted is not None:
        shown[~counted] = _IGNORED
    return strip([image, shown, _grey(matte)], words)


def strip(images: Sequence[FrameRGB], words: str) -> FrameRGB:
    """Images of any sizes side by side, each fitted into the same room, under a line of words."""
    canvas = np.full((_WORDS + _HEIGHT, len(images) * _WIDTH, 3), 24, np.uint8)
    for place, image in enumerate(images):
        small = _fitted(image)
        left = place * _WIDTH + (_WIDTH - small.shape[1]) // 2
        top = _WORDS + (_HEIGHT - small.shape[0]) // 2
        canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    plain = words.encode("ascii", "replace").decode()
    cv2.putText(canvas, plain, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (235, 235, 235), 1, cv2.LINE_AA)
    return canvas


def contact_sheet(entries: Sequence[FrameRGB], across: int = _ACROSS) -> FrameRGB:
    """All entries of one size, ``across`` in a row, in reading order. Raises ValueError when there is none."""
    if not entries:
        raise ValueError("a sheet needs an entry")
    rows = math.ceil(len(entries) / across)
    height, width = entries[0].shape[:2]
    sheet = np.full((rows * height, across * width, 3), 24, np.uint8)
    for index, image in enumerate(entries):
        row, column = divmod(index, across)
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = image
    return sheet


def _grey(matte: Matte) -> FrameRGB:
    grey = np.rint(np.clip(matte, 0, 1) * 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _fitted(image: FrameRGB) -> FrameRGB:
    scale = min((_WIDTH - 4) / image.shape[1], (_HEIGHT - 4) / image.shape[0])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
