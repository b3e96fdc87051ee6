# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a shot sees again what it saw long before: there the track can be held against the images themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ...engine.track.geometry.rotations import overlap
from ...engine.types import FrameRGB, Matrix3, StoredMatte

#: A frame is a return when it shows at least this share of the earlier image.
_SHARED = 0.6
#: How many returns are looked at.
_LOOPS = 12
#: Fewest matches that tell an error, the share of all that must agree on one homography, and within how many pixels.
_FEWEST = 30
_AGREEING = 0.8
_AGREE = 1.0
#: A match is clear when the second best is this much farther (Lowe 2004), and land where the matte is below this.
_RATIO = 0.75
_LAND = 6554


@dataclass(frozen=True)
class LoopClosure:
    """Frame ``later`` shows much of what frame ``earlier`` showed."""

    earlier: int
    later: int


def loop_closures(homographies: Sequence[Matrix3], least_apart: int, width: int, height: int) -> list[LoopClosure]:
    """Pairs of frames of one shot, at least so many frames apart, whose images overlap; the furthest for each."""
    shift = np.array([[1.0, 0.0, (width - 1) / 2], [0.0, 1.0, (height - 1) / 2], [0.0, 0.0, 1.0]])
    centred = [np.linalg.inv(shift) @ homography @ shift for homography in homographies]
    found = []
    for later in range(least_apart, len(centred)):
        for earlier in range(0, later - least_apart + 1, max(1, least_apart // 2)):
            between = centred[later] @ np.linalg.inv(centred[earlier])
            if overlap(np.asarray(between / np.linalg.norm(between)), width, height) >= _SHARED:
                found.append(LoopClosure(earlier, later))
                break
    chosen = np.unique(np.linspace(0, len(found) - 1, min(_LOOPS, len(found))).round().astype(int))
    return [found[index] for index in chosen]


def loop_closure_error(
    earlier: tuple[FrameRGB, StoredMatte], later: tuple[FrameRGB, StoredMatte], between: Matrix3
) -> float | None:
    """Pixels by which the land is, on average, from where the track (``between``, pixels to pixels) puts it.

    SIFT matches (Lowe 2004) that agree on one homography. None where too little agrees: the camera has then not come
    back to its place, so that near things tell nothing of its rotation.
    """
    detector = cv2.SIFT.create(nfeatures=1500)
    keys, described = [], []
    for frame, matte in (earlier, later):
        land = np.where(matte < _LAND, 255, 0).astype(np.uint8)
        points, descriptors = detector.detectAndCompute(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), land)
        if descriptors is None or len(points) < _FEWEST:
            return None
        keys.append(np.array([point.pt for point in points], np.float64))
        described.append(descriptors)
    pairs = [
        best
        for best, *rest in cv2.BFMatcher(cv2.NORM_L2).knnMatch(described[0], described[1], k=2)
        if rest and best.distance < _RATIO * rest[0].distance
    ]
    if len(pairs) < _FEWEST:
        return None
    source = keys[0][[pair.queryIdx for pair in pairs]]
    target = keys[1][[pair.trainIdx for pair in pairs]]
    _, agrees = cv2.findHomography(source, target, cv2.USAC_MAGSAC, _AGREE)
    if agrees is None or agrees.sum() < max(_FEWEST, _AGREEING * len(pairs)):
        return None
    kept = agrees.ravel() > 0
    difference = target[kept] - cv2.perspectiveTransform(source[kept][None], between)[0]
    return float(np.linalg.norm(difference, axis=1).mean())
