# SPDX-License-Identifier: GPL-3.0-or-later
"""Find a camera that travelled on while nothing could be followed: no keyframe fits its place any more."""

from __future__ import annotations

import cv2
import numpy as np

from ...types import GreyImage
from ..features.feature_tracks import without_any
from ..geometry.analysis import AnalysisScale
from ..translation.epipolar import relative_pose
from ..translation.step import FrameStep
from .state import TrackerState

#: Descriptor matches that must agree on one passage: so many, and this fraction of all.
_FEWEST = 24
_FRACTION = 0.4
_ALIKE = 56


def rejoined(data: TrackerState, image: GreyImage, scale: AnalysisScale) -> FrameStep | None:
    """The step from the last frame that had trails to ``image`` by ORB's descriptors (Rublee et al. 2011)."""
    if data.feature_tracks is None:
        return None
    detector = cv2.ORB.create(nfeatures=700, fastThreshold=10)
    keys, described = zip(
        *(detector.detectAndCompute(each, None) for each in (data.feature_tracks.image, image)), strict=True
    )
    if described[0] is None or described[1] is None:
        return None
    found = [
        match
        for match in cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(*described)
        if match.distance < _ALIKE
    ]
    if len(found) < _FEWEST:
        return None
    p = np.array([keys[0][match.queryIdx].pt for match in found], np.float64)
    q = np.array([keys[1][match.trainIdx].pt for match in found], np.float64)
    moved = relative_pose(scale.ideal(p), scale.ideal(q), data.records[-1].focal, [(np.eye(3), None)])
    if moved is None or moved.fraction < _FRACTION or int(moved.inliers.sum()) < _FEWEST:
        return None
    return FrameStep(moved.rotation, without_any(image), True, np.zeros(3), moved.fraction, int(moved.inliers.sum()))
