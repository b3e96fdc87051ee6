# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a picture in which nothing known was found shows another place, or only blur and what covers the lens."""

from __future__ import annotations

import numpy as np

from .analysis import Grey
from .points import CELL, Points, response

#: Points that tell a picture with something to see from a blank or blurred one...
SHARP_POINTS = 30
#: ...and in a small picture, which holds few: this share of the cells that may give one.
SHARP_SHARE = 0.25
#: Least share of the detail of the keyframe that a new shot shows.
SHARPNESS = 0.3
# Variance in grey levels squared of a picture with nothing in it but noise.
_BLANK = 4.0


def has_much_to_see(image: Grey, points: Points) -> bool:
    """Whether ``points`` of ``image`` are as many as of a picture with something in it."""
    cells = (image.shape[0] // CELL) * (image.shape[1] // CELL)
    return len(points) >= min(SHARP_POINTS, max(1, int(SHARP_SHARE * cells)))


def as_sharp(image: Grey, keyframe: Grey) -> bool:
    """Whether ``image`` has about the detail of ``keyframe``, or about as much of it for its contrast.

    Blur takes detail and leaves contrast; a place in fog, or at night, has little of both.
    """
    found, before = _detail(image), _detail(keyframe)
    return found > SHARPNESS * min(before, before * _spread(image) / _spread(keyframe))


def _detail(grey: Grey) -> float:
    return float(np.mean(response(grey)))


def _spread(grey: Grey) -> float:
    return float(np.var(grey)) + _BLANK
