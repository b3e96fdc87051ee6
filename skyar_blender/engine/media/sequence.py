# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading image sequences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from ...common.image_names import missing_names
from ...contract.colour_transform import ColourTransform
from ...contract.errors import ErrorCode, SkyarError
from ..types import FrameRGB, LinearRGB
from .alpha import Alpha
from .clip_warning import ClipWarning
from .image_colours import ImageColours
from .images import Pixels, may_have_alpha, read_alpha, read_pixels
from .spherical import photograph_is_spherical

#: Gaps that are named in a sentence.
_NAMED = 6


class SequenceReader:
    """Images of one folder, all of one size; see :class:`.clip.ClipReader`."""

    sound = None
    focal_mm = None
    pixel_aspect = Fraction(1)
    transfer = tagged_transfer = None

    def __init__(
        self,
        folder: str,
        files: Sequence[str],
        rate: Fraction,
        colour_space: str | None = None,
        colour: ColourTransform | None = None,
    ) -> None:
        self._colours = ImageColours(colour_space, colour)
        self._paths = [Path(folder) / name for name in files]
        self.rate = self.own_rate = rate
        self.damaged: set[int] = set()
        self.warnings: list[ClipWarning] = []
        if not self._paths:
            raise SkyarError(
                ErrorCode.CLIP_EMPTY,
                f"There is no picture in {folder}.",
                "The sequence names no file.",
                "Choose a folder with numbered pictures.",
            )
        gaps = missing_names(files)
        if gaps:
            named = ", ".join(first if first == last else f"{first} to {last}" for first, last in gaps[:_NAMED])
            more = f" and {len(gaps) - _NAMED} more gaps" if len(gaps) > _NAMED else ""
            self.warnings.append(
                ClipWarning(
                    "sequence_gaps",
                    f"Pictures are missing in the sequence in {folder}: {named}{more}.",
                    "The frames before and after a gap follow one another, as Blender shows them, so the shot jumps "
                    "there.",
                    "Render or copy what is missing and run again; or go on if the sequence is meant to be so.",
                )
            )
        self.height, self.width = self._read(0).colours.shape[:2]
        self.spherical = photograph_is_spherical(self._paths[0])
        self.has_alpha = any(may_have_alpha(path) for path in self._paths)

    @property
    def own_size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def count(self) -> int:
        return len(self._paths)

    def first_showing(self, number: int) -> int:
        return number

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB]]:
        """See :meth:`.clip.ClipReader.frames`."""
        return ((number, self._colours.frame(pixels)) for number, pixels in self._images(numbers))

    def linear_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB | LinearRGB]]:
        """See :meth:`.clip.ClipReader.linear_frames`."""
        return ((number, self._colours.linear(pixels)) for number, pixels in self._images(numbers))

    def both_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[FrameRGB, FrameRGB | LinearRGB]]]:
        """See :meth:`.clip.ClipReader.both_frames`."""
        for number, pixels in self._images(numbers):
            yield number, (self._colours.frame(pixels), self._colours.linear(pixels))

    def alphas(self, numbers: Sequence[int]) -> Iterator[tuple[int, Alpha]]:
        for number in numbers:
            yield number, read_alpha(self._paths[min(number, self.count - 1)], (self.height, self.width))

    def close(self) -> None:
        """Nothing is held open."""

    def _images(self, numbers: Sequence[int]) -> Iterator[tuple[int, Pixels]]:
        for number in numbers:
            pixels = self._read(min(number, self.count - 1))
            height, width = pixels.colours.shape[:2]
            if (height, width) != (self.height, self.width):
                raise SkyarError(
                    ErrorCode.CLIP_UNREADABLE,
                    f"{self._paths[number]} is {width} x {height} pixels.",
                    f"The first picture of the sequence is {self.width} x {self.height}.",
                    "Bring all pictures of the sequence to one size.",
                )
            yield number, pixels

    def _read(self, number: int) -> Pixels:
        path = self._paths[number]
        if not path.is_file():
            raise SkyarError(
                ErrorCode.CLIP_MISSING,
                f"A picture of the sequence is missing: {path}.",
                "The file is not there.",
                "Put it back, or use the part of the sequence before or after it.",
            )
        return read_pixels(path)
