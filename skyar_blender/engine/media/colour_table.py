# SPDX-License-Identifier: GPL-3.0-or-later
"""Images in a colour space that Blender has told of, such as log footage, to scene-linear light."""

from __future__ import annotations

from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.colour_transform import CUBE_SIDE, ColourTransform, cube_bytes
from ..types import LinearRGB
from .images import in_16_bits

#: Share of its rise by which a curve that is a straight line may miss one.
_EVEN = 1e-4
#: Rows that are looked up in a cube at a time, to stay in the processor's cache.
_BAND = 32


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
        self._cube: NDArray[np.float32] | None = None
        if colour.cube:
            self._cube = np.frombuffer(cube_bytes(colour.cube), "<f2").astype(np.float32).reshape(-1, 3)

    def linear(self, codes: NDArray[Any]) -> LinearRGB:
        """Scene-linear Rec. 709, 0 and up, of (height, width, 3) R, G, B.

        ``codes`` are uint16, uint8, or float32, where 1 is the largest code. Beyond 0..1 a curve goes on straight,
        and a cube ends.
        """
        if self._cube is not None:
            return _between(self._cube, codes)
        light = self._of_floats(codes) if codes.dtype.kind == "f" else self._light[in_16_bits(codes)]
        return np.maximum(np.asarray(cv2.transform(light, self._matrix), np.float32), 0)

    def _of_floats(self, codes: NDArray[np.float32]) -> LinearRGB:
        first, last = float(self._light[0]), float(self._light[-1])
        if self._even:  # the codes are light: nothing is to be rounded
            return np.asarray(codes * np.float32(last - first) + np.float32(first), np.float32)
        light = self._light[in_16_bits(codes)]
        begins, ends = (np.float32(each) for each in self._slopes)
        return np.asarray(light + np.minimum(codes, 0) * begins + np.maximum(codes - 1, 0) * ends, np.float32)


def _between(cube: NDArray[np.float32], codes: NDArray[Any]) -> LinearRGB:
    """The light of codes by its eight neighbours in a cube of (33 * 33 * 33, 3)."""
    most = {"uint8": 255, "uint16": 65535}.get(codes.dtype.name, 1)
    result = np.empty(codes.shape, np.float32)
    for first in range(0, len(codes), _BAND):
        band = codes[first : first + _BAND].astype(np.float32)
        places = np.clip(band, 0, most) * np.float32((CUBE_SIDE - 1) / most)
        below = np.minimum(places.astype(np.int32), CUBE_SIDE - 2)
        parts = places - below
        start = (below[..., 0] * CUBE_SIDE + below[..., 1]) * CUBE_SIDE + below[..., 2]
        total = np.zeros(band.shape, np.float32)
        for red, green, blue in product((0, 1), repeat=3):
            fraction = np.ones(band.shape[:2], np.float32)
            for axis, step in enumerate((red, green, blue)):
                fraction *= parts[..., axis] if step else 1 - parts[..., axis]
            total += fraction[..., None] * cube[start + (red * CUBE_SIDE + green) * CUBE_SIDE + blue]
        result[first : first + _BAND] = np.maximum(total, 0)
    return result
