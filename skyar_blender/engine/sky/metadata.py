# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sky's image looks like in a few numbers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ..colour import LUMINANCE
from ..media.exr import single
from ..types import LinearRGB, StoredRGB

#: What the 90th percentile of a user's HDR sky is brought to. It is that of its strongest channel, so that a blue sky
#: stays blue: by its luminance, its blue would be clipped, and it would turn cyan.
WANTED_LEVEL = 0.8
# Beyond these an image is meant to be dark (night) or bright, so the rest is left to the artist.
_MOST_STOPS_UP = 3.0
_MOST_STOPS_DOWN = 12.0
# Half the height, in degrees, of the band that counts as the horizon's.
_HORIZON_BAND = 5.0
_MEASURED_WIDTH = 512


def measure(image: StoredRGB, panorama: bool, gain: float = 1.0) -> dict[str, float | list[float]]:
    """Figures of a (height, width, 3) linear sky times ``gain``, weighted by solid angle.

    Means count values above 1 as 1.

    Returns ``mean_luminance``, ``mean_colour`` and ``upper_colour`` (linear RGB means over all above the horizon,
    and over all above 30 degrees, or the upper half of a flat image), ``horizon_colour`` (just above the horizon),
    and ``bright_level`` (90th percentile of the strongest channel above the horizon).
    """
    small, weight = _above_horizon(image, panorama)
    small = small * np.float32(gain)
    rows = small.shape[0]
    strongest = np.asarray(small.max(axis=2), np.float32)
    # The disc of the sun would outweigh all the rest.
    small = np.minimum(small, 1.0)
    calm = small @ LUMINANCE
    elevation = _elevations(rows) if panorama else np.linspace(90.0, 0.0, rows)
    upper = elevation >= (30.0 if panorama else 45.0)
    low = elevation <= _HORIZON_BAND
    low[-1] = upper[0] = True
    return {
        "mean_luminance": float(np.average(calm, weights=_wide(weight, calm))),
        "mean_colour": _mean(small, weight),
        "upper_colour": _mean(small[upper], weight[upper]),
        "horizon_colour": _mean(small[low], weight[low]),
        "bright_level": _weighted_percentile(strongest, _wide(weight, strongest), 0.9),
    }


def normalising_stops(bright_level: float) -> float:
    """Stops that bring a sky of ``bright_level`` to a usual exposure, at most 3 up and 12 down."""
    if bright_level <= 0:
        return 0.0
    return float(np.clip(np.log2(WANTED_LEVEL / bright_level), -_MOST_STOPS_DOWN, _MOST_STOPS_UP))


def _above_horizon(image: StoredRGB, panorama: bool) -> tuple[LinearRGB, NDArray[np.float64]]:
    """The part above the horizon, reduced, and the solid angle of its rows."""
    upper = single(image[: max(1, image.shape[0] // 2)] if panorama else image)
    if upper.shape[1] > _MEASURED_WIDTH:
        height = max(1, round(upper.shape[0] * _MEASURED_WIDTH / upper.shape[1]))
        small = cv2.resize(upper, (_MEASURED_WIDTH, height), interpolation=cv2.INTER_AREA)
        upper = np.asarray(small, np.float32)
    rows = upper.shape[0]
    weight = np.cos(np.radians(_elevations(rows))) if panorama else np.ones(rows)
    return upper, weight


def _elevations(rows: int) -> NDArray[np.float64]:
    return 90.0 * (1 - (np.arange(rows) + 0.5) / rows)


def _wide(weight: NDArray[np.float64], luminance: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.broadcast_to(weight[:, None], luminance.shape)


def _mean(image: LinearRGB, weight: NDArray[np.float64]) -> list[float]:
    by_row = image.mean(axis=1, dtype=np.float64)
    return [float(value) for value in np.average(by_row, axis=0, weights=weight)]


def _weighted_percentile(values: NDArray[np.float32], weights: NDArray[np.float64], fraction: float) -> float:
    order = np.argsort(values, axis=None)
    total = np.cumsum(weights.ravel()[order])
    return float(values.ravel()[order][np.searchsorted(total, fraction * total[-1])])
