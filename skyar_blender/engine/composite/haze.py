# SPDX-License-Identifier: GPL-3.0-or-later
"""Air between the camera and what is far away.

How far things are nobody knows; what stands at the skyline is mostly far, and ``o``, how far each place sees the sky
(see :mod:`.sky_visibility`), falls off below it::

    t   = haze o^2
    out = F (1 - t) + colour (1 - m) t
"""

from __future__ import annotations

import cv2
import numpy as np

from ..types import LinearRGB, Matte


def hazed(
    foreground: LinearRGB,
    cover: LinearRGB,
    sky_visibility: Matte | None,
    amount: float,
    colour: tuple[float, float, float],
) -> LinearRGB:
    """``foreground`` (height, width, 3), scene-linear and multiplied by what of it is seen, in the haze.

    ``cover`` is the matte in each of three channels, ``colour`` the haze's, linear; ``sky_visibility`` None is 1.
    """
    if amount == 0:
        return foreground
    height, width = foreground.shape[:2]
    thick = (
        np.full((1, 1), amount, np.float32)
        if sky_visibility is None
        else np.float32(amount) * sky_visibility * sky_visibility
    )
    if thick.shape != (height, width):
        thick = np.asarray(cv2.resize(thick, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    thick = np.asarray(cv2.merge([thick] * 3), np.float32)
    veil = thick * (1 - cover) * np.array(colour, np.float32)
    return np.asarray(foreground * (1 - thick) + veil, np.float32)
