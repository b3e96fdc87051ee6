# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a sky's own sun lights the ground, wherever a shot looks in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

#: Elevations of a sun, in degrees, between which its light on the ground comes to count as that of a day.
_RISING = (5.0, 20.0)
#: Mean luminance of a sky below which the brightest thing in it is a moon.
_NIGHT = 0.1


def daylight(metadata: Mapping[str, Any]) -> float:
    """How far (0..1) the sun of a sky shines on the ground as that of a day does; 0 without a sun.

    ``metadata``: as of :class:`.load.LoadedSky`.
    """
    sun = metadata.get("sun_direction")
    if sun is None or float(metadata.get("mean_luminance", 1.0)) < _NIGHT:
        return 0.0
    low, high = _RISING
    risen = float(np.clip((float(sun[1]) - low) / (high - low), 0, 1))
    return risen * risen * (3 - 2 * risen)
