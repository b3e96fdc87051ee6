# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of a few frames of each shot, so that another shot of the same place can be told."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ...types import Float64Array, GreyImage
from ..features.points import Label, Points

#: Features that are looked for, and grey levels by which their corners stand out at least.
_FEATURES = 500
_CONTRAST = 8

#: Pixels from the nearest point up to which a feature is known to be on land.
_NEAR = 42.0
#: Descriptors of an image that shows nothing.
NO_DESCRIPTORS = np.empty((0, 32), np.uint8)


@dataclass(frozen=True)
class View:
    """What stands on the ground in one frame.

    Attributes:
        frame: its index in the clip.
        pixels: (n, 2) float64, x and y in analysis pixels.
        trust: (n,) float64, 0..1, that it is far away and stands still.
        descriptors: (n, 32) uint8, ORB's (Rublee et al. 2011).
    """

    frame: int
    pixels: Float64Array
    trust: Float64Array
    descriptors: NDArray[np.uint8]


def view_of(frame: int, image: GreyImage, points: Points) -> View:
    """What ``image``, a frame with that index, shows; its ``points`` tell what is sky, where clouds come and go."""
    detector = cv2.ORB.create(nfeatures=_FEATURES, fastThreshold=_CONTRAST)
    found, described = detector.detectAndCompute(image, None)
    if described is None or len(points) == 0:
        return View(frame, np.empty((0, 2)), np.empty(0), NO_DESCRIPTORS)
    pixels = np.array([each.pt for each in found], np.float64)
    away, nearest = cKDTree(points.pixels).query(pixels)
    land = (points.label[nearest] != Label.SKY) & (away < _NEAR)
    trust = np.minimum(points.prior[nearest], 1.0)
    return View(frame, pixels[land], trust[land], np.asarray(described[land], np.uint8))
