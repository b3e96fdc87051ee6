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
#: Green over red of a sky's linear colour: below the first there is no sun, above the second there is.
_DUSK, _DAY = 1.3, 1.55
#: Colour of the sun and the blue sky together, and stops by which they are brighter than the sky shows.
_SUN, _SUN_STOPS = np.array([1.03, 1.0, 0.92]), 2.4
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


@dataclass(frozen=True)
class Illuminant:
    """The light that comes down from a sky: ``colour`` at luminance 1, and how bright, in units of the sky's."""

    colour: NDArray[np.float64]
    level: float


def illuminant(sky: Colour) -> Illuminant:
    """The light on the ground below a sky of that mean colour (linear, luminance above 0).

    Under clouds, at dusk and at night the sky itself is the light, and has its colour. A sky as green-blue as only
    sunlight makes it comes with a sun, seen or not, that is several times as bright as all of it and nearly white;
    cameras that expose for the ground show such a sky dark. At dusk ozone takes the green out (Chappuis), which tells
    that blue from the day's. Brightness of the sun and thresholds: after rendered pairs of one place under two skies.
    """
    luminance = float(np.maximum(sky, 0.0) @ LUMINANCE)
    colour = np.maximum(sky, 0.01 * luminance)  # a channel that is all but absent says nothing about a ratio
    sunny = float(np.clip((colour[1] / colour[0] - _DUSK) / (_DAY - _DUSK), 0, 1))
    sunny *= sunny * (3 - 2 * sunny)
    mixed = (1 - sunny) * colour / luminance + sunny * _SUN / float(_SUN @ LUMINANCE)
    return Illuminant(mixed / float(mixed @ LUMINANCE), luminance * (1 + (2.0**_SUN_STOPS - 1) * sunny))


def tint(old_sky: Colour | None, new_sky: Colour | None) -> Colour:
    """What the foreground's linear R, G, B are multiplied by to stand under ``new_sky`` instead of ``old_sky``.

    The ratio of both illuminants, scaled so that grey keeps its luminance, then clamped to 0.5 .. 2: von Kries'
    diagonal adaptation. (1, 1, 1) when either colour is not known or black: then nothing says what the light was.
    """
    if old_sky is None or new_sky is None or not (_tells(old_sky) and _tells(new_sky)):
        return 1.0, 1.0, 1.0
    ratio = illuminant(new_sky).colour / illuminant(old_sky).colour
    ratio = np.clip(ratio / (ratio @ LUMINANCE), WEAKEST, STRONGEST)
    red, green, blue = ratio.tolist()
    return red, green, blue


def stops(old_sky: Colour | None, new_sky: Colour | None) -> float:
    """By how much the light under ``new_sky`` is brighter, -4 .. 4; 0 when either is not known or black."""
    if old_sky is None or new_sky is None or not (_tells(old_sky) and _tells(new_sky)):
        return 0.0
    return float(np.clip(np.log2(illuminant(new_sky).level / illuminant(old_sky).level), -MOST_STOPS, MOST_STOPS))


def _tells(sky: Colour) -> bool:
    return bool(np.isfinite(sky).all()) and float(np.maximum(sky, 0.0) @ LUMINANCE) > _DARK
