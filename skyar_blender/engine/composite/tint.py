# SPDX-License-Identifier: GPL-3.0-or-later
"""How the light of the foreground changes with the sky: colours of the old and the new sky, and their ratio."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..colour import LUMINANCE, linear_from_frame
from ..types import FrameRGB, LinearRGB, Matte

#: The tint stays between this and its inverse; further off the foreground looks dyed.
WEAKEST, STRONGEST = 0.5, 2.0
# Only what is sky beyond doubt counts.
_SURE = 0.95
_DARK = 1e-4


class MeanColour:
    """Running mean of linear colours; the sun counts as white, so that it does not decide alone."""

    def __init__(self) -> None:
        self._sum = np.zeros(3)
        self._weight = 0.0

    def add(self, linear: LinearRGB, weight: NDArray[np.bool_] | None = None) -> None:
        """Add a (height, width, 3) linear picture, or those of its pixels where ``weight`` is true."""
        pixels = linear.reshape(-1, 3) if weight is None else linear[weight]
        self._sum += np.minimum(pixels, 1.0).sum(axis=0, dtype=np.float64)
        self._weight += len(pixels)

    def add_old_sky(self, frame: FrameRGB, matte: Matte) -> None:
        """Add the pixels of a frame that its matte calls sky beyond doubt (> 0.95)."""
        # The mean of a sky needs no more than some ten thousand pixels.
        step = max(1, min(frame.shape[:2]) // 200)
        small, cover = frame[::step, ::step], matte[::step, ::step]
        self.add(linear_from_frame(small), cover > _SURE)

    def add_new_sky(self, view: LinearRGB, matte: Matte | None = None) -> None:
        """Add a view of the new sky, where ``matte`` (> 0.95) shows it or, without one, all of it."""
        step = max(1, min(view.shape[:2]) // 200)
        self.add(view[::step, ::step], None if matte is None else matte[::step, ::step] > _SURE)

    @property
    def mean(self) -> tuple[float, float, float] | None:
        """Linear RGB, or None when nothing was added."""
        if self._weight == 0:
            return None
        red, green, blue = (self._sum / self._weight).tolist()
        return red, green, blue


def tint(
    old_sky: tuple[float, float, float] | None, new_sky: tuple[float, float, float] | None
) -> tuple[float, float, float]:
    """What the foreground's linear R, G, B are multiplied by to stand under ``new_sky`` instead of ``old_sky``.

    The ratio of the skies' colours (each at luminance 1), scaled so that grey keeps its luminance, then clamped to
    0.5 .. 2: von Kries' diagonal adaptation with the sky as the illuminant. (1, 1, 1) when either colour is not
    known or black, since then nothing says what the light was.
    """
    if old_sky is None or new_sky is None:
        return 1.0, 1.0, 1.0
    old, new = np.maximum(old_sky, 0.0), np.maximum(new_sky, 0.0)
    bright = min(float(old @ LUMINANCE), float(new @ LUMINANCE))
    if not (np.isfinite([*old, *new]).all() and bright > _DARK):
        return 1.0, 1.0, 1.0
    # A channel that is all but absent says nothing about a ratio; a hundredth of the luminance is enough.
    old, new = (np.maximum(colour / (colour @ LUMINANCE), 0.01) for colour in (old, new))
    ratio = new / old
    ratio = np.clip(ratio / (ratio @ LUMINANCE), WEAKEST, STRONGEST)
    red, green, blue = ratio.tolist()
    return red, green, blue
