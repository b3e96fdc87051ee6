# SPDX-License-Identifier: GPL-3.0-or-later
"""The sRGB curve, as Blender's Standard view has it."""

import numpy as np
from numpy.typing import NDArray


def displayed(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Display values (0..1) of scene-linear ones, which are clipped."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)
