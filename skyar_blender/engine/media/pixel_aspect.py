# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips whose pixels are not square: geometry is that of the image as it is shown, files keep the stored size."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeVar

import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

Image = TypeVar("Image", bound=NDArray[Any])
#: Beyond these a clip's aspect is a mistake; so near to 1 it is square but for rounding.
_LEAST = Fraction(1, 4)
_MOST = Fraction(4)
_SQUARE = Fraction(1, 100)


def pixel_aspect_of(stream: VideoStream) -> Fraction:
    """Width of a pixel over its height, as stored: without any turn."""
    reported = stream.sample_aspect_ratio
    if not reported or not _LEAST <= reported <= _MOST or abs(reported - 1) < _SQUARE:
        return Fraction(1)
    return Fraction(reported)


def shown_size(width: int, height: int, aspect: Fraction) -> tuple[int, int]:
    """Width and height, in square pixels, at which an image is shown; its rows are those of the file."""
    return max(1, round(width * aspect)), height


def at_size(image: Image, size: tuple[int, int]) -> Image:
    """``image`` scaled to ``size`` (width, height); one of that size as it is."""
    if image.shape[1::-1] == size:
        return image
    smaller = size[0] * size[1] < image.shape[0] * image.shape[1]
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=way), image.dtype)  # type: ignore[return-value]
