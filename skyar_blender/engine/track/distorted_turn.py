# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a lens that bends straight lines explains what looks like travel: a turn through it moves points unevenly.

Both have one number more than a rotation alone. Travel moves near things more than far ones, wherever they are in the
image; the distortion is one and the same in all frames, and moves what lies at one place alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from ..lens import Lens
from ..types import Matrix3
from .features.feature_tracks import FrameTracks
from .geometry.analysis import AnalysisScale
from .rotation.bundle_adjustment import Observation, adjust_rotations, evenly

#: Frames that are asked, spread over all, trails that two of them must share, and the most that are heard.
_FRAMES = 5
_SHARED = 20
_HEARD = 60
#: Largest standard deviation of a distortion that is believed, and the fraction of its matches that must agree...
_KNOWN = 0.01
_AGREE = 0.9
#: ...within so many pixels.
_WITHIN = 1.0
#: Width in pixels that agreement begins with.
_WIDE = 16.0


def distorted_turn(
    seen: Sequence[FrameTracks], rotations: Sequence[Matrix3], focal: float, scale: AnalysisScale
) -> bool:
    """Whether rotations and one lens for all explain trails ``seen`` in frames turned about by ``rotations``.

    ``focal``: that which was taken so far, in analysis pixels.
    """
    chosen = np.unique(np.linspace(0, len(seen) - 1, min(_FRAMES, len(seen))).round().astype(int))
    matches = []
    for first, second in combinations(range(len(chosen)), 2):
        at, now = seen[chosen[first]].shared_with(seen[chosen[second]])
        if len(at) >= _SHARED:
            heard = evenly(np.arange(len(at)), _HEARD)
            p, q = scale.seen(at[heard]), scale.seen(now[heard])
            matches.append(Observation(first, second, p, q, np.ones(len(p))))
    if not matches:
        return False
    turned = [rotations[index] for index in chosen]
    lens = Lens(focal, scale.distortion, scale.half_diagonal)
    # With a focal length that is far off, only both together do.
    for free_focal in (False, True):
        found = adjust_rotations(
            turned, np.ones(len(turned)), matches, lens, free_focal=free_focal, free_distortion=True, start_px=_WIDE
        )
        if found.distortion_deviation < _KNOWN and float(np.mean(found.distances < _WITHIN)) > _AGREE:
            return True
    return False
