# SPDX-License-Identifier: GPL-3.0-or-later
"""What both skies say of the light of a shot: their colours where they are seen, and what follows for the ground."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...contract.job import LightMode
from ..colour import LUMINANCE, linear_from_frame
from ..types import FrameRGB, LinearRGB, Matte
from .light import Light

Colour = tuple[float, float, float]
#: The tint stays between this and its inverse; further off the foreground looks dyed.
WEAKEST, STRONGEST = 0.5, 2.0
#: Most stops that the light is said to change: beyond, cameras are exposed anew.
MOST_STOPS = 4.0
# Only what is sky beyond doubt counts.
_SURE = 0.95
_DARK = 1e-4
#: Share of the seen sky, from below, that is its horizon.
_HORIZON = 1 / 3
#: Rows and columns at most that are looked at.
_FINE = 200


@dataclass
class MeanColour:
    """Running mean of linear colours; the sun counts as white, so that it does not decide alone."""

    _sum: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))
    _count: int = 0

    def add(self, pixels: NDArray[np.float32]) -> None:
        """Add linear colours (n, 3)."""
        self._sum += np.minimum(pixels, 1.0).sum(axis=0, dtype=np.float64)
        self._count += len(pixels)

    @property
    def mean(self) -> Colour | None:
        """Linear RGB, or None when nothing was added."""
        if self._count == 0:
            return None
        red, green, blue = (self._sum / self._count).tolist()
        return red, green, blue


@dataclass
class LightStatistics:
    """The skies of one shot, gathered frame by frame: all of each that is seen, and its lowest third."""

    old: MeanColour = field(default_factory=MeanColour)
    new: MeanColour = field(default_factory=MeanColour)
    old_horizon: MeanColour = field(default_factory=MeanColour)
    new_horizon: MeanColour = field(default_factory=MeanColour)

    def add(self, frame: FrameRGB, matte: Matte, sky: LinearRGB) -> None:
        """Look at one frame with its matte (0..1) and its new sky (scene-linear), all of one size."""
        # The mean of a sky needs no more than some ten thousand pixels.
        step = max(1, min(frame.shape[:2]) // _FINE)
        sure = matte[::step, ::step] > _SURE
        if not sure.any():
            return
        old, new = linear_from_frame(frame[::step, ::step])[sure], sky[::step, ::step][sure]
        rows = np.nonzero(sure)[0]
        low = rows >= np.quantile(rows, 1 - _HORIZON)
        for mean, pixels in (
            (self.old, old),
            (self.new, new),
            (self.old_horizon, old[low]),
            (self.new_horizon, new[low]),
        ):
            mean.add(pixels)

    def light(self, mode: LightMode) -> Light:
        """What the new sky changes; nothing where the skies do not tell."""
        haze = self.new_horizon.mean or Light().haze
        if mode == "off":
            return Light(haze=haze)
        old, new = (self.old, self.new) if mode == "sky" else (self.old_horizon, self.new_horizon)
        return Light(tint(old.mean, new.mean), stops(old.mean, new.mean), haze)


def tint(old_sky: Colour | None, new_sky: Colour | None) -> Colour:
    """What the foreground's linear R, G, B are multiplied by to stand under ``new_sky`` instead of ``old_sky``.

    The ratio of the skies' colours (each at luminance 1), scaled so that grey keeps its luminance, then clamped to
    0.5 .. 2: von Kries' diagonal adaptation with the sky as the illuminant. (1, 1, 1) when either colour is not
    known or black, since then nothing says what the light was.
    """
    if not _tells(old_sky, new_sky):
        return 1.0, 1.0, 1.0
    # A channel that is all but absent says nothing about a ratio; a hundredth of the luminance is enough.
    old, new = (
        np.maximum(colour / (colour @ LUMINANCE), 0.01)
        for colour in (np.maximum(old_sky or 0.0, 0.0), np.maximum(new_sky or 0.0, 0.0))
    )
    ratio = new / old
    ratio = np.clip(ratio / (ratio @ LUMINANCE), WEAKEST, STRONGEST)
    red, green, blue = ratio.tolist()
    return red, green, blue


def stops(old_sky: Colour | None, new_sky: Colour | None) -> float:
    """By how much ``new_sky`` is brighter, -4 .. 4; 0 when either is not known or black."""
    if not _tells(old_sky, new_sky):
        return 0.0
    old, new = (float(np.maximum(colour or 0.0, 0.0) @ LUMINANCE) for colour in (old_sky, new_sky))
    return float(np.clip(np.log2(new / old), -MOST_STOPS, MOST_STOPS))


def _tells(*skies: Colour | None) -> bool:
    return all(
        sky is not None and np.isfinite(sky).all() and float(np.maximum(sky, 0.0) @ LUMINANCE) > _DARK
        for sky in skies
    )
