# SPDX-License-Identifier: GPL-3.0-or-later
"""The smaller grey image that motion is read from, and where its points lie in the clip's image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...analysis_sizes import TRACK
from ...lens import distorted, half_diagonal, undistorted
from ...types import Float64Array, FrameRGB, GreyImage, Matrix3, StoredMatte
from .warp import Warp

#: Grey image: (height, width), uint8.


@dataclass(frozen=True)
class AnalysisScale:
    """Relation between the clip's image and the analysis image.

    Centred coordinates have their origin in the middle of the image and square pixels of the analysis size: points
    are *seen* where the lens puts them, and *ideal* where one without ``distortion`` (see :mod:`..lens`) would.
    """

    width: int
    height: int
    clip_width: int
    clip_height: int
    distortion: float = 0.0

    @classmethod
    def of(cls, clip_width: int, clip_height: int, quality: str) -> AnalysisScale:
        """Scale for a clip; clips smaller than the analysis size stay as they are. Raises ValueError."""
        if quality not in TRACK:
            raise ValueError(f"quality {quality!r} is none of {', '.join(TRACK)}")
        factor = min(1.0, TRACK[quality] / max(clip_width, clip_height))
        return cls(max(1, round(clip_width * factor)), max(1, round(clip_height * factor)), clip_width, clip_height)

    @property
    def factor(self) -> float:
        """Analysis pixels per pixel of the clip."""
        return self.width / self.clip_width

    @property
    def aspect(self) -> float:
        """Centred units per row of the analysis image; differs from 1 only by the rounding of its size."""
        return self.factor * self.clip_height / self.height

    @property
    def half_diagonal(self) -> float:
        """In centred coordinates."""
        return half_diagonal(self.width, self.height * self.aspect)

    def seen(self, pixels: Float64Array) -> Float64Array:
        """Analysis pixels (n, 2), pixel centres at whole numbers, to centred coordinates as seen."""
        return np.asarray((pixels - [(self.width - 1) / 2, (self.height - 1) / 2]) * [1.0, self.aspect])

    def ideal(self, pixels: Float64Array) -> Float64Array:
        """Analysis pixels (n, 2) to centred coordinates without the distortion of the lens."""
        return undistorted(self.seen(pixels), self.distortion, self.half_diagonal)

    def pixels(self, ideal: Float64Array) -> Float64Array:
        """Inverse of :meth:`ideal`, (n, 2)."""
        seen = distorted(ideal, self.distortion, self.half_diagonal)
        return np.asarray(seen / [1.0, self.aspect] + [(self.width - 1) / 2, (self.height - 1) / 2])

    def warp(self, homography: Matrix3) -> Warp:
        """A homography of ideal centred coordinates as a motion of analysis pixels."""
        if self.distortion == 0:
            to = np.array(
                [
                    [1.0, 0.0, -(self.width - 1) / 2],
                    [0.0, self.aspect, -(self.height - 1) / 2 * self.aspect],
                    [0.0, 0.0, 1.0],
                ]
            )
            return Warp.plain(np.asarray(np.linalg.inv(to) @ homography @ to))
        return Warp(homography, self.ideal, self.pixels)

    def grey(self, frame: FrameRGB) -> GreyImage:
        """Analysis image of a frame, lightly blurred against noise and aliasing."""
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        if frame.shape[:2] != (self.height, self.width):
            grey = cv2.resize(grey, (self.width, self.height), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(grey, (5, 5), 0.9), np.uint8)

    def sky(self, matte: StoredMatte) -> NDArray[np.uint8]:
        """Matte at the analysis size: (height, width), uint8, 0 = foreground, 255 = sky."""
        small: NDArray[Any] = matte
        if matte.shape != (self.height, self.width):
            small = cv2.resize(matte, (self.width, self.height), interpolation=cv2.INTER_AREA)
        return (small >> 8).astype(np.uint8)
