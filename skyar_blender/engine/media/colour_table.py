# SPDX-License-Identifier: GPL-3.0-or-later
"""Images in a colour space that is a curve and a matrix, such as log footage, to scene-linear light."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.colour_transform import ColourTransform
from ..types import LinearRGB


class ColourTable:
    """A :class:`~skyar_blender.contract.colour_transform.ColourTransform`, ready for images."""

    def __init__(self, colour: ColourTransform) -> None:
        places = np.linspace(0, len(colour.curve) - 1, 1 << 16)
        self._light = np.interp(places, np.arange(len(colour.curve)), colour.curve).astype(np.float32)
        self._matrix = np.array(colour.matrix, np.float32).reshape(3, 3)

    def linear(self, codes: NDArray[np.uint16]) -> LinearRGB:
        """Scene-linear Rec. 709, 0 and up, of (height, width, 3) R, G, B in 16 bits."""
        return np.maximum(np.asarray(cv2.transform(self._light[codes], self._matrix), np.float32), 0)
