# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens that Xvfb kept as JPEGs: ``pictures.py FOLDER``. Runs in the engine's Python."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import cv2
import numpy as np


def read_xwd(data: bytes) -> np.ndarray:
    """A screen of 32 bits a pixel as (height, width, 3) B, G, R, 0..255."""
    header = struct.unpack(">25I", data[:100])
    size, width, height, stride, colours = header[0], header[4], header[5], header[12], header[19]
    start = size + 12 * colours
    rows = np.frombuffer(data, np.uint8, stride * height, start).reshape(height, stride)
    return rows[:, : 4 * width].reshape(height, width, 4)[..., :3]


def main(folder: Path) -> None:
    for path in sorted(folder.glob("*.xwd")):
        cv2.imwrite(str(path.with_suffix(".jpg")), read_xwd(path.read_bytes()), [cv2.IMWRITE_JPEG_QUALITY, 82])
        path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
