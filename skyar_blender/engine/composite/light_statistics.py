# SPDX-License-Identifier: GPL-3.0-or-later
"""What both skies say of the light of a shot: their colours where they are seen, and what follows for the ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ...contract.job import Look
from ..colour import LUMINANCE, linear_from_frame
from ..types import FrameRGB, LinearRGB, Matte
from .light import Light

Colour = tuple[float, float, float]
Pixel = TypeVar("Pixel", bound=np.generic)
#: The tint stays between this and its inverse; further off the foreground looks dyed.
WEAKEST = 0.5
STRONGEST = 2.0
#: Most stops that the light is said to fall and to grow: beyond, cameras are exposed anew, and white has no room.
MOST_DOWN = 4.0
MOST_UP = 1.0
# Only what is sky beyond doubt counts.
_SURE = 0.95
_DARK = 1e-4
#: Green over red of a sky's linear colour: below the first there is no sun, above the second there is.
_DUSK = 1.3
_DAY = 1.55
#: Colour of the sun and the blue sky together, and stops by which they are brighter than the sky shows.
_SUN = np.array([1.03, 1.0, 0.92])
_SUN_STOPS = 2.4
#: Luminance of a sky that only the sun makes, as it is usually exposed: white clouds are no measure of their sun.
_BLUE = 0.25
#: Luminance of a sky below which it is night, and above which it is none; the light of the night, as cameras set for
#: daylight and viewers know it, and how much of it the ground takes.
_NIGHT = 0.085
_TWILIGHT = 0.125
_MOONLIGHT = np.array([0.62, 0.98, 1.7])
_MOONLIT = 0.85
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

    def add_all(self, other: MeanColour) -> None:
        """Add what ``other`` has."""
        self._sum += other._sum
        self._count += other._count

    @property
    def mean(self) -> Colour | None:
        """Linear RGB, or None when nothing was added."""
        if self._count == 0:
            return None
        red, green, blue = (self._sum / self._count).tolist()
        return red, green, blue


@dataclass(frozen=True)
class SeenSky:
    """Mean colours of a sky where a shot shows it, linear; None where it shows none: all of it, its lowest third.

    ``daylight``: how far (0..1) a sun is known to shine on the ground, whatever is seen (:mod:`..sky.daylight`).
    """

    whole: Colour | None = None
    horizon: Colour | None = None
    daylight: float = 0.0


@dataclass
class SkyStatistics:
    """The sky of one shot, gathered frame by frame."""

    whole: MeanColour = field(default_factory=MeanColour)
    low: MeanColour = field(default_factory=MeanColour)

    def add_frame(self, frame: FrameRGB, matte: Matte) -> None:
        """Look at the sky in a frame with its matte (0..1) of the same size."""
        self._add(linear_from_frame(thinned(frame)), thinned(matte))

    def add_sky(self, sky: LinearRGB, matte: Matte) -> None:
        """Look at a new sky (scene-linear) where the matte (0..1) shows it; both of a size, or both thinned."""
        self._add(thinned(sky), thinned(matte))

    def add_all(self, other: SkyStatistics) -> None:
        """Add what ``other`` has seen."""
        self.whole.add_all(other.whole)
        self.low.add_all(other.low)

    @property
    def seen(self) -> SeenSky:
        """What was seen so far."""
        return SeenSky(self.whole.mean, self.low.mean)

    def _add(self, image: LinearRGB, matte: Matte) -> None:
        sure = matte > _SURE
        if not sure.any():
            return
        pixels, rows = image[sure], np.nonzero(sure)[0]
        self.whole.add(pixels)
        self.low.add(pixels[rows >= np.quantile(rows, 1 - _HORIZON)])


def thinned(image: NDArray[Pixel]) -> NDArray[Pixel]:
    """The pixels of a (height, width, ...) image that are looked at; all of one that is thinned already."""
    # The mean of a sky needs no more than some ten thousand pixels.
    step = max(1, min(image.shape[:2]) // _FINE)
    return image[::step, ::step]


def light_between(old: SeenSky, new: SeenSky, look: Look) -> Light:
    """What the new sky changes, as ``look.light`` says; nothing where the skies do not tell."""
    haze = new.horizon or Light().haze
    if look.light == "off":
        return Light(haze=haze)
    if look.light == "manual":
        red, green, blue = look.tint
        return Light((red, green, blue), look.light_change, haze)
    first, second = (old.whole, new.whole) if look.light == "sky" else (old.horizon, new.horizon)
    return Light(tint(first, second, new.daylight), stops(first, second, new.daylight), haze)


@dataclass(frozen=True)
class Illuminant:
    """The light that comes down from a sky: ``colour`` at luminance 1, how bright, in units of the sky's, and how far
    (0..1) a sun gives it."""

    colour: NDArray[np.float64]
    level: float
    sunny: float


def illuminant(sky: Colour, daylight: float = 0.0) -> Illuminant:
    """The light on the ground below a sky of that mean colour (linear, luminance above 0).

    Under clouds, at dusk and at night the sky itself is the light, and has its colour. A sky as green-blue as only
    sunlight makes it comes with a sun, seen or not, that is several times as bright as all of it and nearly white;
    cameras that expose for the ground show such a sky dark. At dusk ozone takes the green out (Chappuis), which tells
    that blue from the day's. Brightness of the sun and thresholds: after rendered pairs of one place under two skies.
    ``daylight``: how far (0..1) a sun is known to shine even where clouds are seen.

    Below a sky of the night things look blue, whatever colour the Milky Way has: eyes see so (Purkinje), and night
    scenes are lit and graded so (after Thompson, Shirley & Ferwerda 2002, "A spatial post-processing algorithm for
    images of night scenes").
    """
    luminance = float(np.maximum(sky, 0.0) @ LUMINANCE)
    colour = np.maximum(sky, 0.01 * luminance)  # a channel that is all but absent says nothing about a ratio
    blue = float(np.clip((colour[1] / colour[0] - _DUSK) / (_DAY - _DUSK), 0, 1))
    blue *= blue * (3 - 2 * blue)
    sunny = max(blue, daylight)
    mixed = (1 - sunny) * colour / luminance + sunny * _SUN / float(_SUN @ LUMINANCE)
    night = (1 - sunny) * _MOONLIT * float(np.clip(np.log(_TWILIGHT / luminance) / np.log(_TWILIGHT / _NIGHT), 0, 1))
    mixed = (1 - night) * mixed + night * _MOONLIGHT / float(_MOONLIGHT @ LUMINANCE)
    sun = (2.0**_SUN_STOPS - 1) * (blue * luminance + (sunny - blue) * min(luminance, _BLUE))
    return Illuminant(mixed / float(mixed @ LUMINANCE), luminance + sun, sunny)


def tint(old_sky: Colour | None, new_sky: Colour | None, daylight: float = 0.0) -> Colour:
    """What the foreground's linear R, G, B are multiplied by to stand under ``new_sky`` instead of ``old_sky``.

    The ratio of both illuminants, scaled so that grey keeps its luminance, then clamped to 0.5 .. 2: von Kries'
    diagonal adaptation. (1, 1, 1) when either colour is not known or black: then nothing says what the light was.
    ``daylight``: of the new sky, see :func:`illuminant`.
    """
    if old_sky is None or new_sky is None or not (_tells(old_sky) and _tells(new_sky)):
        return 1.0, 1.0, 1.0
    ratio = illuminant(new_sky, daylight).colour / illuminant(old_sky).colour
    ratio = np.clip(ratio / (ratio @ LUMINANCE), WEAKEST, STRONGEST)
    red, green, blue = ratio.tolist()
    return red, green, blue


def stops(old_sky: Colour | None, new_sky: Colour | None, daylight: float = 0.0) -> float:
    """By how much the light under ``new_sky`` is brighter, -4 .. 1; 0 when either is not known or black.

    As far as the old sky comes with a sun and the new one is known to (``daylight``), it is the same sun, and the
    footage is exposed for it: then nothing changes.
    """
    if old_sky is None or new_sky is None or not (_tells(old_sky) and _tells(new_sky)):
        return 0.0
    old, new = illuminant(old_sky), illuminant(new_sky, daylight)
    brighter = np.log2(new.level / old.level) * (1 - old.sunny * daylight)
    return float(np.clip(brighter, -MOST_DOWN, MOST_UP))


def _tells(sky: Colour) -> bool:
    return bool(np.isfinite(sky).all()) and float(np.maximum(sky, 0.0) @ LUMINANCE) > _DARK
