# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a panorama that were rendered with fewer columns."""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]


def widened(seen: Rows, times: int) -> Rows:
    """(rows, columns, channels) with that many times the columns, by linear interpolation all around."""
    columns = seen.shape[1]
    at = (np.arange(columns * times) + 0.5) / times - 0.5
    left = np.floor(at).astype(int)
    part = (at - left).astype(np.float32)[:, None]
    return (1 - part) * seen[:, left % columns] + part * seen[:, (left + 1) % columns]
