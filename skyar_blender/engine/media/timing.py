# SPDX-License-Identifier: GPL-3.0-or-later
"""Which image of a movie is on screen at which frame, by the movie's own clock, as Blender reads movies."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate


class Screen:
    """A movie's clock: source frame k is on screen ``k * step`` ticks after ``start``, rounded to a whole tick.

    Args:
        stamps: time stamps of the images in ticks, in the order in which they are shown. They need not ascend:
            AVI has none of its own, and those that stand for them jump where images depend on later ones.
        start: time stamp at which the movie begins.
        step: ticks per frame.
    """

    def __init__(self, stamps: Sequence[int], start: int, step: Fraction) -> None:
        self._stamps = stamps
        self._latest = list(accumulate(stamps, max))
        self._start = start
        self._step = float(step)
        #: Whether each image begins after the one before.
        self.ascending = self._latest == list(stamps)
        #: How many source frames there are: from the start to the first that shows the last image, but no more than
        #: images where their stamps jump.
        self.count = max(1, self._first_at(self._latest[-1]) + 1)
        if not self.ascending:
            self.count = min(self.count, len(stamps))

    def image(self, number: int) -> int:
        """Index of the image that source frame ``number`` shows: the latest one begun at its time.

        As Blender has it, which decodes until an image begins at that time or later, and takes the one before it
        if it begins later. Before the first image it is the first, after the last the last.
        """
        time = self.time(number)
        index = bisect_left(self._latest, time)
        if index == len(self._stamps):
            return index - 1
        return index if self._stamps[index] == time else max(0, index - 1)

    def first_showing(self, number: int) -> int:
        """The first source frame that shows the same image as source frame ``number``."""
        shown = self.image(number)
        if number > 0 and self.image(number - 1) != shown and number < self.count:
            return number
        low, high = 0, min(number, self.count - 1)
        while low < high:  # the image shown never goes back
            middle = (low + high) // 2
            if self.image(middle) < shown:
                low = middle + 1
            else:
                high = middle
        return low

    def held(self, number: int) -> float:
        """For how many frames the image of source frame ``number`` has been on screen at its time."""
        return (self.time(number) - self._stamps[self.image(number)]) / self._step

    def time(self, number: int) -> int:
        """Time stamp of source frame ``number``, in ticks; halves are rounded up."""
        exact = number * self._step
        whole = math.floor(exact)
        return self._start + whole + (exact - whole >= 0.5)

    def _first_at(self, time: int) -> int:
        """The first source frame whose time is ``time`` or later."""
        number = max(0, math.floor((time - self._start) / self._step) - 1)
        while self.time(number) < time:
            number += 1
        return number
