# SPDX-License-Identifier: GPL-3.0-or-later
"""The focal length that a camera wrote into its movie."""

from __future__ import annotations

import math
from collections.abc import Mapping

#: What telephones write: the 35 mm equivalent, in millimetres, under the name that QuickTime gives it.
_KEYS = ("com.apple.quicktime.camera.focal_length.35mm_equivalent", "camera.focal_length.35mm_equivalent")
#: Diagonal in millimetres of the 36 x 24 mm image: an equivalent has the same angle across the diagonal (CIPA
#: DCG-001), so that the shape of the image does not matter.
_SENSOR_MM = 36.0
_DIAGONAL_MM = math.hypot(_SENSOR_MM, 24.0)
#: Lenses beyond these are no lenses but mistakes.
_SHORTEST = 5.0
_LONGEST = 2000.0


def focal_from_metadata(metadata: Mapping[str, str], width: int, height: int) -> float | None:
    """Focal length in millimetres on a 36 mm sensor along the long side of a ``width`` x ``height`` image.

    None where ``metadata`` (names to texts, of a movie or of its image) tell none, or nonsense. A stabilised movie
    shows a little less than the lens saw, so the true one may be some percent longer.
    """
    for key in _KEYS:
        try:
            equivalent = float(str(metadata[key]).strip().removesuffix("mm"))
        except (KeyError, ValueError):
            continue
        if _SHORTEST <= equivalent <= _LONGEST:
            return equivalent * math.hypot(width, height) / _DIAGONAL_MM * _SENSOR_MM / max(width, height)
    return None
