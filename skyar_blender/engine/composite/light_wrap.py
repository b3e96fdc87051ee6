# SPDX-License-Identifier: GPL-3.0-or-later
"""Light of the new sky that spills over the rim of the foreground.

``wrap = light_wrap * blur(min(s, 1) * m, 2 % of the width) * (1 - m)``: ``min(s, 1)`` keeps the sun from blotting
out what stands before it; the blur reaches 2 % of the width into the foreground, so that the rim alone is lit and the
frame keeps its contrast.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..types import LinearRGB
from .matte_edge import gaussian_blur

#: Reach of the light wrap as a fraction of the width.
REACH = 0.02


def light_wrap(sky: LinearRGB, cover: LinearRGB, amount: float) -> LinearRGB:
    """The light to add, (height, width, 3) scene-linear; ``cover`` is the matte in each of three channels."""
    height, width = sky.shape[:2]
    lit = np.minimum(sky, np.float32(1.0)) * cover
    # So soft a picture loses nothing at a lower size, where the blur costs a fraction.
    step = max(1, int(REACH * width / 8))
    small = cv2.resize(lit, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_AREA)
    soft = gaussian_blur(np.asarray(small, np.float32), REACH * width / step)
    wrap = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(wrap, 1 - cover, scale=amount), np.float32)
