# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening the footage of a job, whether movie or image sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Protocol

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip
from ..types import FrameRGB, LinearRGB
from .alpha import Alpha
from .clip_warning import ClipWarning
from .hdr import Transfer

#: An image smaller than this on either side has nothing to find a sky in.
MINIMUM_SIDE = 16


class ClipReader(Protocol):
    """Footage that can be read frame by frame, any number of times.

    Attributes:
        width, height: size in pixels of the images that are given, after any rotation flag.
        own_size: width and height of the clip, which only those of :class:`.smaller_clip.SmallerClip` do not have.
        rate: frames per second of the result.
        own_rate: frames per second by the clip's own clock, which numbers its source frames.
        count: how many frames the clip has; source frames are numbered from 0.
        focal_mm: focal length that the clip's metadata tell, in millimetres on a 36 mm sensor, or None.
        sound: path of the movie whose sound belongs to the clip, or None.
        pixel_aspect: width of a pixel over its height, as shown.
        transfer: that of high dynamic range which its images are taken in, or None; frames are clipped at white.
        tagged_transfer: the same as the file is tagged, whatever was given.
        has_alpha: whether its images are, or may be, see-through; then their colours are those over black.
        spherical: whether the file says that its images are of all directions (equirectangular).
        warnings: what a person should know of the clip.
        damaged: source frames whose image is damaged, or missing so that another stands in; grows while reading.
    """

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def own_size(self) -> tuple[int, int]: ...
    @property
    def rate(self) -> Fraction: ...
    @property
    def own_rate(self) -> Fraction: ...
    @property
    def count(self) -> int: ...
    @property
    def focal_mm(self) -> float | None: ...
    @property
    def sound(self) -> str | None: ...
    @property
    def pixel_aspect(self) -> Fraction: ...
    @property
    def transfer(self) -> Transfer | None: ...
    @property
    def tagged_transfer(self) -> Transfer | None: ...
    @property
    def has_alpha(self) -> bool: ...
    @property
    def spherical(self) -> bool: ...
    @property
    def warnings(self) -> list[ClipWarning]: ...
    @property
    def damaged(self) -> set[int]: ...

    def first_showing(self, number: int) -> int:
        """The first source frame that shows the same image as source frame ``number``."""
        ...

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB]]:
        """The frames with the given source numbers, which must ascend, as (number, image).

        Raises:
            SkyarError: ``clip_unreadable`` or ``clip_missing``, when an image cannot be had.
        """
        ...

    def linear_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB | LinearRGB]]:
        """The same as :meth:`frames`; of high dynamic range, log footage and floats the light, nothing clipped."""
        ...

    def both_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[FrameRGB, FrameRGB | LinearRGB]]]:
        """What :meth:`frames` and :meth:`linear_frames` give, decoded once."""
        ...

    def alphas(self, numbers: Sequence[int]) -> Iterator[tuple[int, Alpha]]:
        """What of the frames is there, as (number, alpha); arguments and errors as :meth:`frames`."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def open_clip(clip: Clip) -> ClipReader:
    """Open the footage and look at its first frame.

    Raises:
        SkyarError: ``clip_missing``, ``clip_unreadable``, ``clip_empty``, ``clip_too_small``.
    """
    from .movie import MovieReader
    from .sequence import SequenceReader

    rate = Fraction(clip.rate) if clip.rate else None
    reader: ClipReader
    if clip.kind == "movie":
        reader = MovieReader(
            clip.path,
            rate,
            stream=clip.stream,
            colour_space=clip.colour_space,
            colour=clip.colour,
            turned=clip.turned,
        )
    else:
        reader = SequenceReader(clip.path, clip.files, rate or Fraction(24), clip.colour_space, clip.colour)
    if min(reader.width, reader.height) < MINIMUM_SIDE:
        raise SkyarError(
            ErrorCode.CLIP_TOO_SMALL,
            f"The picture of {clip.path} is only {reader.width} x {reader.height} pixels.",
            f"A sky cannot be told apart below {MINIMUM_SIDE} pixels on a side.",
            "Use the clip at its full size.",
        )
    return reader


def source_frames(clip: Clip, reader: ClipReader) -> list[int]:
    """The source frame of each frame of the job, in the job's order; of those that show one image, the first.

    A range that ends a frame or two behind the end of the clip, as the counts of programs differ, is kept: readers
    hold the last image there.

    Raises:
        SkyarError: ``clip_range``.
    """
    return [reader.first_showing(number) for number in requested_frames(clip, reader.count)]


def requested_frames(clip: Clip, count: int) -> list[int]:
    """The source frames that the job asks for, of a clip that has ``count``, whichever images they show.

    Raises:
        SkyarError: ``clip_range``.
    """
    if clip.order is not None:
        frames = list(clip.order)
    else:
        frames = list(range(clip.first, (count if clip.last is None else clip.last + 1)))
    slack = max(2, count // 50)
    if not frames or min(frames) >= count or max(frames) >= count + slack:
        requested = f"{frames[0]} to {frames[-1]}" if frames else f"from {clip.first}"
        raise SkyarError(
            ErrorCode.CLIP_RANGE,
            f"Frames {requested} of {clip.path} were asked for.",
            f"The clip has {count} readable frames, 0 to {count - 1}.",
            "Choose frames that the clip has; if it should be longer, it may be cut off: copy it again.",
        )
    return frames
