# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading movies with PyAV: rotation flags, varying rate, odd sizes, damaged files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ...contract.colour_transform import ColourTransform
from ...contract.errors import ErrorCode, SkyarError
from ..colour import frame_from_linear
from ..types import FrameRGB, LinearRGB
from .alpha import Alpha, alpha_of_frame, decoder_of, frame_over_black, movie_has_alpha
from .colour_table import ColourTable
from .hdr import COLOUR_SPACES, Transfer, linear_of_codes, transfer_of
from .lens_metadata import focal_from_metadata
from .movie_index import film_of, index_of, open_movie, unreadable
from .pixel_aspect import pixel_aspect_of
from .spherical import frame_is_spherical

Image = TypeVar("Image")
#: As Blender converts its movies. FFmpeg's usual way takes a seventh of the time and is one code too dark.
_EXACT = Interpolation.POINT | Interpolation.FULL_CHR_H_INT | Interpolation.ACCURATE_RND


class MovieReader:
    """One movie file; see :class:`.clip.ClipReader`.

    The packets are listed once on opening: that gives the true images, their times and any damage, whatever the
    header says. Source frames are numbered by the movie's own clock, as Blender numbers them (:mod:`.timing`);
    ``rate`` is only that of the result. ``stream`` is the video stream, from 0; None is the first that is a film.
    With ``deep``, images of more than 8 bits come as uint16. Rotation flags count where ``turned``.
    """

    has_alpha = spherical = _turned = False
    _shows_alpha = _shows_linear = False
    tagged_transfer: Transfer | None = None

    def __init__(
        self,
        path: str,
        rate: Fraction | None,
        deep: bool = False,
        stream: int | None = None,
        colour_space: str | None = None,
        colour: ColourTransform | None = None,
        turned: bool = True,
    ) -> None:
        self._path = path
        self._turns = turned
        self._colour_space = colour_space
        self._table = None if colour is None else ColourTable(colour)
        self._deep = deep
        self._number = stream
        if not Path(path).is_file():
            raise SkyarError(
                ErrorCode.CLIP_MISSING,
                f"There is no clip at {path}.",
                "The file was moved or renamed, or its disk is not there.",
                "Give the path of an existing movie.",
            )
        index = index_of(path, stream)
        self._screen = index.screen
        self._places = {stamp: place for place, stamp in enumerate(index.stamps)}
        self._stamps = index.stamps
        self.warnings = index.warnings
        self.damaged = index.damaged
        self.own_rate = index.rate
        self.rate = rate or index.rate
        with open_movie(path) as container:
            film = film_of(container, path, stream)
            has_sound = bool(container.streams.audio)
            metadata = {**container.metadata, **film.metadata}
            self.has_alpha = not deep and movie_has_alpha(film)
            self.pixel_aspect = pixel_aspect_of(film)
        self.sound: str | None = path if has_sound else None
        _, first = next(iter(self.frames([0])))
        self.height, self.width = first.shape[:2]
        if self._turned:
            self.pixel_aspect = 1 / self.pixel_aspect
        self.focal_mm = focal_from_metadata(metadata, self.width, self.height)

    @property
    def own_size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def count(self) -> int:
        return self._screen.count

    def first_showing(self, number: int) -> int:
        return self._screen.first_showing(number)

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB]]:
        """See :meth:`.clip.ClipReader.frames`."""
        return self._shown(numbers, self._rgb)

    def both_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[FrameRGB, FrameRGB | LinearRGB]]]:
        """See :meth:`.clip.ClipReader.both_frames`."""
        other = copy(self)
        other._shows_linear = True
        return self._shown(numbers, lambda frame: (self._rgb(frame), other._rgb(frame)))

    def _shown(self, numbers: Sequence[int], image_of: Callable[[VideoFrame], Image]) -> Iterator[tuple[int, Image]]:
        """The images that ``image_of`` makes of what the frames with these numbers show."""
        wanted = [(number, self._screen.image(number)) for number in numbers]
        if not wanted:
            return
        position = 0
        held: VideoFrame | None = None
        shown: tuple[VideoFrame | None, Image] | None = None
        for place, frame in self._images_from(wanted[0][1]):
            # An image that cannot be decoded never comes: the one before stands in, or the next where there is none.
            while position < len(wanted) and wanted[position][1] <= place:
                number, exact = wanted[position][0], wanted[position][1] == place
                source = frame if exact or held is None else held
                if not exact or source.is_corrupt:
                    self.damaged.add(number)
                if shown is None or shown[0] is not source:
                    shown = (source, image_of(source))
                yield number, shown[1]
                position += 1
            if position == len(wanted):
                return
            held = frame
        if held is None:
            raise unreadable(self._path, "No picture could be decoded.")
        last = image_of(held)
        for number, _ in wanted[position:]:
            self.damaged.add(number)
            yield number, last

    @property
    def transfer(self) -> Transfer | None:
        if self._deep:
            return None
        return self.tagged_transfer if self._colour_space is None else COLOUR_SPACES.get(self._colour_space)

    def linear_frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB | LinearRGB]]:
        """See :meth:`.clip.ClipReader.linear_frames`."""
        other = copy(self)
        other._shows_linear = True
        return other.frames(numbers)

    def alphas(self, numbers: Sequence[int]) -> Iterator[tuple[int, Alpha]]:
        other = copy(self)
        other._shows_alpha = True
        return other.frames(numbers)

    def close(self) -> None:
        """Nothing is held open between reads."""

    def _images_from(self, index: int) -> Iterator[tuple[int, VideoFrame]]:
        """Decoded images with their index, beginning at or before ``index``."""
        reported = self._screen.ascending  # else only counting tells which image it is
        if index > 0 and reported:
            with open_movie(self._path) as container:
                stream = film_of(container, self._path, self._number)
                container.seek(self._stamps[index], stream=stream, backward=True)
                first = True
                for frame in self._decode(container, stream):
                    place = -1 if frame.pts is None else self._places.get(frame.pts, -1)
                    if place < 0 or (first and place > index):
                        break  # the file cannot be entered there: from the beginning, below
                    first = False
                    yield place, frame
                else:
                    if not first:
                        return
        with open_movie(self._path) as container:
            stream = film_of(container, self._path, self._number)
            for count, frame in enumerate(self._decode(container, stream)):
                yield self._places.get(frame.pts, count) if reported and frame.pts is not None else count, frame

    def _decode(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        """Decode, stepping over what is damaged: images that do not come are told by :meth:`frames`."""
        stream.thread_type = "AUTO"
        packets = container.demux(stream)
        decoded = decoder_of(stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.FFmpegError):
                return
            try:
                yield from decoded(packet)
            except av.FFmpegError:
                continue

    def _rgb(self, frame: VideoFrame) -> FrameRGB:
        deep = self._deep and max(part.bits for part in frame.format.components) > 8
        rgb: NDArray[Any]
        self.tagged_transfer = transfer_of(frame)
        self.spherical = self.spherical or frame_is_spherical(frame)
        if self._table is not None or self.transfer is not None:
            codes = np.asarray(frame.to_ndarray(format="rgb48le", interpolation=_EXACT), np.uint16)
            if self._table is not None:
                linear = self._table.linear(codes)
            else:
                assert self.transfer is not None
                linear = linear_of_codes(codes, self.transfer)
            rgb = linear if self._shows_linear else frame_from_linear(linear)
        elif self._shows_alpha:
            rgb = alpha_of_frame(frame)
        elif self.has_alpha:
            rgb = frame_over_black(frame)
        else:
            exact = _EXACT if self._shows_linear else Interpolation.BILINEAR
            rgb = frame.to_ndarray(format="rgb48le" if deep else "rgb24", interpolation=exact)
        turns = round(frame.rotation / 90) % 4 if self._turns else 0
        if turns:
            rgb = np.rot90(rgb, turns)
        self._turned = bool(turns % 2)
        size = (getattr(self, "height", rgb.shape[0]), getattr(self, "width", rgb.shape[1]))
        if rgb.shape[:2] != size:
            raise unreadable(self._path, f"The size changes from {size[1]} x {size[0]} in the middle of the movie.")
        return np.ascontiguousarray(rgb)
