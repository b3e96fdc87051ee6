# SPDX-License-Identifier: GPL-3.0-or-later
"""Rain: streaks in layers of depth, that come round, and the veil that rain lays over what is far away.

With an image of streaks ``R`` (:func:`rain_image`), matte ``m``, sky visibility ``o`` and the haze's colour ``c``::

    t   = VEIL rain o^2 (1 - m)
    s   = R rain
    out = lerp(lerp(F, c, t), GLOW c, s)

Drops fall at the speed that air lets them have, and draw on the film as long a streak as they fall while the shutter
is open: what is near is long, wide, soft and quick, what is far is short, thin and dense. Speed and size of drops:
Gunn and Kinzer (1949); how bright streaks are, and that they show the light of all the sky: Garg and Nayar (2007).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...common.rain import GLOW, PICTURES, VEIL
from ..sphere.directions import focal_of
from ..types import LinearRGB, Matte

#: Metres a second that a drop of two millimetres falls, and its width in metres.
_SPEED = 6.5
_DROP = 0.002
#: Share of the time between two frames that the shutter is open.
_SHUTTER = 0.65
#: Degrees that all rain leans, and that single drops differ from it.
_LEAN = 5.0
_SPREAD = 1.2
#: Images over which a drop comes into being and goes, where it does so within the image.
_FADE = 3
#: Part of an image of all directions within which its ends are brought together.
_BESIDE = 16
# The diagonal of 1080p: smaller images show fainter streaks, since theirs are a pixel wide too.
_FULL = 2203.0
# Fractions of a pixel in OpenCV's drawing.
_SHIFT = 4


@dataclass(frozen=True)
class _Layer:
    """Rain at ``distance`` metres: ``drops`` in sight, ``strength`` 0..1, ``blur`` of the lens in pixels at 1080p."""

    distance: float
    drops: int
    strength: float
    blur: float


_LAYERS = (
    _Layer(1.6, 14, 0.40, 2.5),
    _Layer(4.0, 300, 0.65, 0.7),
    _Layer(9.0, 1600, 0.65, 0.0),
    _Layer(20.0, 7000, 0.55, 0.0),
    _Layer(40.0, 14000, 0.30, 0.0),
)


def rain_image(width: int, height: int, focal_px: float, fps: float, number: int) -> Matte:
    """How much of each place streaks cover, (height, width) 0..1, in image ``number`` of the loop.

    ``focal_px`` is the lens in pixels. The same numbers give the same image, whatever was drawn before.
    """
    clear = np.full((height, width), 255, np.uint8)
    for index, layer in enumerate(_LAYERS):
        drawn = _draw(layer, width, height, focal_px, fps, number % PICTURES, index)
        blur = layer.blur * math.hypot(width, height) / _FULL
        if blur > 0.3:
            drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), blur), np.uint8)
        clear = np.asarray(cv2.multiply(clear, cv2.bitwise_not(drawn), scale=1 / 255), np.uint8)
    return np.asarray(cv2.bitwise_not(clear).astype(np.float32) / np.float32(255))


def rain_all_around(width: int, height: int, fps: float, number: int) -> Matte:
    """:func:`rain_image` of all directions (equirectangular): drops fall along meridians, the ends are neighbours.

    Straight up and down drops are seen end on, and as many as all around in one place: there rain fades away.
    """
    beside = max(1, width // _BESIDE)
    wide = rain_image(width + beside, height, focal_of(width), fps, number)
    image = wide[:, :width].copy()
    fraction = np.linspace(0, 1, beside, endpoint=False, dtype=np.float32)
    image[:, :beside] = fraction * wide[:, :beside] + (1 - fraction) * wide[:, width:]
    elevation = (0.5 - (np.arange(height) + 0.5) / height) * np.pi
    return np.asarray(image * np.cos(elevation)[:, None], np.float32)


def rained(
    image: LinearRGB,
    streaks: Matte | None,
    cover: LinearRGB,
    sky_visibility: Matte | None,
    amount: float,
    colour: tuple[float, float, float],
) -> LinearRGB:
    """``image`` (height, width, 3), scene-linear, in the rain.

    ``cover`` is the matte in each of three channels, ``sky_visibility`` (height, width) None is 1 everywhere,
    ``colour`` the haze's, linear. Without ``streaks`` there is the veil alone. With ``amount`` 0 it comes back bit by
    bit.
    """
    if amount == 0:
        return image
    tone = np.array(colour, np.float32)
    far = 1.0 if sky_visibility is None else (sky_visibility * sky_visibility)[..., None]
    veil = np.float32(VEIL * amount) * far * (1 - cover)
    result = image + (tone - image) * veil
    if streaks is not None:
        result += (tone * np.float32(GLOW) - result) * (streaks * np.float32(amount))[..., None]
    return np.asarray(result, np.float32)


def _draw(
    layer: _Layer, width: int, height: int, focal: float, fps: float, number: int, index: int
) -> NDArray[np.uint8]:
    """The streaks of one layer, 0..255.

    Each drop falls all through the loop from a place of its own and at a time of its own; where that ends within the
    image it fades, so that the loop has no seam.
    """
    random = np.random.default_rng((20, index, width, height))
    step = focal * _SPEED / layer.distance / fps
    path = step * PICTURES
    reach = height + path
    count = round(layer.drops * reach / height * (width / height) / (16 / 9))
    across = random.uniform(-0.15, 1.15, count) * width
    start = random.uniform(-path, height, count)
    age = (number + random.uniform(0, PICTURES, count)) % PICTURES
    lean = np.radians(_LEAN + random.normal(0, _SPREAD, count))
    pace = random.normal(1, 0.12, count).clip(0.6, 1.4)
    strength = random.uniform(0.35, 1.0, count) * layer.strength
    strength *= np.clip(np.minimum(age, PICTURES - age) / _FADE, 0, 1)
    length = step * pace * _SHUTTER
    top = start + age * step * pace
    left = across + (top - height / 2) * np.tan(lean)
    thick = focal * _DROP / layer.distance
    # What is thinner than a pixel covers as much less of it.
    strength *= min(1.0, max(thick, 0.6 * math.hypot(width, height) / _FULL))
    canvas = np.zeros((height, width), np.uint8)
    shown = (top < height) & (top + length > 0) & (strength > 0.004)
    ends = np.stack([left, top, left + length * np.tan(lean), top + length], axis=1)[shown]
    points = np.rint(ends * (1 << _SHIFT)).astype(np.int32).reshape(-1, 2, 2)
    grey = np.rint(strength[shown] * 255).astype(int)
    # All of one brightness at once, the brightest last, on top: one by one they take a hundred times as long.
    for value in np.unique(grey).tolist():
        alike = list(points[grey == value])
        cv2.polylines(canvas, alike, False, value, max(1, round(thick)), cv2.LINE_AA, _SHIFT)
    # Streaks end softly: the shutter neither opens nor closes at once.
    soft = min(int(length.mean() / 3) | 1, 31)
    return np.asarray(cv2.blur(canvas, (1, soft)), np.uint8) if soft > 1 else canvas
