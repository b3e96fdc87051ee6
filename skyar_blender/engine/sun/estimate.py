# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a shot's light comes from, by what some of its frames say together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..lens import Lens
from ..types import Float64Array, FrameRGB, Matrix3, Matte
from .describe import SIZE, describe
from .networks import CENTRES, SunNetworks, normalised, shipped_networks
from .sky_grid import describe_sky
from .view import heading, view_of

#: Degrees within which an answer counts as right.
WITHIN = 30.0
#: Directions of the world that are told apart, radians to the right of its forward.
_FINE = np.radians(np.arange(-180.0, 180.0, 2.0))
# How narrow the bell is by which a likely direction speaks for those beside it.
_BELL = 8.0


@dataclass(frozen=True)
class Sun:
    """The azimuth that a shot's light comes from.

    Attributes:
        azimuth: degrees to the right of the world's forward, -180..180.
        confidence: how likely it is to be right within :data:`WITHIN` degrees, as far as the frames tell: 0..1.
        sure: whether it can be relied on for that.
    """

    azimuth: float
    confidence: float
    sure: bool


def find_sun(
    frames: Iterable[tuple[FrameRGB, Matte, Matrix3, Lens]], networks: SunNetworks | None = None
) -> Sun | None:
    """The sun of a shot from some of its frames; None where there are no frames.

    Each frame comes with its matte (0..1, of its size), the matrix from world to camera directions and its lens. A
    frame and its mirror image are both looked at, so that left and right are alike. What the frames say of each
    direction of the world is averaged: they see much the same, so that more of them are no surer.

    Raises:
        SkyarError: ``weights_missing``, ``weights_unreadable``.
    """
    networks = networks or shipped_networks()
    given: list[Float64Array] = []
    for frame, matte, rotation, lens in frames:
        fractions = networks.log_fractions(*described(frame, matte, rotation, lens))[0]
        given.append(in_world(fractions, heading(rotation)))
    if not given:
        return None
    azimuth, confidence = answer(np.mean(given, axis=0)[None])
    return Sun(math.degrees(azimuth[0]), float(confidence[0]), bool(confidence[0] >= networks.sure_above))


def in_world(log_fractions: Float64Array, turned: float) -> Float64Array:
    """What a view towards ``turned`` says of :data:`.networks.CENTRES`, for evenly spread directions of the world.

    ``log_fractions``: (BINS,), float64, natural logarithms; ``turned``: radians. (180,) come back.
    """
    places = (_FINE - turned - CENTRES[0]) / (CENTRES[1] - CENTRES[0])
    first = np.floor(places)
    fraction = places - first
    before, after = (log_fractions[(first + step).astype(int) % len(CENTRES)] for step in (0, 1))
    return np.asarray(before * (1 - fraction) + after * fraction)


def answer(log_fractions: Float64Array) -> tuple[Float64Array, Float64Array]:
    """The likeliest azimuth (shots), radians, and how likely it is to be right, of logarithms (shots, directions).

    The directions are evenly spread and begin at -180 degrees.
    """
    fractions = np.exp(normalised(log_fractions))
    bell = np.exp(_BELL * (np.cos(_FINE[:, None] - _FINE[None]) - 1))
    azimuth = _FINE[(fractions @ bell).argmax(axis=1)]
    apart = np.abs((_FINE[None] - azimuth[:, None] + math.pi) % (2 * math.pi) - math.pi)
    return azimuth, np.asarray((fractions * (apart <= math.radians(WITHIN) + 1e-9)).sum(axis=1))


def described(frame: FrameRGB, matte: Matte, rotation: Matrix3, lens: Lens) -> tuple[Float64Array, Float64Array]:
    """A frame and its mirror image as both kinds of networks want them, (1, 2, numbers) each."""
    mirrored, ahead = mirrored_and_ahead(rotation)
    both = (
        (frame, matte, ahead),
        (np.ascontiguousarray(frame[:, ::-1]), np.ascontiguousarray(matte[:, ::-1]), mirrored),
    )
    full_frame = np.stack([describe(*each, lens) for each in both])
    sky = np.stack([describe_sky(view_of(*each, lens, SIZE)) for each in both])
    return full_frame[None], sky[None]


def mirrored_and_ahead(rotation: Matrix3) -> tuple[Matrix3, Matrix3]:
    """``rotation`` of the picture's mirror image, and of itself, in a world turned so that the view looks forward."""
    turned = heading(rotation)
    cos, sin = math.cos(turned), math.sin(turned)
    ahead = rotation @ np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    # Left becomes right in the world and in the image.
    swap = np.diag([-1.0, 1.0, 1.0])
    return np.asarray(swap @ ahead @ swap), np.asarray(ahead)
