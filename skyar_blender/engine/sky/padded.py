# SPDX-License-Identifier: GPL-3.0-or-later
"""A sky's image as it is held: in the precision of its file, and the rows beyond it beside it, not around it.

A panorama of 8192 pixels takes 200 MB in half floats and 400 in single ones, and a copy with two more rows as much
again. Views are taken from single floats, but those of one lens see only a part.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..media.exr import single
from ..types import LinearRGB, StoredRGB


class Padded:
    """A (height, width, 3) image with the rows ``above`` and ``below`` it; rows count from the first ``above``."""

    def __init__(self, image: StoredRGB, above: StoredRGB | None = None, below: StoredRGB | None = None) -> None:
        none = image[:0]
        self._pieces = [none if above is None else above, image, none if below is None else below]
        self.height, self.width = sum(map(len, self._pieces)), image.shape[1]

    @property
    def in_halves(self) -> bool:
        """Whether it is held in half floats."""
        return self._pieces[1].dtype == np.float16

    @property
    def inner(self) -> LinearRGB:
        """Without the rows beyond."""
        return single(self._pieces[1])

    def part(self, rows: slice, columns: NDArray[np.intp]) -> LinearRGB:
        """Those ``rows`` (with a beginning and an end, within the height), and ``columns`` (n,)."""
        found, first = [], 0
        for piece in self._pieces:
            begin, end = max(rows.start - first, 0), min(rows.stop - first, len(piece))
            if begin < end:
                found.append(single(np.ascontiguousarray(piece[begin:end][:, columns])))
            first += len(piece)
        return found[0] if len(found) == 1 else np.concatenate(found)

    def whole(self) -> LinearRGB:
        """All of it; from then on it is held in single floats, so that it is there once."""
        image, pad = self.inner, len(self._pieces[0])
        if self.height == len(image):
            self._pieces[1] = image
            return image
        whole = np.concatenate([single(self._pieces[0]), image, single(self._pieces[2])])
        self._pieces[1] = whole[pad : pad + len(image)]
        return whole
