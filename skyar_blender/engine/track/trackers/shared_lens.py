# SPDX-License-Identifier: GPL-3.0-or-later
"""One lens for a clip: what some of its shots told is taken for those that told none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Shots agree on one lens when their focal lengths are within this factor of one another.
_ALIKE = 1.1
#: A shared lens is kept where it leaves at most so many times the residual of the one before, and so many pixels.
_AS_WELL, _NOISE_PX = 1.1, 0.02


@dataclass(frozen=True)
class ShotLens:
    """``focal`` in analysis pixels and ``distortion`` of a shot, how many ``frames`` it has, whether it ``told`` one
    of its own, and whether it ``zooms``."""

    focal: float
    distortion: float
    frames: int
    told: bool
    zooms: bool


def shared_lens(shots: Sequence[ShotLens]) -> tuple[float, float] | None:
    """Focal length and distortion that all shots that told them agree on, the median over their frames.

    None where no shot told a lens, or two told different ones: then the clip was filmed with more than one.
    """
    told = [shot for shot in shots if shot.told and not shot.zooms]
    if not told or max(shot.focal for shot in told) > _ALIKE * min(shot.focal for shot in told):
        return None
    longest = sorted(told, key=lambda shot: shot.focal)
    half = np.cumsum([shot.frames for shot in longest])
    middle = longest[int(np.searchsorted(half, half[-1] / 2))]
    return middle.focal, middle.distortion


def suits(before: float | None, after: float | None) -> bool:
    """Whether residuals in pixels with the lens of other shots are as good as those without; None: nothing tells."""
    return before is None or (after is not None and after <= _AS_WELL * before + _NOISE_PX)
