# SPDX-License-Identifier: GPL-3.0-or-later
"""The foreground in the light of the new sky.

With ``o``, how far each place sees the sky (see :mod:`.sky_visibility`)::

    w    = lerp(1, o, light_falloff)
    gain = lerp(1, tint, recolour w) * 2 ** (stops relight w)
    out  = F gain / (1 + F max(gain - 1, 0)) * 2 ** foreground_exposure

The divisor keeps white white and skin from burning out where the light grows; where it shrinks, it is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...contract.job import Look
from ..types import LinearRGB, Matte
from .bands import EnlargedRows

Colour = tuple[float, float, float]
#: Long side in pixels beyond which the gain is worked out at an eighth of the size.
FINE = 256


@dataclass(frozen=True)
class Light:
    """What the new sky changes.

    Attributes:
        tint: linear R, G, B that the foreground is multiplied by at full ``look.recolour``; grey keeps its luminance.
        stops: by how much the new sky is brighter than the old one.
        haze: the new sky's colour at the horizon, linear.
        exposure: by how many stops the frame is exposed above those around it (:mod:`.exposure`).
    """

    tint: Colour = (1.0, 1.0, 1.0)
    stops: float = 0.0
    haze: Colour = (0.5, 0.5, 0.5)
    exposure: float = 0.0


def between(before: Light, after: Light, fraction: float) -> Light:
    """The light of a frame that mixes two shots, with the ``fraction`` (0..1) of the one after."""

    def mixed(one: float, other: float) -> float:
        return one + fraction * (other - one)

    def mixed_colour(one: Colour, other: Colour) -> Colour:
        return mixed(one[0], other[0]), mixed(one[1], other[1]), mixed(one[2], other[2])

    return Light(
        mixed_colour(before.tint, after.tint),
        mixed(before.stops, after.stops),
        mixed_colour(before.haze, after.haze),
        mixed(before.exposure, after.exposure),
    )


def relit(foreground: LinearRGB, light: Light, look: Look, sky_visibility: Matte | None) -> LinearRGB:
    """``foreground`` (height, width, 3), scene-linear, in its new light; ``sky_visibility`` None is 1 everywhere.

    With ``look.recolour``, ``look.relight`` and ``look.foreground_exposure`` at 0 it comes back bit by bit.
    """
    gain = gain_map(foreground.shape[:2], light, look, sky_visibility)
    return lit(foreground, None if gain is None else gain[: len(foreground)], look.foreground_exposure)


def lit(foreground: LinearRGB, gain: LinearRGB | None, exposure: float) -> LinearRGB:
    """``foreground`` with a ``gain`` of the same size (None is 1), then ``exposure`` stops brighter."""
    result = foreground
    if gain is not None:
        result = np.asarray(cv2.multiply(result, gain), np.float32)
        if float(gain.max()) > 1:
            more = np.maximum(gain - 1, 0, dtype=np.float32)
            more = np.asarray(cv2.multiply(foreground, more), np.float32)
            more += 1
            result = np.asarray(cv2.divide(result, more), np.float32)
    if exposure:
        result = np.asarray(result * np.float32(2.0**exposure))
    return result


def gain_map(size: tuple[int, int], light: Light, look: Look, sky_visibility: Matte | None) -> EnlargedRows | None:
    """``gain`` of the formula above for an image of ``size`` (height, width); None where it is 1 everywhere."""
    coloured = look.recolour > 0 and light.tint != (1.0, 1.0, 1.0)
    if not coloured and (look.relight == 0 or light.stops == 0):
        return None
    small = np.ones((1, 1), np.float32) if sky_visibility is None else sky_visibility
    if small.shape == size and max(size) > FINE:  # it is smooth, and the power is dear
        small = np.asarray(cv2.resize(small, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA), np.float32)
    strength = 1 - look.light_falloff * (1 - small.astype(np.float64))
    colour = 1 + (look.recolour * strength)[..., None] * (np.array(light.tint) - 1)
    gain = np.asarray(colour * 2.0 ** (light.stops * look.relight * strength)[..., None], np.float32)
    return EnlargedRows.of(gain, size[::-1])
