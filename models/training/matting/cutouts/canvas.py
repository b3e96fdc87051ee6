# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cut-out is made of, and how one layer is laid over those behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
#: Side in pixels of every cut-out.
SIZE = 320


@dataclass
class Canvas:
    """A landscape without its sky, built from far to near.

    All maps are (SIZE, SIZE) floats 0..1, ``colour`` (SIZE, SIZE, 3) RGB as displayed. ``cover`` is opacity,
    ``mirror`` how much of the sky a surface reflects upside down (water, glass), ``haze`` how much the air of the
    horizon veils it, ``glow`` what shines at night (windows, lamps).
    """

    colour: Float32Array
    cover: Float32Array
    mirror: Float32Array
    haze: Float32Array
    glow: Float32Array

    @classmethod
    def empty(cls) -> Canvas:
        """Nothing but sky."""
        maps = [np.zeros((SIZE, SIZE), np.float32) for _ in range(4)]
        return cls(np.zeros((SIZE, SIZE, 3), np.float32), *maps)

    def lay(
        self,
        cover: Float32Array,
        colour: Float32Array,
        mirror: Float32Array | float = 0.0,
        haze: Float32Array | float = 0.0,
        glow: Float32Array | float = 0.0,
    ) -> None:
        """Put a layer in front; ``colour`` may be one colour or an image."""
        kept = 1 - cover
        self.colour *= kept[..., None]
        self.colour += cover[..., None] * colour
        for mine, new in ((self.mirror, mirror), (self.haze, haze), (self.glow, glow)):
            mine *= kept
            mine += cover * new
        self.cover[:] = self.cover * kept + cover

    def packed(self) -> NDArray[np.uint8]:
        """(SIZE, SIZE, 7): colour not multiplied by cover, cover, mirror, haze, glow, 8 bits each."""
        solid = np.maximum(self.cover, 1e-3)
        colour = self.colour / solid[..., None]
        rest = [self.cover, *(each / solid for each in (self.mirror, self.haze, self.glow))]
        stacked = np.concatenate([colour, np.stack(rest, axis=-1)], axis=-1)
        return np.rint(np.clip(stacked, 0, 1) * 255).astype(np.uint8)
