# SPDX-License-Identifier: GPL-3.0-or-later
"""Mattes, spread over a clip and made small, that the horizon is found from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from ...engine.composite.plate_size import inner
from ...engine.media.images import read_matte_png
from ...engine.types import StoredMatte
from ..job.running_job import evenly_spread

#: How many there are at the most, and their long side in pixels.
_FRAMES = 60
_SIZE = 320


def horizon_mattes(
    count: int, path_of: Callable[[int], Path], size: tuple[int, int]
) -> Iterator[tuple[int, StoredMatte]]:
    """Some of ``count`` frames with their mattes; ``path_of`` gives the file of frame 0, 1...; clip's ``size``."""
    for index in horizon_places(count):
        yield index, small_matte(inner(read_matte_png(path_of(index)), size))


def horizon_places(count: int) -> list[int]:
    """Which of ``count`` frames these are, from 0, ascending."""
    return evenly_spread(list(range(count)), _FRAMES)


def small_matte(matte: StoredMatte) -> StoredMatte:
    """A matte at the size that the horizon is found at."""
    scale = min(1.0, _SIZE / max(matte.shape))
    size = (max(1, round(matte.shape[1] * scale)), max(1, round(matte.shape[0] * scale)))
    return cv2.resize(matte, size, interpolation=cv2.INTER_AREA).astype(np.uint16, copy=False)
