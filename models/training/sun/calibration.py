# SPDX-License-Identifier: GPL-3.0-or-later
"""How much both kinds of networks count together, and how likely an answer must be to be called sure.

Both are chosen on frames of scenes that the networks were not trained with.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from skyar_blender.engine.sun.estimate import WITHIN, answer, in_world
from skyar_blender.engine.sun.networks import CENTRES, normalised

Float64Array = NDArray[np.float64]
#: Of the cases that are called sure, so many are right.
PRECISION = 0.9
_WHOLE, _SKY = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0), (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0, 1.2)


def joined(towards: Float64Array, sky_only: Float64Array, whole_strength: float, sky_strength: float) -> Float64Array:
    """What both say together, (frames, directions of the world) logarithms; see :class:`SunNetworks`."""
    along = towards[:, :1] * np.cos(CENTRES) + towards[:, 1:] * np.sin(CENTRES)
    fractions = normalised(sky_strength * sky_only + whole_strength * along)
    return np.stack([in_world(each, 0.0) for each in fractions])


def best_strengths(towards: Float64Array, sky_only: Float64Array, azimuth: Float64Array) -> tuple[float, float]:
    """Of the whole and of the sky, under which the true azimuths (NaN without) are the least surprising."""

    def negative_log_likelihood(strengths: tuple[float, float]) -> float:
        logarithms = normalised(joined(towards, sky_only, *strengths))
        lit = np.isfinite(azimuth)
        place = np.floor((np.nan_to_num(azimuth) + math.pi) % (2 * math.pi) / math.radians(2.0)).astype(int) % 180
        # Without a sun every direction should be as likely: what is lost is the mean over all of them.
        reported = np.where(lit, logarithms[np.arange(len(place)), place], logarithms.mean(axis=1))
        return -float(reported.mean())

    return min(product(_WHOLE, _SKY), key=negative_log_likelihood)


def errors(logarithms: Float64Array, azimuth: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Degrees off and likelihood of the answers; the former means nothing where there is no sun."""
    found, likely = answer(logarithms)
    off = (found - np.nan_to_num(azimuth) + math.pi) % (2 * math.pi) - math.pi
    return np.degrees(np.abs(off)), likely


def sure_level(likely: Float64Array, off: Float64Array) -> float:
    """The least likelihood above which :data:`PRECISION` of the frames are within 30 degrees."""
    order = np.argsort(-likely)
    fraction = np.cumsum(off[order] <= WITHIN) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(fraction[20:] >= PRECISION) + 20
    return float(likely[order][good[-1]]) if len(good) else 1.0
