# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a network does on what is kept aside, to watch a training by."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .gather import Data


def held_out(answer: Callable[[np.ndarray, tuple[int, int]], np.ndarray], data: Data) -> dict[str, float]:
    """Mean absolute error and intersection over union on photographs kept aside, and false sky on those without.

    ``answer`` gives the probability of sky, of the size asked for, in an image (H, W, 3), 8-bit RGB.
    """
    errors, overlaps, false = [], [], []
    for image, matte, known in data.held_out:
        found = answer(image, matte.shape)
        truth, sure = matte / 255.0, known > 0
        if not matte.any():
            false.append(float(found.mean()))
            continue
        errors.append(float(np.abs(found - truth)[sure].mean()))
        both = ((found > 0.5) & (truth > 0.5) & sure).sum()
        either = (((found > 0.5) | (truth > 0.5)) & sure).sum()
        overlaps.append(float(both / max(1, either)))
    means = {"mae": errors, "iou": overlaps, "false_sky": false}
    return {name: round(float(np.mean(values)), 4) for name, values in means.items() if values}
