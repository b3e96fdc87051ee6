# SPDX-License-Identifier: GPL-3.0-or-later
"""The foreground alone: the old sky taken out of the image, out of its soft edges too.

A pixel that the sky fills to the fraction ``m`` holds ``F = f (1 - m) + P m``, with the foreground's colour ``f`` and
the old sky ``P`` behind it (Porter and Duff 1984). With the clean plate the foreground's part is therefore
``F - m P``, exactly; taking ``F (1 - m)``, as plain alpha-over does, leaves ``m (1 - m) (P - f)`` of the old sky.
"""

from __future__ import annotations

import numpy as np

from ..types import LinearRGB


def without_old_sky(image: LinearRGB, cover: LinearRGB, plate: LinearRGB | None, amount: float) -> LinearRGB:
    """What of ``image`` is not sky, (height, width, 3) scene-linear, multiplied by what of it is seen.

    Bit by bit ``image`` where the matte is 0, and 0 where it is 1. Noise and a matte that claims too much bring no
    value below 0 (below that of the image, where that is negative), and none above ``(1 - m) max(image, 1)``.

    Args:
        image: scene-linear.
        cover: the matte 0..1 in each of three channels.
        plate: the clean plate, scene-linear; None leaves the old sky in.
        amount: 0..1; at 0 the old sky is left in.
    """
    zero, one = np.float32(0), np.float32(1)
    seen = one - cover
    left = image * seen
    if plate is None or amount == 0:
        return left
    clean = image - cover * plate
    below, above = float(image.min()), float(image.max())
    np.maximum(clean, zero if below >= 0 else np.minimum(image, zero), out=clean)
    np.minimum(clean, seen if above <= 1 else seen * np.maximum(image, one), out=clean)
    if below < 0:
        clean[cover == 1] = 0
    return clean if amount == 1 else left + (clean - left) * np.float32(amount)
