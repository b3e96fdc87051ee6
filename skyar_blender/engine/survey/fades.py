# SPDX-License-Identifier: GPL-3.0-or-later
"""Fades from and to black or white: how much of the image each frame shows.

A fade mixes the image ``P`` with a plain colour ``K`` in display values, as editing programs do::

    F = fraction P + (1 - fraction) K

From a blank frame on, the difference from ``K`` grows alike everywhere, until it grows no more; what grows otherwise
is the image itself that changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ..colour import display_from_linear, linear_from_display
from ..types import FrameRGB, LinearRGB
from .bars import Bars, Image

Colour = tuple[float, float, float]
#: A small image in display values 0..1, (rows, columns, 3).
Glance = NDArray[np.float32]
_GLANCE = (24, 16)
#: Rows of a frame in each row of it: to read all of them takes the time.
_ROWS = 16
#: Mean and largest difference from black or white of a blank frame.
_BLANK = 0.012
_BLANK_MOST = 0.06
#: Mean difference of an image that is worth the name, and of one that is bright enough to be compared.
_PICTURE = 0.06
_SEEN = 0.03
#: Least growth from frame to frame within a fade, and the most of a change that may be of another kind.
_GROWTH = 0.004
_OTHER = 0.7
#: Linear light is about this power of display values.
_POWER = 2.2
#: Share above which a frame counts as whole.
_WHOLE = 0.985
#: Share of the first frame of a fade that the clip cuts off, at most, and its least length.
_CUT = 0.8
_CUT_LEAST = 3
#: Below this fraction nothing of an image is left in 8 bits.
LEAST = 0.04
#: From this fraction on the sun may be brighter than white again.
_BRIGHT = 0.9


@dataclass(frozen=True)
class Fade:
    """How much of the image a frame shows, 0 .. 1, the rest being black, or white."""

    fraction: float = 1.0
    white: bool = False

    @property
    def whole(self) -> bool:
        return self.fraction >= 1

    @property
    def blank(self) -> bool:
        """Whether next to nothing of the image is left."""
        return self.fraction < LEAST

    def undone(self, frame: FrameRGB) -> FrameRGB:
        """``frame`` as it would be without the fade; a blank one stays."""
        if self.whole or self.blank:
            return frame
        colour = 255.0 if self.white else 0.0
        table = np.clip(np.rint(colour + (np.arange(256) - colour) / self.fraction), 0, 255).astype(np.uint8)
        return np.asarray(cv2.LUT(frame, table), np.uint8)

    def of_grain(self, colour: Colour) -> Colour:
        """Scene-linear deviations of grain, faded: what is dark is dark by a power of the display values."""
        red, green, blue = (each * self.fraction**_POWER for each in colour)
        return red, green, blue

    def of_colour(self, colour: Colour) -> Colour:
        """A scene-linear colour, faded as an image is."""
        red, green, blue = self.of_linear(np.array([[colour]], np.float32))[0, 0].tolist()
        return red, green, blue

    def of_linear(self, image: LinearRGB) -> LinearRGB:
        """A scene-linear ``image`` faded in display values, as the frame was; what is brighter is white."""
        if self.whole:
            return image
        above = 1.0 if self.fraction <= _BRIGHT else (1 - _BRIGHT) / (1 - self.fraction)
        shown = self.fraction * display_from_linear(image) + (1 - self.fraction) * np.float32(self.white)
        return np.asarray(linear_from_display(shown) * np.maximum(1, np.minimum(image, above)), np.float32)


def glance(frame: FrameRGB) -> Glance:
    """What fades are found from."""
    step = max(1, len(frame) // (_GLANCE[1] * _ROWS))
    small = cv2.resize(frame[step // 2 :: step], _GLANCE, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def inside(small: Image, bars: Bars, size: tuple[int, int]) -> Image:
    """``small`` without the bars of its frame of ``size`` (width, height), which do not fade to white."""
    if not bars.any:
        return small
    rows, columns = small.shape[:2]
    per_row, per_column = size[1] / rows, size[0] / columns
    counts = (bars.top / per_row, bars.bottom / per_row, bars.left / per_column, bars.right / per_column)
    return Bars(*(math.ceil(count) for count in counts)).filled(small)


def find_fades(frames: Sequence[Glance], longest: int) -> list[Fade]:
    """The fade of each frame of a clip, in order; none takes more than ``longest`` frames.

    Black is blank by itself; white only where a fade leads to it or from it, since a bright sky may be white too.
    """
    found = [Fade()] * len(frames)
    for white in (False, True):
        levels = [np.float32(1) - each if white else each for each in frames]
        blank = np.array([each.mean() < _BLANK and each.max() < _BLANK_MOST for each in levels], np.bool_)
        for first, last in _runs(blank):
            after, before = (
                _fractions(levels[last:], longest),
                _fractions(levels[first - 1 :: -1] if first else [], longest),
            )
            if white and not after and not before:
                continue
            found[first:last] = [Fade(0.0, white)] * (last - first)
            for place, fraction in enumerate(after, start=last):
                found[place] = Fade(fraction, white)
            for place, fraction in enumerate(before, start=1):
                found[first - place] = Fade(fraction, white)
    return found


def cut_fades(frames: Sequence[Glance], longest: int) -> tuple[int, int]:
    """How many frames at the beginning, and at the end, look like a fade that the clip cuts off.

    There is no blank frame, so that it may as well be the light that changes.
    """
    found = []
    for ordered in (frames, frames[::-1]):
        counts = [0]
        for white in (False, True):
            levels = [np.float32(1) - each if white else each for each in ordered[: longest + 1]]
            blank = not levels or (levels[0].mean() < _BLANK and levels[0].max() < _BLANK_MOST)
            fractions = [] if blank else _fractions(levels, longest)
            counts.append(len(fractions) if fractions and fractions[0] < _CUT and len(fractions) >= _CUT_LEAST else 0)
        found.append(max(counts))
    return found[0], found[1]


def _runs(blank: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First, and one behind the last, of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], blank.astype(np.int8), [0]])))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _fractions(levels: Sequence[Glance], longest: int) -> list[float]:
    """The fractions of a fade in, from the first frame that is not blank; empty where it is no fade."""
    ratios: list[float] = []
    levels = levels[: longest + 1]
    if not levels:
        return []
    for now, after in pairwise(levels):
        ratio = float((now * after).sum() / (after * after).sum())
        change = after - now
        if ratio > 1 - _GROWTH:
            break
        other = float(np.linalg.norm(now - ratio * after))
        if now.mean() > _SEEN and other > _OTHER * float(np.linalg.norm(change)):
            break
        ratios.append(ratio)
    if levels[len(ratios)].mean() < _PICTURE or len(ratios) == longest:
        return []
    fractions = np.cumprod(ratios[::-1])[::-1]
    return [float(fraction) for fraction in fractions if fraction < _WHOLE]
