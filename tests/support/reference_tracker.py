# SPDX-License-Identifier: GPL-3.0-or-later
"""A tracker after the description of "Castle in the Sky" (Zou 2020), to compare with: never used for a result.

Corners inside the sky are followed from the frame before by Lucas and Kanade, a 2-D rigid motion is fitted to them
(zoom is dropped), and motions are chained. A frame in which that fails stands still. No confidence is kept.
"""

from __future__ import annotations

import cv2
import numpy as np


class ReferenceTracker:
    """Takes frames (height, width, 3), RGB, with mattes (height, width), 0..65535."""

    def __init__(self) -> None:
        self._before: tuple[np.ndarray, np.ndarray] | None = None
        self._homographies: list[np.ndarray] = []

    def add(self, frame: np.ndarray, matte: np.ndarray) -> None:
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        motion = np.eye(3)
        if self._before is not None:
            motion = self._motion(*self._before, grey) @ self._homographies[-1]
        self._homographies.append(motion)
        self._before = (grey, (matte > 32767).astype(np.uint8))

    def homographies(self) -> list[np.ndarray]:
        """From the first frame to each, in pixels."""
        return self._homographies

    @staticmethod
    def _motion(before: np.ndarray, sky: np.ndarray, now: np.ndarray) -> np.ndarray:
        points = cv2.goodFeaturesToTrack(before, maxCorners=200, qualityLevel=0.01, minDistance=30, mask=sky)
        if points is None or len(points) < 3:
            return np.eye(3)
        moved, status, _ = cv2.calcOpticalFlowPyrLK(before, now, points, None)
        good = status.ravel() == 1
        if good.sum() < 3:
            return np.eye(3)
        found, _ = cv2.estimateAffinePartial2D(points[good], moved[good])
        if found is None:
            return np.eye(3)
        turn = np.arctan2(found[1, 0], found[0, 0])
        rigid = np.eye(3)
        rigid[:2, :2] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
        middle = points[good].reshape(-1, 2).mean(axis=0)
        rigid[:2, 2] = found[:, :2] @ middle + found[:, 2] - rigid[:2, :2] @ middle
        return rigid
