# SPDX-License-Identifier: GPL-3.0-or-later
"""What a frame tells of where its light comes from, in some two hundred numbers.

The sky grows brighter and whiter towards the sun; surfaces that face it are bright, so that land seen against the
light is dark beside its sky; and what stands upright is brighter on one side than on the other. All numbers are of
the frame as it hangs in the world: by azimuth from the middle of the view, and by elevation.
"""

from __future__ import annotations

import numpy as np

from ..lens import Lens
from ..types import Float64Array, FrameRGB, Matrix3, Matte
from .bands import describe_bands
from .full_frame import describe_full_frame
from .glow import describe_glow
from .view import view_of

#: Long sides at which a frame is looked at, for the whole and for finer things.
SIZE = 96
FINE = 192
#: Place among the numbers of the fraction of the frame that is sky.
SKY_FRACTION = 101


def describe(frame: FrameRGB, matte: Matte, rotation: Matrix3, lens: Lens) -> Float64Array:
    """The numbers of one frame, float64.

    ``frame`` (height, width, 3) and ``matte`` (height, width; 0..1) of one size, ``lens`` of that size too;
    ``rotation`` maps world directions (x right, y down, z forward at the horizon) to camera directions.
    """
    coarse, fine = (view_of(frame, matte, rotation, lens, size) for size in (SIZE, FINE))
    height, width = coarse.level.shape
    middle = coarse.elevation[height // 2, width // 2]
    camera = [float(coarse.fraction.mean()), float(middle), float(np.log(lens.focal / max(matte.shape)))]
    numbers = [*describe_full_frame(coarse), *camera, *describe_glow(fine), *describe_bands(fine)]
    return np.array(numbers)
