# SPDX-License-Identifier: GPL-3.0-or-later
"""Images in a colour space that Blender has told of, such as log footage, to scene-linear light."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.colour_transform import ColourTransform
from ..types import LinearRGB

#: Share of its rise by which a curve that is a straight line may miss one.
_EVEN = 1e-4


class ColourTable:
    """A :class:`~skyar_blender.contract.colour_transform.ColourTransform`, ready for images."""

    def __init__(self, colour: ColourTransform) -> None:
        curve = np.array(colour.curve)
        places = np.linspace(0, len(curve) - 1, 1 << 16)
        self._light = np.interp(places, np.arange(len(curve)), curve).astype(np.float32)
        #: How steeply the curve begins and ends, per code.
        self._slopes = ((curve[1] - curve[0]) * (len(curve) - 1), (curve[-1] - curve[-2]) * (len(curve) - 1))
        even = np.linspace(curve[0], curve[-1], len(curve))
        self._even = bool(np.abs(curve - even).max() <= _EVEN * abs(curve[-1] - curve[0]))
        self._matrix = np.array(colour.matrix, np.float32).reshape(3, 3)

    def linear(self, codes: NDArray[Any]) -> LinearRGB:
        """Scene-linear Rec. 709, 0 and up, of (height, width, 3) R, G, B.

        ``codes`` are uint16, uint8, or float32, where 1 is the largest code; beyond 0..1 the curve goes on straight.
        """
        light = self._of_floats(codes) if codes.dtype.kind == "f" else self._light[_in_16_bits(codes)]
        return np.maximum(np.asarray(cv2.transform(light, self._matrix), np.float32), 0)

    def _of_floats(self, codes: NDArray[np.float32]) -> LinearRGB:
        first, last = float(self._light[0]), float(self._light[-1])
        if self._even:  # the codes are light: nothing is to be rounded
            return np.asarray(codes * np.float32(last - first) + np.float32(first), np.float32)
        light = self._light[np.rint(np.clip(codes, 0, 1) * 65535).astype(np.uint16)]
        begins, ends = (np.float32(each) for each in self._slopes)
        return np.asarray(light + np.minimum(codes, 0) * begins + np.maximum(codes - 1, 0) * ends, np.float32)


def _in_16_bits(codes: NDArray[Any]) -> NDArray[np.uint16]:
    return codes.astype(np.uint16) * np.uint16(257) if codes.dtype == np.uint8 else codes
