# SPDX-License-Identifier: GPL-3.0-or-later
"""The foreground alone: the old sky taken out of the picture, out of its soft edges too.

A pixel that the sky fills to the share ``m`` holds ``F = f (1 - m) + P m``, with the foreground's colour ``f`` and
the old sky ``P`` behind it (Porter and Duff 1984). With the clean plate the foreground's part is therefore
``F - m P``, exactly; taking ``F (1 - m)``, as plain alpha-over does, leaves ``m (1 - m) (P - f)`` of the old sky.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..types import LinearRGB


def without_old_sky(image: LinearRGB, cover: LinearRGB, plate: LinearRGB | None, amount: float) -> LinearRGB:
    """What of ``image`` is not sky, (height, width, 3) scene-linear, multiplied by what of it is seen.

    Bit by bit ``image`` where the matte is 0, and 0 where it is 1. Noise and a matte that claims too much bring no
    value below 0 (below that of the picture, where that is negative), and none above ``(1 - m) max(image, 1)``.

    Args:
        image: scene-linear.
        cover: the matte 0..1 in each of three channels.
        plate: the clean plate, scene-linear; None leaves the old sky in.
        amount: 0..1; at 0 the old sky is left in.
    """
    result = np.asarray(cv2.multiply(image, 1 - cover), np.float32)
    if plate is None or amount == 0:
        return result
    # What is only sky or only foreground is right already, and that is nearly all.
    share = cover[..., 0].ravel()
    mixed = np.flatnonzero((share > 0) & (share < 1))
    seen, share = (1 - share[mixed])[:, None], share[mixed][:, None]
    colour, old = image.reshape(-1, 3)[mixed], plate.reshape(-1, 3)[mixed]
    clean = np.maximum(colour - share * old, np.minimum(colour, 0))
    clean = np.minimum(clean, seen * np.maximum(colour, 1))
    flat = result.reshape(-1, 3)
    flat[mixed] += (clean - flat[mixed]) * np.float32(amount)
    return result
