# SPDX-License-Identifier: GPL-3.0-or-later
"""Several versions of one image, for comparing them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from ..types import FrameRGB

#: Of a contact sheet: the width of an image, the height of the line of words below it, and the gap, in pixels.
WIDTH = 480
WORDS = 30
GAP = 8
_GROUND = 24
_INK = (225, 225, 225)


def stripes(images: Sequence[FrameRGB]) -> FrameRGB:
    """One image put together from upright stripes, one of each, from left to right, thin white lines between.

    All are (height, width, 3) and of one size.
    """
    width = images[0].shape[1]
    if any(image.shape != images[0].shape for image in images):
        raise ValueError("the pictures differ in size")
    whole = images[0].copy()
    line = max(1, round(width / 960))
    for place, image in enumerate(images[1:], start=1):
        start = place * width // len(images)
        whole[:, start:] = image[:, start:]
        whole[:, start - line // 2 : start - line // 2 + line] = 255
    return whole


def labelled_sheet(images: Sequence[FrameRGB], words: Sequence[str]) -> FrameRGB:
    """Images of one size in rows, each with its words below."""
    height, width = images[0].shape[:2]
    size = (WIDTH, max(1, round(height * WIDTH / width)))
    columns = math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    across, down = size[0] + GAP, size[1] + WORDS + GAP
    sheet = np.full((rows * down + GAP, columns * across + GAP, 3), _GROUND, np.uint8)
    for index, (image, text) in enumerate(zip(images, words, strict=True)):
        x, y = GAP + index % columns * across, GAP + index // columns * down
        sheet[y : y + size[1], x : x + size[0]] = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        where = (x + 2, y + size[1] + WORDS - 10)
        cv2.putText(sheet, text, where, cv2.FONT_HERSHEY_SIMPLEX, 0.55, _INK, 1, cv2.LINE_AA)
    return sheet
