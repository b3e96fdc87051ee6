# SPDX-License-Identifier: GPL-3.0-or-later
"""Which picture of a movie is on screen at which frame, also where the rate varies."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction


def screen_table(times: Sequence[Fraction], rate: Fraction) -> list[int]:
    """For each frame k, the index of the picture on screen at k / rate.

    ``times`` are the pictures' times in seconds, ascending, the first one being the start. A movie of steady rate
    maps one to one. Otherwise the length in seconds is kept, so that sound stays in step: late pictures are held,
    hurried ones may be left out; the last one shows for one frame. Half a frame of tolerance absorbs coarse time
    stamps.
    """
    start = times[0]
    if all(abs((time - start) * rate - index) < Fraction(1, 2) for index, time in enumerate(times)):
        return list(range(len(times)))
    offsets = [time - start for time in times]
    count = max(1, round(offsets[-1] * rate) + 1)
    half = Fraction(1, 2) / rate
    return [max(0, bisect_right(offsets, Fraction(k) / rate + half) - 1) for k in range(count)]
