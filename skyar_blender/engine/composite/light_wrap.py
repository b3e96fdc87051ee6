# SPDX-License-Identifier: GPL-3.0-or-later
"""Light of the new sky that spills over the rim of the foreground.

``wrap = light_wrap * blur(min(s, 1) * m, 2 % of the width) * (1 - m)``: ``min(s, 1)`` keeps the sun from blotting
out what stands before it; the blur reaches 2 % of the width into the foreground, so that the rim alone is lit and the
frame keeps its contrast.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..types import LinearRGB, Matte
from .bands import BAND, EnlargedRows, by_bands
from .matte_edge import gaussian_blur

#: Reach of the light wrap as a fraction of the width.
REACH = 0.02


def light_wrap(sky: LinearRGB, matte: Matte, amount: float) -> EnlargedRows:
    """The light that is there to spill, (height, width, 3) scene-linear; multiplied by ``1 - m`` it is the wrap."""
    height, width = matte.shape
    # So soft an image loses nothing at a lower size, where the blur costs a fraction.
    step = max(1, int(REACH * width / 8))
    size = -(-width // step), -(-height // step)
    small = _lit(sky, matte, step, size)
    soft = gaussian_blur(np.asarray(small, np.float32) * np.float32(amount), REACH * width / step)
    return EnlargedRows.of(soft, (width, height))


def _lit(sky: LinearRGB, matte: Matte, step: int, size: tuple[int, int]) -> LinearRGB:
    """The sky where the matte shows it, the sun as bright as white, at ``size`` (width, height)."""
    small = np.empty((size[1], size[0], 3), np.float32)

    def work(rows: slice) -> None:
        cover = matte[rows]
        part = slice(rows.start // step, -(-rows.stop // step))
        if not cover.any():
            small[part] = 0
            return
        lit = cv2.multiply(np.minimum(sky[rows], np.float32(1.0)), cv2.merge([cover, cover, cover]))
        small[part] = cv2.resize(lit, (size[0], part.stop - part.start), interpolation=cv2.INTER_AREA)

    by_bands(work, len(matte), step * max(1, BAND // step))
    return small
