# SPDX-License-Identifier: GPL-3.0-or-later
"""Points that are followed from one image to another and find back (Kalal, Mikolajczyk & Matas 2010)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .types import GreyImage

Points = NDArray[Any]


def round_trip(before: GreyImage, after: GreyImage, points: Points, most: float) -> tuple[Points, NDArray[np.bool_]]:
    """Where ``points`` (n, 1, 2) of ``before`` are in ``after``, and which of them (n,) can be believed.

    They come back to within ``most`` pixels. Images are (height, width), as large as one another.
    """
    moved, followed, _ = cv2.calcOpticalFlowPyrLK(before, after, points, np.empty_like(points))
    back, returned, _ = cv2.calcOpticalFlowPyrLK(after, before, moved, np.empty_like(points))
    near = np.linalg.norm((back - points).reshape(-1, 2), axis=1) < most
    return np.asarray(moved, np.float32), np.asarray(near & (followed.ravel() == 1) & (returned.ravel() == 1))
