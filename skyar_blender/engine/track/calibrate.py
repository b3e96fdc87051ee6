# SPDX-License-Identifier: GPL-3.0-or-later
"""The focal length, told from the motion where it can be."""

from __future__ import annotations

from collections.abc import Sequence

from ..types import Matrix3
from .bundle import Agreement, Observation, agree
from .geometry import Floats

#: Width in pixels that agreement begins with when the focal length may be far off.
_WIDE = 60.0
#: Largest standard deviation of the logarithm of a focal length that is believed. What is not modelled (parallax,
#: rolling shutter, distortion) is many times what the matches' noise explains, so this is small.
_KNOWN = 0.04
#: A focal length is changed only if that leaves less than this share of the cost, where matches that are off by more
#: than so many deviations all count the same: what moves by itself must not hide what the rest says.
_BETTER, _DEVIATIONS = 0.85, 3.0
#: Focal lengths that are believed, as multiples of the one taken beforehand.
_BETWEEN = (0.3, 6.0)


def calibrated(
    rotations: Sequence[Matrix3], zooms: Floats, observations: Sequence[Observation], focal: float
) -> Agreement:
    """Agreement with the focal length that the motion tells, or with ``focal`` where it cannot tell one.

    A camera that turns shows its focal length in how the edges of the picture are drawn out; one that stands, only
    rolls or turns a little does not.
    """
    told = agree(rotations, zooms, observations, focal, free_focal=True, start_px=_WIDE)
    taken = agree(rotations, zooms, observations, focal, free_focal=False, start_px=_WIDE)
    low, high = _BETWEEN
    plausible = low < told.focal / focal < high
    near = _DEVIATIONS * told.sigma
    if plausible and told.focal_deviation < _KNOWN and told.cost_within(near) < _BETTER * taken.cost_within(near):
        return told
    return taken
