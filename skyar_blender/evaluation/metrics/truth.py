# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the mattes that are taken as truth."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.errors import ErrorCode, SkyarError
from ...engine.types import Matte

_FULL = {np.dtype(np.uint8): 255.0, np.dtype(np.uint16): 65535.0}


def read_truth(path: Path, shape: tuple[int, ...]) -> Matte:
    """A mask or an alpha as a matte of ``shape`` (height, width), 0..1; of another size, it is resized.

    Grey of 8 or 16 bits; of an image with colours the brightness counts, and its own alpha is dropped.

    Raises:
        SkyarError: ``clip_missing`` or ``clip_unreadable``.
    """
    grey = _grey(path)
    if grey.shape == shape:
        return grey
    smaller = shape[0] < grey.shape[0]
    return np.asarray(
        cv2.resize(grey, (shape[1], shape[0]), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR),
        np.float32,
    )


def read_counted(path: Path, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """True where a mask of what to ignore (white is ignored) leaves a pixel in; resized to ``shape`` if need be.

    Raises:
        SkyarError: as :func:`read_truth`.
    """
    grey = _grey(path)
    if grey.shape != shape:
        grey = np.asarray(cv2.resize(grey, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST), np.float32)
    return np.asarray(grey < 0.5, np.bool_)


def _grey(path: Path) -> Matte:
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except FileNotFoundError as error:
        raise SkyarError(
            ErrorCode.CLIP_MISSING,
            f"A mask is missing: {path}.",
            "There is no such file.",
            "Put it back, or take out what names it.",
        ) from error
    except OSError as error:
        raise _unreadable(path, f"{error.strerror or error}.") from error
    try:
        pixels = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if len(data) else None
    except cv2.error:
        pixels = None
    if pixels is None or pixels.dtype not in _FULL:
        raise _unreadable(path, "It is damaged, or no picture of 8 or 16 bits.")
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_BGR2GRAY)
    return np.asarray(pixels / np.float32(_FULL[pixels.dtype]), np.float32)


def _unreadable(path: Path, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.CLIP_UNREADABLE, f"A mask cannot be read: {path}.", why, "Make this mask again, or take it out."
    )
