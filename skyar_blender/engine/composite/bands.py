# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on an image some rows at a time: what stays in the processor's cache is done in half the time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from ..types import LinearRGB

#: Rows that are worked on at a time.
BAND = 48
#: So many bands are done before two threads would have begun.
_FEW = 8


def by_bands(work: Callable[[slice], None], height: int, rows: int = BAND) -> None:
    """Call ``work`` for all of ``height`` rows, ``rows`` of them at a time, in two threads where these are many."""
    bands = [slice(first, min(first + rows, height)) for first in range(0, height, rows)]
    if len(bands) <= _FEW:
        for band in bands:
            work(band)
        return
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, bands))


@dataclass(frozen=True)
class EnlargedRows:
    """A smaller image (h, w, 3) as it is at the size of its frame, enlarged as its rows are asked for.

    Bit by bit what ``cv2.resize`` makes of all of it (linear). ``times`` is by how much it is smaller, a whole
    number.
    """

    image: LinearRGB
    times: int = 1

    @classmethod
    def of(cls, image: LinearRGB, size: tuple[int, int]) -> EnlargedRows:
        """For a frame of ``size`` (width, height); where that is no multiple, all is enlarged at once."""
        times = size[1] // image.shape[0]
        if (image.shape[1] * times, image.shape[0] * times) == size:
            return cls(image, times)
        return cls(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.float32))

    def __getitem__(self, rows: slice) -> LinearRGB:
        """Rows of the frame, (rows, width, 3)."""
        if self.times == 1:
            return self.image[rows]
        start, stop, _ = rows.indices(len(self.image) * self.times)
        # One more row on either side, from which the outermost are interpolated.
        first = max(0, start // self.times - 1)
        part = self.image[first : -(-stop // self.times) + 1]
        size = part.shape[1] * self.times, part.shape[0] * self.times
        large = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.float32)
        return large[start - first * self.times : stop - first * self.times]
