# SPDX-License-Identifier: GPL-3.0-or-later
"""Names for the arrays that flow through the engine."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Picture of the clip: (height, width, 3), uint8, RGB, display-referred (sRGB or Rec. 709 as decoded).
FrameRGB: TypeAlias = NDArray[np.uint8]
#: Matte: (height, width), float32, 0 = foreground, 1 = sky, linear coverage.
Matte: TypeAlias = NDArray[np.float32]
#: Matte as stored: (height, width), uint16, 0 = foreground, 65535 = sky.
StoredMatte: TypeAlias = NDArray[np.uint16]
#: Scene-linear picture: (height, width, 3), float32, RGB, Rec. 709 primaries, 0 and up.
LinearRGB: TypeAlias = NDArray[np.float32]
#: 3x3 matrix, float64.
Matrix3: TypeAlias = NDArray[np.float64]
