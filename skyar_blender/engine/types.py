# SPDX-License-Identifier: GPL-3.0-or-later
"""Names for the arrays that flow through the engine."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Image of the clip: (height, width, 3), uint8, RGB, display-referred (sRGB or Rec. 709 as decoded).
FrameRGB: TypeAlias = NDArray[np.uint8]
#: Matte: (height, width), float32, 0 = foreground, 1 = sky, linear coverage.
Matte: TypeAlias = NDArray[np.float32]
#: Matte as stored: (height, width), uint16, 0 = foreground, 65535 = sky.
StoredMatte: TypeAlias = NDArray[np.uint16]
#: Scene-linear image: (height, width, 3), float32, RGB, Rec. 709 primaries, 0 and up.
LinearRGB: TypeAlias = NDArray[np.float32]
#: The same in whichever precision its file has, half or single.
StoredRGB: TypeAlias = NDArray[np.floating[Any]]
#: 3x3 matrix, float64.
Matrix3: TypeAlias = NDArray[np.float64]
#: Real numbers of any shape; the docstring says which.
Float32Array: TypeAlias = NDArray[np.float32]
Float64Array: TypeAlias = NDArray[np.float64]
#: One number for each pixel: (height, width), float32.
FloatMap: TypeAlias = NDArray[np.float32]
#: Log odds of sky for each pixel: (height, width), float32; 0 is undecided, above 0 is sky.
LogOdds: TypeAlias = NDArray[np.float32]
#: Brightness as displayed: (height, width), uint8.
GreyImage: TypeAlias = NDArray[np.uint8]
#: Which pixels: (height, width), bool.
BoolMask: TypeAlias = NDArray[np.bool_]
#: Directions: (N, 3), float64.
Rays: TypeAlias = NDArray[np.float64]
