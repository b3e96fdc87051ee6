# SPDX-License-Identifier: GPL-3.0-or-later
"""How far each place sees the sky: where its light falls, and how much air lies before it.

An image knows no depth. But sky near a place in the image mostly is sky near it in the world, and what stands
close to the skyline is farther and higher than what lies low in the frame.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..types import Matte

#: Width at which it is made; nothing in it is finer.
_WIDTH = 96
#: Deviations of the blurs as shares of the height, and how much each counts.
_BLURS = ((0.04, 0.4), (0.12, 0.35), (0.3, 0.25))


def sky_visibility(matte: Matte) -> Matte:
    """0 (no sky near) to 1 (at the skyline, and in the sky) for each place, float32, at most 96 wide; smooth.

    ``matte`` (height, width) is 0..1.
    """
    height, width = matte.shape
    scale = min(1.0, _WIDTH / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.float32)
    total = np.zeros_like(small)
    for fraction, counts in _BLURS:
        soft = cv2.GaussianBlur(small, (0, 0), max(0.3, fraction * size[1]), borderType=cv2.BORDER_REPLICATE)
        # At a straight skyline half of the reach is sky: that is as open as it gets on the ground.
        total += np.float32(counts) * np.minimum(1, 2 * soft)
    return np.asarray(cv2.GaussianBlur(total, (0, 0), 0.8), np.float32)
