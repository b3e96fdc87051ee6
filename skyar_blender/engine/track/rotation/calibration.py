# SPDX-License-Identifier: GPL-3.0-or-later
"""The lens, told from the motion where it can be: focal length and radial distortion."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.spatial.transform import Rotation

from ...lens import Lens
from ...types import Float64Array, Matrix3
from .bundle_adjustment import Observation, RotationAdjustment, adjust_rotations

#: Width in pixels that agreement begins with when the lens may be far off.
_WIDE = 60.0
#: ...and when it is about right.
_NARROW = 4.0
#: Largest standard deviations of the logarithm of a focal length and of a distortion that are believed. What is not
#: modelled (parallax, rolling shutter) is many times what the matches' noise explains, so these are small.
_KNOWN = 0.04
_DISTORTED = 0.01
#: Matches of each pair of frames that are asked for the lens.
_FEW = 30
#: A lens is changed only if that leaves less than this fraction of the cost, where matches that are off by more
#: than so many deviations all count the same: what moves by itself must not hide what the rest says.
_BETTER = 0.85
_DEVIATIONS = 3.0
#: Turn in radians that shows a distortion: within less, a camera that moves sideways looks the same.
_BENDING_TURN = math.radians(8.0)
#: Both are asked for at once where one alone leaves less than this fraction.
_WORTH = 0.96
#: ...and where one alone was found, the other goes with it if both leave less than this fraction.
_BOTH = 0.9
#: Focal lengths that are believed, as multiples of the one taken beforehand.
_BETWEEN = (0.3, 6.0)


def calibrated(
    rotations: Sequence[Matrix3],
    zooms: Float64Array,
    observations: Sequence[Observation],
    lens: Lens,
    *,
    free_focal: bool,
    beforehand: Lens | None = None,
) -> RotationAdjustment:
    """The adjustment with the lens that the motion tells, or with ``lens`` where it cannot tell one.

    ``rotations`` of each frame, ``zooms`` (frames,): focal lengths in those of ``lens``.

    Where ``lens`` is another than that which was taken ``beforehand`` (None: it is that one), a part of the motion
    told it already, and all of it is heard once more.

    A camera that turns shows its focal length in how the edges of the image are drawn out, and its distortion in
    how straight lines bend there; one that stands, only rolls or turns a little shows neither. ``free_focal`` says
    that the focal length may change; the distortion may, unless the shot zooms or turns too little.
    """
    rough = roughly_calibrated(rotations, zooms, observations, lens, free_focal=free_focal)
    first = lens if beforehand is None else beforehand
    found = (rough.lens.focal != first.focal, rough.lens.distortion != first.distortion)

    def heard(start: RotationAdjustment, focal: bool, distortion: bool) -> RotationAdjustment:
        return adjust_rotations(
            list(start.rotations), zooms, observations, start.lens,
            free_focal=focal, free_distortion=distortion, start_px=_NARROW,
        )  # fmt: skip

    best = heard(rough, *found)
    if not free_focal or found in ((False, False), (True, True)) or np.ptp(zooms) > 0 or _turn(best) < _BENDING_TURN:
        return best
    # A pan through a lens that distorts looks nearly like one through a longer one: the whole shot may tell both.
    both = heard(best, True, True)
    known = both.focal_deviation < _KNOWN and both.distortion_deviation < _DISTORTED
    near = _DEVIATIONS * both.sigma
    return both if known and both.cost_within(near) < _BOTH * best.cost_within(near) else best


def roughly_calibrated(
    rotations: Sequence[Matrix3],
    zooms: Float64Array,
    observations: Sequence[Observation],
    lens: Lens,
    *,
    free_focal: bool,
) -> RotationAdjustment:
    """As :func:`calibrated`, from a part of the matches: enough for a lens, at a third of the time."""
    few = [each.thinned(_FEW) for each in observations]

    def adjusted(
        start: RotationAdjustment | None = None, *, free_focal: bool = False, free_distortion: bool = False
    ) -> RotationAdjustment:
        turned, known, width = (rotations, lens, _WIDE)
        if start is not None:
            turned, known, width = (list(start.rotations), start.lens, _NARROW)
        return adjust_rotations(
            turned, zooms, few, known, free_focal=free_focal, free_distortion=free_distortion, start_px=width
        )

    def cheaper(candidate: RotationAdjustment, than: RotationAdjustment, fraction: float) -> bool:
        near = _DEVIATIONS * candidate.sigma
        return candidate.cost_within(near) < fraction * than.cost_within(near)

    def better(
        candidate: RotationAdjustment, than: RotationAdjustment, *, focal: bool = False, distortion: bool = False
    ) -> bool:
        low, high = _BETWEEN
        if focal and not (candidate.focal_deviation < _KNOWN and low < candidate.lens.focal / lens.focal < high):
            return False
        if distortion and not candidate.distortion_deviation < _DISTORTED:
            return False
        return cheaper(candidate, than, _BETTER)

    best = plain = adjusted()
    tried: list[RotationAdjustment] = []
    if free_focal:
        tried.append(adjusted(free_focal=True))
        if better(tried[0], best, focal=True):
            best = tried[0]
    if np.ptp(zooms) > 0 or _turn(plain) < _BENDING_TURN:
        return best
    starts = [best, adjusted(free_distortion=True)]
    tried.append(starts[1])
    if better(starts[1], best, distortion=True):
        best = starts[1]
    # Both at once run away from far off: a pan through a barrel looks like a shift through a telephoto lens.
    if free_focal and any(cheaper(candidate, plain, _WORTH) for candidate in tried):
        for start in starts:
            candidate = adjusted(start, free_focal=True, free_distortion=True)
            if better(candidate, best, focal=True, distortion=True):
                best = candidate
    return best


def _turn(agreement: RotationAdjustment) -> float:
    """Largest angle in radians between the first frame and another."""
    turned = Rotation.from_matrix(agreement.rotations @ agreement.rotations[0].T)
    return float(turned.magnitude().max())
