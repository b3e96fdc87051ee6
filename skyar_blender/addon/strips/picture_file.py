# SPDX-License-Identifier: GPL-3.0-or-later
"""What Blender says of one picture file; an image sequence does not tell its own before a frame of it was shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

#: Bits of a pixel that has an alpha.
WITH_ALPHA = (32, 64, 128)


@contextmanager
def read(path: Path) -> Iterator[Any]:
    """An image datablock of the file until the end. Raises RuntimeError where there is no such file."""
    image = bpy.data.images.load(str(path), check_existing=False)
    try:
        yield image
    finally:
        bpy.data.images.remove(image)


def size_of(path: Path) -> tuple[int, int]:
    """Width and height in pixels; (0, 0) where it cannot be read."""
    with read(path) as image:
        width, height = image.size
        return width, height


def has_alpha(path: Path) -> bool:
    """Whether it has an alpha."""
    with read(path) as image:
        return image.depth in WITH_ALPHA
