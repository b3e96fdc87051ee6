# SPDX-License-Identifier: GPL-3.0-or-later
"""Footage seen at a smaller size, as a draft works on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from ..types import FrameRGB, LinearRGB
from .alpha import Alpha
from .clip import ClipReader
from .clip_warning import ClipWarning
from .hdr import Transfer
from .pixel_aspect import Image, at_size

Before = TypeVar("Before")
After = TypeVar("After")
#: Bytes of small frames that are kept, so that later passes need not decode them again: some 370 of 640x360.
_KEPT = 256 << 20


class SmallerClip:
    """Another clip whose images are scaled to ``size`` (width, height); the rest as :class:`.clip.ClipReader`.

    The first frames that are read are kept in memory, and are not to be written to.
    """

    def __init__(self, whole: ClipReader, size: tuple[int, int]) -> None:
        self.width, self.height = size
        self._whole = whole
        self._kept: dict[int, FrameRGB] = {}
        self._most = _KEPT // (3 * self.width * self.height)

    @property
    def own_size(self) -> tuple[int, int]:
        return self._whole.own_size

    @property
    def rate(self) -> Fraction:
        return self._whole.rate

    @property
    def own_rate(self) -> Fraction:
        return self._whole.own_rate

    @property
    def count(self) -> int:
        return self._whole.count

    @property
    def focal_mm(self) -> float | None:
        return self._whole.focal_mm

    @property
    def sound(self) -> str | None:
        return self._whole.sound

    @property
    def pixel_aspect(self) -> Fraction:
        return self._whole.pixel_aspect

    @property
    def transfer(self) -> Transfer | None:
        return self._whole.transfer

    @property
    def tagged_transfer(self) -> Transfer | None:
        return self._whole.tagged_transfer

    @property
    def has_alpha(self) -> bool:
        return self._whole.has_alpha

    @property
    def spherical(self) -> bool:
        return self._whole.spherical

    @property
    def warnings(self) -> list[ClipWarning]:
        return self._whole.warnings

    @property
    def damaged(self) -> set[int]:
        return self._whole.damaged

    def first_showing(self, number: int) -> int:
        return self._whole.first_showing(number)

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB]]:
        """See :meth:`.clip.ClipReader.frames`."""
        kept = dict(self._kept)  # what another thread adds meanwhile is decoded here too
        decoded = _changed(self._whole.frames([each for each in numbers if each not in kept]), self._small)
        for number in numbers:
            if number not in kept:
                _, frame = next(decoded)
                if len(self._kept) < self._most:
                    self._kept[number] = frame
                yield number, frame
            else:
                yield number, kept[number]

    def linear_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB | LinearRGB]]:
        """See :meth:`.clip.ClipReader.linear_frames`."""
        return _changed(self._whole.linear_frames(numbers), self._small)

    def both_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[FrameRGB, FrameRGB | LinearRGB]]]:
        """See :meth:`.clip.ClipReader.both_frames`."""
        return _changed(self._whole.both_frames(numbers), lambda both: (self._small(both[0]), self._small(both[1])))

    def alphas(self, numbers: Sequence[int]) -> Iterator[tuple[int, Alpha]]:
        return _changed(self._whole.alphas(numbers), self._small)

    def close(self) -> None:
        self._kept.clear()
        self._whole.close()

    def _small(self, image: Image) -> Image:
        return at_size(image, (self.width, self.height))


def _changed(images: Iterator[tuple[int, Before]], change: Callable[[Before], After]) -> Iterator[tuple[int, After]]:
    return ((number, change(image)) for number, image in images)
