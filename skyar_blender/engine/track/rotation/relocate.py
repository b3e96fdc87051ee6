# SPDX-License-Identifier: GPL-3.0-or-later
"""Find a rough motion between two images without any guess, after the camera was lost."""

from __future__ import annotations

import cv2
import numpy as np

from ...types import GreyImage, Matrix3
from ..geometry.analysis import AnalysisScale
from .rotation_fit import fit_rotation

#: Fewest descriptor matches that must agree on one rotation.
MIN_AGREE = 12


def relocate(
    first: GreyImage, second: GreyImage, scale: AnalysisScale, focal_first: float, focal_second: float, seed: int
) -> Matrix3 | None:
    """Rotation from ``first`` to ``second`` by matching ORB descriptors (Rublee et al. 2011); None when unclear."""
    detector = cv2.ORB.create(nfeatures=500, fastThreshold=10)
    keys_first, described_first = detector.detectAndCompute(first, None)
    keys_second, described_second = detector.detectAndCompute(second, None)
    if described_first is None or described_second is None:
        return None
    found = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(described_first, described_second)
    found = [match for match in found if match.distance < 60]
    if len(found) < MIN_AGREE:
        return None
    p = scale.ideal(np.array([keys_first[match.queryIdx].pt for match in found], np.float64))
    q = scale.ideal(np.array([keys_second[match.trainIdx].pt for match in found], np.float64))
    fit = fit_rotation(
        p, q, np.ones(len(p)), focal_first=focal_first, focal_second=focal_second, guess=np.eye(3),
        zoom=False, seed=seed,
    )  # fmt: skip
    if fit is None or int(fit.inliers.sum()) < MIN_AGREE or fit.fraction < 0.12:
        return None
    return fit.rotation
