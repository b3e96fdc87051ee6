# SPDX-License-Identifier: GPL-3.0-or-later
"""The size at which images lie on the disk, for each quality of a job: the long side in pixels."""

from __future__ import annotations

from ..contract.layout import PLATE_BORDER
from ..contract.settings import Quality, Settings

#: More than any clip has: nothing is made smaller.
WHOLE = 1 << 20
#: Of all that a job works on and leaves, at most; nodes enlarge it. Images of all directions are never made smaller.
WORKING = {"draft": 640, "normal": WHOLE, "high": WHOLE}
#: Of the files of clean plates.
PLATE = {"draft": 240, "normal": 960, "high": 960}
#: Of the previews, where the job says nothing.
PREVIEW = {"draft": 640, "normal": WHOLE, "high": WHOLE}


def made_size(size: tuple[int, int], most: int) -> tuple[int, int]:
    """Width and height, ``most`` at most, at which the image for a frame of that width and height is made."""
    step = -(-max(size) // most)  # whole steps are quick
    if step == 1:
        return size
    width, height = (2 * -(-pixels // (2 * step)) for pixels in size)
    return width, height


def working_size(size: tuple[int, int], quality: Quality, spherical: bool) -> tuple[int, int]:
    """Width and height at which a job works on a clip of that size; ``spherical``: it shows all directions."""
    return size if spherical else made_size(size, WORKING[quality])


def stored_size(size: tuple[int, int], most: int) -> tuple[int, int]:
    """Width and height of the file of the image for a frame of that width and height; ``most`` as above."""
    width, height = made_size(size, most)
    return size if (width, height) == size else (width + 2 * PLATE_BORDER, height + 2 * PLATE_BORDER)


def preview_size(size: tuple[int, int], settings: Settings) -> tuple[int, int]:
    """Width and height of the previews of what is worked on at that size; even where the job wants smaller ones."""
    width, height = size
    wanted = PREVIEW[settings.quality] if settings.preview_size is None else settings.preview_size
    if wanted >= max(size):
        return size
    scale = wanted / max(size) / 2
    return max(1, round(width * scale)) * 2, max(1, round(height * scale)) * 2
