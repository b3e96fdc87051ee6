# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a journey tells how its camera turned: near a wall, to turn and to go aside look alike.

From the normal equations of all frames, whose inverse is the covariance of what they tell (Triggs et al. 2000).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array
from ..geometry.rotations import corners
from .bundle_adjustment import Reconstruction
from .normal_equations import System, residual_of, seen_by

#: Frames whose turns are told at once, and those on either side that are let go with them.
_BLOCK, _MARGIN = 48, 16
#: Width of the biweight in deviations and in pixels at the least.
_DEVIATIONS, _NARROWEST = 4.0, 2.5


def turn_errors(found: Reconstruction, frames: NDArray[np.int64], over: int, half_diagonal: float) -> Float64Array:
    """Standard error (n,) of the corners in pixels over the last ``over`` frames; ``frames`` (n,) says which these
    are, ascending.

    Only what noise of the matches does is in it, and that of neighbours is not independent, so that the true error is
    several times as large.
    """
    matches, state = found.matches, found.state
    seen = seen_by(matches, state)
    width = max(_NARROWEST, _DEVIATIONS * found.sigma)
    system = System(
        matches, state, seen, residual_of(matches, state, seen), np.ones(len(matches.p)), width,
        free_focal=False, prior=found.focal,
    )  # fmt: skip
    by = _by_turn(found.focal, half_diagonal)
    count = len(frames)
    before = np.minimum(np.searchsorted(frames, frames - over), np.maximum(np.arange(count) - 1, 0))
    error = np.zeros(count)
    for start in range(0, count, _BLOCK):
        first, end = max(0, start - _MARGIN), min(count, start + _BLOCK + _MARGIN)
        covariance = system.covariance(first, end)[:, :3, :, :3]
        for frame in range(max(1, start), min(count, start + _BLOCK)):
            now, then = frame - first, max(int(before[frame]), first) - first
            turn = found.rotations[first + now] @ found.rotations[first + then].T
            across = covariance[now, :, then] @ turn.T
            apart = covariance[now, :, now] - across - across.T + turn @ covariance[then, :, then] @ turn.T
            error[frame] = np.sqrt(max(float(np.einsum("cki,ij,ckj->c", by, apart, by).mean()), 0.0))
    return found.sigma * error


def _by_turn(focal: float, half_diagonal: float) -> Float64Array:
    """What turns do to the pixels of the corners: (4, 2, 3)."""
    reach = np.sqrt(2) * half_diagonal / focal
    x, y = corners(reach, reach).T
    rows = [np.stack([-x * y, 1 + x * x, -y], axis=1), np.stack([-(1 + y * y), x * y, x], axis=1)]
    return np.asarray(focal * np.stack(rows, axis=1))
