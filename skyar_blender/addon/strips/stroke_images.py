# SPDX-License-Identifier: GPL-3.0-or-later
"""Strokes of the Sky Brush as images, like those of marked strips."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy

from ...common.strokes import Stroke, marked_by
from ...contract.correction import Truth
from .mask_images import MaskImages

#: What the names of their folders begin with: it tells strokes from the images of marked strips.
PREFIX = "brush-"
#: Long side in pixels at most; edges are looked for in the clip.
_LONG_SIDE = 1280
_NAME = "000001.png"


def stroke_images(strokes: Sequence[Stroke], size: tuple[int, int]) -> dict[Truth, MaskImages]:
    """What ``strokes`` of one frame of a clip of ``size`` (width, height) mark, as 8-bit PNGs; one for each truth."""
    scale = min(1.0, _LONG_SIDE / max(size))
    width, height = (max(1, round(scale * side)) for side in size)
    found: dict[Truth, MaskImages] = {}
    for truth, marks in marked_by(strokes, width, height).items():
        digest = hashlib.sha256(f"{width} {height} ".encode() + marks).hexdigest()[:16]
        folder = Path(bpy.app.tempdir) / f"{PREFIX}{digest}"
        if not (folder / _NAME).is_file():
            folder.mkdir(exist_ok=True)
            _write(folder / _NAME, marks, width, height)
        found[truth] = MaskImages(folder, [_NAME], folder.name)
    return found


def _write(path: Path, marks: bytes, width: int, height: int) -> None:
    # Blender's rows begin with the lowest.
    rows = (marks[row * width : (row + 1) * width] for row in reversed(range(height)))
    black, white = array("f", (0, 0, 0, 1)).tobytes(), array("f", (1, 1, 1, 1)).tobytes()
    pixels = array("f", b"".join(white if mark else black for row in rows for mark in row))
    image: Any = bpy.data.images.new("SkyAR strokes", width, height)
    try:
        image.colorspace_settings.name = "Non-Color"
        image.pixels.foreach_set(pixels)
        image.filepath_raw, image.file_format = str(path), "PNG"
        image.save()
    finally:
        bpy.data.images.remove(image)
