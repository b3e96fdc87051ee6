# SPDX-License-Identifier: GPL-3.0-or-later
"""The size at which clean plates, and all images of a draft, lie on the disk.

A plate is smooth, and is made at 960 pixels at most (240 in a draft); enlarged it would hold nothing more, but
packing it would take two to ten times as long. A draft works on small images altogether. One more pixel on each side
is stored with what is smaller than its frame: as an image is enlarged, each pixel takes its neighbours in, and some
versions of Blender leave out those at the border that have none. Blender 4.2 loses a column or row of an odd number
of them, so they are even.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...common.stored_sizes import PLATE, made_size
from ...contract.layout import PLATE_BORDER
from ..media.pixel_aspect import Image
from ..types import Float32Array

#: Long side at which a plate is made, at most, but for drafts.
MOST = PLATE["normal"]


def to_store(image: Float32Array, size: tuple[int, int], most: int = MOST) -> Float32Array:
    """The image for a frame of ``size`` as it is stored; its long side is made ``most`` at most.

    ``image`` (height, width, ...) float32 may have any size; what comes back has the size of its file
    (:func:`~skyar_blender.common.stored_sizes.stored_size`).
    """
    made = made_size(size, most)
    if image.shape[1::-1] != made:
        smaller = made[0] < image.shape[1]
        way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        image = np.asarray(cv2.resize(image, made, interpolation=way), np.float32)
    return bordered(image, size)


def bordered(image: Image, size: tuple[int, int]) -> Image:
    """``image`` (height, width, ...) as it is stored, with one more pixel on each side; one of ``size`` as it is."""
    if image.shape[1::-1] == size:
        return image
    around = [(PLATE_BORDER, PLATE_BORDER)] * 2 + [(0, 0)] * (image.ndim - 2)
    return np.pad(image, around, mode="edge")  # type: ignore[return-value]


def inner(image: Image, size: tuple[int, int]) -> Image:
    """The same without that, of an ``image`` as it is stored."""
    if image.shape[1::-1] == size:
        return image
    return image[PLATE_BORDER:-PLATE_BORDER, PLATE_BORDER:-PLATE_BORDER]  # type: ignore[return-value]


def enlarged(image: Float32Array, size: tuple[int, int]) -> Float32Array:
    """The same at the ``size`` of its frame, (height, width, ...) float32; one of that size stays as it is.

    ``image`` has the size that it is stored at.
    """
    if image.shape[1::-1] == size:
        return image
    return np.asarray(cv2.resize(inner(image, size), size, interpolation=cv2.INTER_LINEAR), np.float32)
