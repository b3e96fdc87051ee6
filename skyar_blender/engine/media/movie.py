# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading movies with PyAV: rotation flags, varying rate, odd sizes, damaged files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ...contract.errors import ErrorCode, SkyarError
from ..types import FrameRGB
from .lens_metadata import focal_from_metadata
from .timing import screen_table


class MovieReader:
    """One movie file; see :class:`.clip.ClipReader`.

    The packets are listed once on opening, without decoding: that gives the true number of pictures, their times
    and any damage, whatever the header says. With ``deep``, pictures of more
    than 8 bits come as uint16.
    """

    def __init__(self, path: str, rate: Fraction | None, deep: bool = False) -> None:
        self._path = path
        self._deep = deep
        self.warnings: list[tuple[str, str]] = []
        if not Path(path).is_file():
            raise SkyarError(
                ErrorCode.CLIP_MISSING,
                f"There is no clip at {path}.",
                "The file was moved or renamed, or its disk is not there.",
                "Give the path of an existing movie.",
            )
        with self._open() as container:
            stream = self._stream(container)
            self._pts = self._list_pictures(container, stream)
            self._time_base = stream.time_base or Fraction(1, 1000)
            own_rate = stream.guessed_rate or stream.average_rate or Fraction(25)
            self.rate = rate or Fraction(own_rate)
            self._table = screen_table([pts * self._time_base for pts in self._pts], self.rate)
            has_sound = bool(container.streams.audio)
            metadata = {**container.metadata, **stream.metadata}
        self.sound: str | None = path if has_sound else None
        _, first = next(iter(self.frames([0])))
        self.height, self.width = first.shape[:2]
        self.focal_mm = focal_from_metadata(metadata, self.width, self.height)

    @property
    def count(self) -> int:
        return len(self._table)

    @property
    def rate_varies(self) -> bool:
        """Whether pictures are held or left out to keep the time."""
        return self._table != list(range(len(self._pts)))

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, FrameRGB]]:
        wanted = [(number, self._table[min(number, self.count - 1)]) for number in numbers]
        if not wanted:
            return
        position = 0
        held: VideoFrame | None = None
        shown: tuple[VideoFrame | None, FrameRGB] | None = None
        for place, frame in self._pictures_from(wanted[0][1]):
            # A damaged picture never comes: the one before it stands in, or the next where there is none.
            while position < len(wanted) and wanted[position][1] <= place:
                source = frame if wanted[position][1] == place or held is None else held
                if shown is None or shown[0] is not source:
                    shown = (source, self._rgb(source))
                yield wanted[position][0], shown[1]
                position += 1
            if position == len(wanted):
                return
            held = frame
        if held is None:
            raise self._unreadable("No picture could be decoded.")
        self._warn_damage()
        last = self._rgb(held)
        for number, _ in wanted[position:]:
            yield number, last

    def close(self) -> None:
        """Nothing is held open between reads."""

    def _warn_damage(self) -> None:
        warning = (
            f"Some pictures of {self._path} could not be decoded; their neighbours stand in for them.",
            "Copy the clip again from the camera if it should be whole.",
        )
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _pictures_from(self, index: int) -> Iterator[tuple[int, VideoFrame]]:
        """Decoded pictures with their index, beginning at or before ``index``."""
        order = {pts: place for place, pts in enumerate(self._pts)}
        if index > 0:
            with self._open() as container:
                stream = self._stream(container)
                container.seek(self._pts[index], stream=stream, backward=True)
                first = True
                for frame in self._decode(container, stream):
                    place = order.get(frame.pts, -1) if frame.pts is not None else -1
                    if place < 0 or (first and place > index):
                        break  # the file cannot be entered there: from the beginning, below
                    first = False
                    yield place, frame
                else:
                    return
        with self._open() as container:
            stream = self._stream(container)
            for count, frame in enumerate(self._decode(container, stream)):
                yield order.get(frame.pts, count) if frame.pts is not None else count, frame

    def _decode(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        """Decode, stepping over what is damaged."""
        stream.thread_type = "AUTO"
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError:
                self._warn_damage()
                return
            try:
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame):
                        yield frame
            except av.FFmpegError:
                self._warn_damage()

    def _rgb(self, frame: VideoFrame) -> FrameRGB:
        deep = self._deep and max(part.bits for part in frame.format.components) > 8
        rgb = frame.to_ndarray(format="rgb48le" if deep else "rgb24")
        turns = round(frame.rotation / 90) % 4
        if turns:
            rgb = np.rot90(rgb, turns)
        size = (getattr(self, "height", rgb.shape[0]), getattr(self, "width", rgb.shape[1]))
        if rgb.shape[:2] != size:
            raise self._unreadable(f"The size changes from {size[1]} x {size[0]} in the middle of the movie.")
        return np.ascontiguousarray(rgb)

    def _list_pictures(self, container: InputContainer, stream: VideoStream) -> list[int]:
        listed: list[int | None] = []
        try:
            listed.extend(packet.pts for packet in container.demux(stream) if packet.size and not packet.is_discard)
        except av.FFmpegError:
            self._warn_damage()
        if not listed:
            raise SkyarError(
                ErrorCode.CLIP_EMPTY,
                f"{self._path} has no frames.",
                "Its video track is empty, or the recording was cut off.",
                "Record or export the clip again.",
            )
        if stream.frames and len(listed) < stream.frames * 0.98 - 1:
            self.warnings.append(
                (
                    f"{self._path} ends early: {len(listed)} of {stream.frames} frames are there.",
                    "Copy the clip again if it should be longer.",
                )
            )
        known = [pts for pts in listed if pts is not None]
        if len(known) < len(listed):  # old containers: decode order is all there is
            step = int(1 / (Fraction(stream.average_rate or 25) * (stream.time_base or Fraction(1, 1000)))) or 1
            return [index * step for index in range(len(listed))]
        return sorted(set(known))

    def _open(self) -> InputContainer:
        try:
            return av.open(self._path)
        except (av.FFmpegError, OSError) as error:
            raise self._unreadable(f"{type(error).__name__}: {error}.") from error

    def _stream(self, container: InputContainer) -> VideoStream:
        if not container.streams.video:
            raise self._unreadable("It has no video track.")
        return container.streams.video[0]

    def _unreadable(self, why: str) -> SkyarError:
        return SkyarError(
            ErrorCode.CLIP_UNREADABLE,
            f"{self._path} cannot be read as a movie.",
            why,
            "Check that it plays elsewhere; if it was cut off while copying, copy it again.",
        )
