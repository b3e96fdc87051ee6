# SPDX-License-Identifier: GPL-3.0-or-later
"""The images of a sequence in the colour space that their strip has, as frames and as light."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract.colour_transform import ColourTransform
from ..colour import frame_from_linear, linear_from_display
from ..types import FrameRGB, LinearRGB
from .colour_table import ColourTable
from .hdr import COLOUR_SPACES, LINEAR, ORDINARY, linear_of_codes
from .images import Pixels, in_16_bits


class ImageColours:
    """``space`` is Blender's name, None the file's own; ``colour`` what it makes of codes, where no name tells."""

    def __init__(self, space: str | None, colour: ColourTransform | None) -> None:
        self._space = space
        self._table = None if colour is None else ColourTable(colour)

    def frame(self, pixels: Pixels) -> FrameRGB:
        """As displayed, over black; what is brighter than white is white."""
        light = self._light_over_black(pixels)
        return pixels.displayed if light is None else frame_from_linear(light)

    def linear(self, pixels: Pixels) -> FrameRGB | LinearRGB:
        """Scene-linear, 0 and up, over black; ordinary images, of which nothing is clipped, as :meth:`frame`."""
        light = self._light_over_black(pixels)
        return pixels.displayed if light is None else light

    def _light_over_black(self, pixels: Pixels) -> LinearRGB | None:
        light = self._light(pixels.colours)
        if light is None or pixels.alpha is None:
            return light
        return np.asarray(light * (pixels.alpha.astype(np.float32) / np.float32(255))[..., None], np.float32)

    def _light(self, codes: NDArray[Any]) -> LinearRGB | None:
        """Of the codes of an image; None of one that is taken as it is."""
        floats = codes.dtype.kind == "f"
        transfer = None if self._space is None else COLOUR_SPACES.get(self._space)
        if transfer is not None:
            return linear_of_codes(in_16_bits(codes), transfer)
        if floats and (self._space in LINEAR or (self._table is None and self._space not in ORDINARY)):
            return np.maximum(np.asarray(codes, np.float32), 0)
        if self._table is not None:
            return self._table.linear(codes)
        return linear_from_display(np.maximum(codes, 0)) if floats else None
