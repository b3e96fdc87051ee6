# SPDX-License-Identifier: GPL-3.0-or-later
"""A sky that moves: a movie, played round and round by its own clock."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract.errors import ErrorCode, SkyarError
from ..colour import linear_from_frame
from ..media.images import linear_of_16_bits
from ..media.movie import MovieReader
from ..types import LinearRGB

# A movie that is no loop dissolves into its beginning within so many seconds, at most this part of it.
_DISSOLVE = 1.0
_DISSOLVE_PART = 0.25
# Nearer to an image than this part of the way to the next, the image is taken as it is.
_SAME = 0.02


class VideoSky:
    """The movie at ``path``, its codes read as sRGB whose white is ``peak``.

    Where it is ``seamless`` its first image follows its last; otherwise its end dissolves into its beginning.

    Raises:
        SkyarError: ``sky_unreadable``.
    """

    def __init__(self, path: Path, peak: float = 1.0, seamless: bool = False) -> None:
        try:
            self._reader = MovieReader(str(path), None, deep=True)
        except SkyarError as error:
            raise _unreadable(path, error) from error
        self._path, self._peak = path, np.float32(peak)
        count = self._reader.count
        self._dissolve = 0 if seamless else int(min(_DISSOLVE * self._reader.rate, _DISSOLVE_PART * count))
        self._period = count - self._dissolve
        # The beginning and, while they dissolve, the end are read side by side.
        self._reels = [_Reel(self._reader), _Reel(self._reader)]

    @property
    def seconds(self) -> float:
        """How long it takes to come round."""
        return float(self._period / self._reader.rate)

    def image(self, seconds: float) -> LinearRGB:
        """(height, width, 3) scene-linear, so many seconds after its beginning, mixed of the two nearest images.

        Moments are quick to get in their order.

        Raises:
            SkyarError: ``sky_unreadable``.
        """
        place = seconds * float(self._reader.rate)
        before = math.floor(place + _SAME)
        between = max(0.0, place - before)
        try:
            image = self._whole(before)
            if between > _SAME:
                after = self._whole(before + 1)
                image = image + np.float32(between) * (after - image)
        except SkyarError as error:
            raise _unreadable(self._path, error) from error
        return image * self._peak

    def _whole(self, number: int) -> LinearRGB:
        """Image ``number`` of a sky without beginning and end."""
        turn, number = divmod(number, self._period)
        image = self._reels[0].image(number)
        if number < self._dissolve and turn != 0:
            ending = self._reels[1].image(self._period + number)
            image = ending + np.float32((number + 1) / (self._dissolve + 1)) * (image - ending)
        return image


class _Reel:
    """Images of a movie by their numbers, read on from the last one where that is possible; keeps two."""

    def __init__(self, reader: MovieReader) -> None:
        self._reader = reader
        self._coming: Iterator[tuple[int, NDArray[Any]]] = iter(())
        self._next: float = math.inf  # nothing is open yet
        self._kept: dict[int, LinearRGB] = {}

    def image(self, number: int) -> LinearRGB:
        if number in self._kept:
            return self._kept[number]
        # A second ahead is sooner read than looked for.
        if not self._next <= number <= self._next + self._reader.rate:
            self._coming = self._reader.frames(range(number, self._reader.count))
        for found, frame in self._coming:
            if found == number:
                self._next = number + 1
                newest = list(self._kept.items())[-1:]
                self._kept = {**dict(newest), number: _linear(frame)}
                return self._kept[number]
        raise AssertionError("a reader gives all the pictures that it counts")


def _linear(frame: NDArray[Any]) -> LinearRGB:
    return linear_from_frame(frame) if frame.dtype == np.uint8 else linear_of_16_bits(frame)


def _unreadable(path: Path, error: SkyarError) -> SkyarError:
    return SkyarError(ErrorCode.SKY_UNREADABLE, f"The sky {path} cannot be read as a movie.", error.why, error.todo)
