# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks that an artist has drawn: any image, white where it applies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.errors import ErrorCode, SkyarError
from .exr import MAGIC
from .images import read_frame

Mask = NDArray[np.float32]


def read_mask(path: Path) -> Mask:
    """Grey of an image as displayed, (height, width) from 0 to 1; what is transparent is black.

    Raises:
        SkyarError: ``mask_unreadable``.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, f"{error.strerror or error}.") from error
    pixels = None
    if data[:4] != MAGIC:
        try:
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if data else None
        except cv2.error:
            pixels = None
    if pixels is None or pixels.dtype not in (np.uint8, np.uint16):
        try:
            pixels = read_frame(path)
        except SkyarError as error:
            raise _unreadable(path, error.why) from error
    full = np.float32(255 if pixels.dtype == np.uint8 else 65535)
    channels = pixels.reshape(*pixels.shape[:2], -1).astype(np.float32) / full
    colours = channels[..., :3] if channels.shape[-1] >= 3 else channels[..., :1]
    grey = colours.mean(axis=-1)
    if channels.shape[-1] in (2, 4):
        grey *= channels[..., -1]
    return np.asarray(grey, np.float32)


def placed(mask: Mask, size: tuple[int, int], placement: Sequence[float] | None) -> Mask:
    """``mask`` as it lies over an image of ``size`` (height, width); black beyond its edges.

    ``placement`` is that of :class:`~skyar_blender.contract.correction.Correction`.
    """
    height, width = size
    rows, columns = mask.shape
    if placement is None:
        if (rows, columns) == size:
            return mask
        smaller = rows * columns > height * width
        way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(mask, (width, height), interpolation=way), np.float32)
    a, b, c, d, e, f = placement
    # Pixel centres lie half a pixel from the edge, in the clip as in the mask.
    across = np.array([[a * columns / width, b * columns / height], [d * rows / width, e * rows / height]])
    shift = np.array([c * columns, f * rows]) + across @ np.array([0.5, 0.5]) - 0.5
    matrix = np.concatenate([across, shift[:, None]], axis=1)
    # Half a pixel of black around it, as OpenCV blends the border with the outside, would be a rim that no one drew.
    edged = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    matrix[:, 2] += 1
    found = cv2.warpAffine(
        edged,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return np.asarray(found, np.float32)


def _unreadable(path: Path, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.MASK_UNREADABLE,
        f"The mask cannot be read: {path}.",
        why,
        "Save it again as PNG, or leave this correction out.",
    )
