# SPDX-License-Identifier: GPL-3.0-or-later
"""Directions of the pixels of an equirectangular image.

Row 0 is straight up, the middle of the width is forward (+z), the azimuth grows to the right (+x), y is down. Its
first and its last column are neighbours.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Float64Array, Matrix3

Image = TypeVar("Image", bound=NDArray[Any])


def focal_of(width: float) -> float:
    """Pixels per radian at the horizon: what a focal length in pixels is to other images, in their middle."""
    return width / (2 * math.pi)


def directions(columns: NDArray[Any], rows: NDArray[Any], width: int, height: int) -> Float64Array:
    """Unit directions (..., 3) of pixels, whose centres are at whole numbers."""
    azimuth = ((np.asarray(columns) + 0.5) / width - 0.5) * 2 * np.pi
    elevation = (0.5 - (np.asarray(rows) + 0.5) / height) * np.pi
    flat = np.cos(elevation)
    return np.stack(np.broadcast_arrays(np.sin(azimuth) * flat, -np.sin(elevation), np.cos(azimuth) * flat), axis=-1)


def pixels(rays: Float64Array, width: int, height: int) -> tuple[Float64Array, Float64Array]:
    """Columns and rows where directions (..., 3), of any length, are seen; inverse of :func:`directions`."""
    x, y, z = rays[..., 0], rays[..., 1], rays[..., 2]
    azimuth, elevation = np.arctan2(x, z), np.arctan2(-y, np.hypot(x, z))
    return (azimuth / (2 * np.pi) + 0.5) * width - 0.5, (0.5 - elevation / np.pi) * height - 0.5


def sampled(image: Image, columns: NDArray[Any], rows: NDArray[Any], enlarge: bool = True) -> Image:
    """``image`` at pixels ``columns``, ``rows`` (height, width), across its seam too.

    Cubic where it is enlarged, else linear; the dtype stays.
    """
    height = image.shape[0]
    way = cv2.INTER_CUBIC if enlarge else cv2.INTER_LINEAR
    # Only the columns are a ring; over the poles the last row stands in.
    down = np.clip(rows, 0, height - 1).astype(np.float32)
    return np.asarray(  # type: ignore[return-value]
        cv2.remap(image, columns.astype(np.float32), down, way, borderMode=cv2.BORDER_WRAP), image.dtype
    )


def turned(image: Image, rotation: Matrix3) -> Image:
    """``image`` as a camera sees it that ``rotation`` turns to, from directions of the image to its own."""
    height, width = image.shape[:2]
    rays = directions(np.arange(width), np.arange(height)[:, None], width, height)
    return sampled(image, *pixels(np.asarray(rays @ rotation), width, height), enlarge=False)


def widened(image: Image, columns: int) -> Image:
    """``image`` with so many columns of its other end on both sides."""
    return np.concatenate(  # type: ignore[return-value]
        [image[:, image.shape[1] - columns :], image, image[:, :columns]], axis=1
    )
