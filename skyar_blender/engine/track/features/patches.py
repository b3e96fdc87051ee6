# SPDX-License-Identifier: GPL-3.0-or-later
"""Small images of what trails were begun on: compared with them, a trail that lasts does not drift.

From frame to frame a point slips a little each time, above all where its surroundings grow as the camera comes near.
The patch of the first frame is brought onto the newest one by an affine motion (Shi and Tomasi 1994), by the inverse
compositional method (Baker and Matthews 2004) with gain and offset of the brightness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, GreyImage

#: Pixels on each side of the point.
_REACH = 7
_SIDE = 2 * _REACH + 1
_ROUNDS = 3
#: Longest correction in pixels, and least correlation afterwards.
_LONGEST, _ALIKE = 1.5, 0.9
#: Share of the normal equations' diagonal that is added to it.
_RIDGE = 1e-4
#: Bounds of the area that a pixel of the patch covers now.
_SMALLEST, _LARGEST = 0.3, 4.0

_grid = np.arange(-_REACH, _REACH + 1, dtype=np.float32)
_OFFSETS = np.stack(np.meshgrid(_grid, _grid), axis=-1).reshape(-1, 2)
_wide = np.arange(-_REACH - 1, _REACH + 2, dtype=np.float32)
_WITH_EDGE = np.stack(np.meshgrid(_wide, _wide), axis=-1).reshape(-1, 2)


@dataclass(frozen=True)
class Patches:
    """``grey`` (n, 289) float32: the 17 x 17 pixels around each point where it was begun, the outer ones for slopes.

    ``shape`` (n, 2, 2): what takes offsets there to offsets in the newest image.
    """

    grey: NDArray[np.float32]
    shape: Float64Array

    def __len__(self) -> int:
        return len(self.grey)

    def of(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> Patches:
        """Some of them: ``index`` (m,) of places, or (n,) of which to take."""
        return Patches(self.grey[index], self.shape[index])

    def with_more(self, others: Patches) -> Patches:
        """These and others."""
        return Patches(np.concatenate([self.grey, others.grey]), np.concatenate([self.shape, others.shape]))


def cut(image: NDArray[Any], pixels: Float64Array) -> Patches:
    """Patches around ``pixels`` (n, 2) of ``image``."""
    if not len(pixels):
        return Patches(np.empty((0, (_SIDE + 2) ** 2), np.float32), np.empty((0, 2, 2)))
    x, y = (np.ascontiguousarray(pixels[:, axis, None] + _WITH_EDGE[:, axis], np.float32) for axis in (0, 1))
    grey = cv2.remap(image.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Patches(np.asarray(grey, np.float32), np.tile(np.eye(2), (len(pixels), 1, 1)))


def held(patches: Patches, image: GreyImage, pixels: Float64Array) -> tuple[Float64Array, Patches, NDArray[np.bool_]]:
    """Where the patches are in ``image`` (n, 2), from where they are about; as they are seen now, and which hold.

    What does not hold any more stays where it was, and has a new patch.
    """
    count = len(pixels)
    if not count:
        return pixels, patches, np.empty(0, bool)
    exact = image.astype(np.float32)
    square = patches.grey.reshape(count, _SIDE + 2, _SIDE + 2)
    inner = np.ascontiguousarray(square[:, 1:-1, 1:-1]).reshape(count, -1)
    slopes = np.empty((count, 8, _SIDE * _SIDE), np.float32)
    slopes[:, 2] = (0.5 * (square[:, 1:-1, 2:] - square[:, 1:-1, :-2])).reshape(count, -1)
    slopes[:, 5] = (0.5 * (square[:, 2:, 1:-1] - square[:, :-2, 1:-1])).reshape(count, -1)
    slopes[:, 0:2] = slopes[:, 2:3] * _OFFSETS.T
    slopes[:, 3:5] = slopes[:, 5:6] * _OFFSETS.T
    slopes[:, 6], slopes[:, 7] = inner, 1.0
    normal = (slopes @ slopes.transpose(0, 2, 1)).astype(np.float64)
    normal += _RIDGE * np.einsum("nii->ni", normal)[:, :, None] * np.eye(8)
    solving = np.linalg.inv(normal)
    shape, at = patches.shape.copy(), pixels.copy()
    now = _sampled(exact, at, shape)
    for _ in range(_ROUNDS):
        step = (solving @ (slopes @ (now - inner)[..., None]).astype(np.float64))[..., 0]
        change = np.eye(2) + step[:, [0, 1, 3, 4]].reshape(-1, 2, 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            shape = shape @ _inverse(change)
            at = at - (shape @ step[:, [2, 5], None])[..., 0]
            area = shape[:, 0, 0] * shape[:, 1, 1] - shape[:, 0, 1] * shape[:, 1, 0]
        strays = ~((area > _SMALLEST) & (area < _LARGEST) & (np.hypot(*(at - pixels).T) < _LONGEST))
        shape[strays], at[strays] = patches.shape[strays], pixels[strays]
        now = _sampled(exact, at, shape)
    now = now - now.mean(axis=1, keepdims=True)
    like = inner - inner.mean(axis=1, keepdims=True)
    power = np.einsum("ni,ni->n", now, now) * np.einsum("ni,ni->n", like, like)
    holds = np.einsum("ni,ni->n", now, like) > _ALIKE * np.sqrt(np.maximum(power, 1e-6))
    holds &= ~strays
    fresh = cut(image, pixels[~holds])
    grey = patches.grey.copy()
    grey[~holds], shape[~holds] = fresh.grey, fresh.shape
    return np.where(holds[:, None], at, pixels), Patches(grey, shape), holds


def _inverse(matrices: Float64Array) -> Float64Array:
    """Of matrices (n, 2, 2)."""
    (a, b), (c, d) = matrices.transpose(1, 2, 0)
    return np.asarray(np.stack([d, -b, -c, a], axis=-1).reshape(-1, 2, 2) / (a * d - b * c)[:, None, None])


def _sampled(image: NDArray[np.float32], at: Float64Array, shape: Float64Array) -> NDArray[np.float32]:
    """Grey levels (n, 225) around ``at`` (n, 2), offsets as ``shape`` (n, 2, 2) says."""
    offsets = shape.astype(np.float32) @ _OFFSETS.T
    around = offsets + at.astype(np.float32)[..., None]
    found = cv2.remap(
        image, np.ascontiguousarray(around[:, 0]), np.ascontiguousarray(around[:, 1]), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return np.asarray(found, np.float32)
