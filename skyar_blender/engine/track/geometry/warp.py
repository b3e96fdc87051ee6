# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a predicted motion puts the pixels of an image, through the lens that it was taken with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, Matrix3
from .rotations import project

#: From pixels (n, 2) to coordinates in which motions at infinity are homographies, or back.
Chart: TypeAlias = Callable[[Float64Array], Float64Array]
#: Pixels between the nodes at which a warp through a distorted lens is worked out.
_STEP = 8


@dataclass(frozen=True)
class Warp:
    """A homography of coordinates in which the lens is ideal; without ``ideal`` and ``pixels`` those are pixels."""

    homography: Matrix3
    ideal: Chart | None = None
    pixels: Chart | None = None

    @classmethod
    def plain(cls, homography: Matrix3) -> Warp:
        """A homography of pixels."""
        return cls(homography)

    def points(self, pixels: Float64Array) -> Float64Array:
        """Where pixels (n, 2) go; NaN for those that leave the view."""
        if self.ideal is None or self.pixels is None:
            return project(self.homography, pixels)
        return self.pixels(project(self.homography, self.ideal(pixels)))

    def image(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """An image (height, width) moved, of the same size; beyond its border the border goes on."""
        if np.allclose(self.homography, np.eye(3), atol=1e-9):
            return image
        height, width = image.shape
        if self.ideal is None:
            warped = cv2.warpPerspective(
                image, self.homography, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            return np.asarray(warped, np.uint8)
        x, y = self._sources(width, height)
        return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)

    def _sources(self, width: int, height: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Of each pixel the place where it comes from; lenses bend slowly, so between nodes this is interpolated."""
        # Nodes lie in the middle of tiles, as the values of an enlarged image do.
        columns = np.arange(-1, (width - 1) // _STEP + 2) * _STEP + (_STEP - 1) / 2
        rows = np.arange(-1, (height - 1) // _STEP + 2) * _STEP + (_STEP - 1) / 2
        nodes = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
        back = Warp(np.asarray(np.linalg.inv(self.homography)), self.ideal, self.pixels)
        with np.errstate(invalid="ignore"):
            found = np.nan_to_num(back.points(nodes), nan=-1e4).astype(np.float32).reshape(len(rows), len(columns), 2)
        wide = cv2.resize(found, (len(columns) * _STEP, len(rows) * _STEP), interpolation=cv2.INTER_LINEAR)
        part = wide[_STEP : _STEP + height, _STEP : _STEP + width]
        return np.ascontiguousarray(part[..., 0]), np.ascontiguousarray(part[..., 1])
