# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a zoom explains what looks like travel, or travel what looks like a zoom.

A zoom moves all points away from one, near and far alike. Travel does so only with what is equally far, but whatever
a zoom moves may have been moved by travel too: so what counts is how much the zoom leaves unexplained.
"""

from __future__ import annotations

import numpy as np

from ..types import Float64Array
from .rotation.rotation_fit import refine
from .translation.epipolar import relative_pose

#: Fraction of the matches by which travel must explain more.
_MORE = 0.1
#: Width in pixels that agreement with a zoom begins with.
_WIDE = 30.0


def zoom_explains(first: Float64Array, second: Float64Array, focal: float) -> bool:
    """Whether a turn and a zoom explain matches (n, 2), centred ideal pixels, nearly as well as a turn and travel.

    ``focal``: that of the first image, in the same pixels.
    """
    zoom = refine(
        np.eye(3), focal, first, second, np.ones(len(first)), focal_first=focal, zoom=True, start_px=_WIDE
    )  # fmt: skip
    if zoom is None:
        return False
    travel = relative_pose(first, second, focal, [(zoom.rotation, None)])
    return travel is None or zoom.fraction > travel.fraction - _MORE
