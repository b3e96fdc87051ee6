# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing panoramas and thumbnails without Blender."""

from pathlib import Path

import cv2
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from .curve import displayed


def write_exr(pixels: NDArray[np.float32], path: Path, level: float) -> None:
    """(height, width, 3) pixels, scene-linear Rec.709: half float, DWAA with that loss (45 is usual, 0 the least)."""
    header = {
        "compression": OpenEXR.DWAA_COMPRESSION,
        "type": OpenEXR.scanlineimage,
        "dwaCompressionLevel": float(level),
    }
    half = np.clip(pixels, 0, 60000).astype(np.float16)
    with OpenEXR.File(header, {"RGB": half}) as file:
        file.write(str(path))


def read_exr(path: Path) -> NDArray[np.float32]:
    with OpenEXR.File(str(path)) as file:
        return np.asarray(file.channels()["RGB"].pixels, np.float32)


def write_thumbnail(pixels: NDArray[np.float32], path: Path, width: int = 512) -> None:
    small = cv2.resize(np.minimum(pixels, 4), (width, width // 2), interpolation=cv2.INTER_AREA)
    shown = np.rint(displayed(small) * 255).astype(np.uint8)
    cv2.imwrite(str(path), shown[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
