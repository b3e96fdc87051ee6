# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an image in which nothing known was found shows another place, or only blur and what covers the lens."""

from __future__ import annotations

import numpy as np

from ...types import GreyImage
from ..features.points import CELL, Points, response

#: Points that tell an image with something to see from a blank or blurred one...
SHARP_POINTS = 30
#: ...and in a small image, which holds few: this fraction of the cells that may give one.
SHARP_FRACTION = 0.25
#: Least share of the detail of the keyframe that a new shot shows.
SHARPNESS = 0.3
# Variance in grey levels squared of an image with nothing in it but noise.
_BLANK = 4.0


def has_much_to_see(image: GreyImage, points: Points) -> bool:
    """Whether ``points`` of ``image`` are as many as of an image with something in it."""
    cells = (image.shape[0] // CELL) * (image.shape[1] // CELL)
    return len(points) >= min(SHARP_POINTS, max(1, int(SHARP_FRACTION * cells)))


def as_sharp(image: GreyImage, keyframe: GreyImage) -> bool:
    """Whether ``image`` has about the detail of ``keyframe``, or about as much of it for its contrast.

    Blur takes detail and leaves contrast; a place in fog, or at night, has little of both.
    """
    found, before = _detail(image), _detail(keyframe)
    return found > SHARPNESS * min(before, before * _spread(image) / _spread(keyframe))


def _detail(grey: GreyImage) -> float:
    return float(np.mean(response(grey)))


def _spread(grey: GreyImage) -> float:
    return float(np.var(grey)) + _BLANK
