# SPDX-License-Identifier: GPL-3.0-or-later
"""What Blender says of one picture file; an image sequence does not tell its own before a frame of it was shown."""

from __future__ import annotations

from pathlib import Path

from ..opened_image import opened_image

#: Bits of a pixel that has an alpha.
WITH_ALPHA = (32, 64, 128)


def size_of(path: Path) -> tuple[int, int]:
    """Width and height in pixels; (0, 0) where it cannot be read."""
    with opened_image(path) as image:
        width, height = image.size
        return width, height


def has_alpha(path: Path) -> bool:
    """Whether it has an alpha."""
    with opened_image(path) as image:
        return image.depth in WITH_ALPHA
