# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a movie that plays everywhere: H.264 in MP4, with the source's rate and sound.

It is put together from pieces of a second, new ones and such that another movie has.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path
from types import TracebackType

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from ..types import FrameRGB
from .movie_piece import MovieFormat, PieceWriter
from .say_spherical import say_spherical
from .sound import SAMPLE_RATE, SoundCut, sound_blocks


class MovieWriter:
    """Writes images of one size at a steady ``rate`` to ``path``; use as a context manager.

    See :class:`.movie_piece.MovieFormat`. With ``spherical`` it says that it shows all directions. When the sound
    cannot be read the movie is silent and ``sound_failed`` tells why.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        rate: Fraction,
        sound: SoundCut | None,
        pixel_aspect: Fraction = Fraction(1),
        spherical: bool = False,
    ) -> None:
        self._path, self._spherical = path, spherical
        # What is told of all directions comes into the index, which must lie behind the images then.
        options = {} if spherical else {"movflags": "faststart"}
        self._container = av.open(str(path), "w", format="mp4", options=options)
        self._format = MovieFormat(width, height, rate, pixel_aspect)
        self._piece: PieceWriter | None = None
        self._video: VideoStream | None = None
        self._audio: AudioStream | None = None
        self._time_base = 1 / Fraction(rate)
        self._count = 0
        self._last = b""
        self.sound_failed: str | None = None
        self._sound: Iterator[AudioFrame] = iter(())
        self._pending: AudioFrame | None = None
        if sound is not None:
            self._start_sound(sound)

    @property
    def piece_length(self) -> int:
        """Images of each piece but the last."""
        return self._format.piece_length

    def write(self, image: FrameRGB) -> None:
        """Append one image."""
        self._piece = self._piece or PieceWriter(self._format)
        self._piece.write(image)
        if self._piece.count == self.piece_length:
            self.end_piece()

    def end_piece(self) -> bytes:
        """The piece of the latest images, whole, as a file of its own (MP4); the next image begins another."""
        piece, self._piece = self._piece, None
        if piece is not None:
            self._last = piece.finish()
            self.append(self._last, 0)
        return self._last

    def append(self, movie: Path | bytes, number: int) -> None:
        """Append the piece ``number`` (from 0) of a movie of the same format, which this class wrote.

        Only where the last piece is whole. Raises ValueError where there is no such piece; nothing was appended then.
        """
        if self._piece is not None:
            raise ValueError("the last piece is not whole")
        with _opened(movie) as source:
            template = source.streams.video[0]
            packets = self._packets(source, template, number)
            if self._video is None:
                self._video = self._container.add_stream_from_template(template)
                self._video.codec_context.bit_rate = 0  # it was that of the movie which the piece comes from
                if self._pending is not None:
                    self._audio = self._container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
            elif template.codec_context.extradata != self._video.codec_context.extradata:
                raise ValueError("the piece was encoded in another way")
            for packet in packets:
                packet.stream = self._video
                packet.time_base = self._time_base
                packet.pts = packet.dts = self._count
                packet.duration = 1
                self._container.mux(packet)
                self._count += 1
        self._write_sound(until=self._count * self._time_base)

    def _packets(self, source: InputContainer, video: VideoStream, number: int) -> list[Packet[VideoStream]]:
        """The images of a piece, encoded."""
        start = round(number * self.piece_length * self._time_base / (video.time_base or 1))
        try:
            source.seek(start, stream=video)
            packets = [each for each in islice(source.demux(video), self.piece_length) if each.size]
        except (av.FFmpegError, OSError) as error:
            raise ValueError(f"it cannot be read: {error}") from error
        if not packets or not packets[0].is_keyframe or packets[0].pts != start:
            raise ValueError(f"there is no piece {number}")
        return packets

    def __enter__(self) -> MovieWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.end_piece()
                self._write_sound(until=None)
                if self._audio is not None:
                    self._container.mux(self._audio.encode(None))
            elif self._piece is not None:
                self._piece.give_up()
        finally:
            self._container.close()
        if self._spherical and error is None:
            say_spherical(self._path)

    def _start_sound(self, cut: SoundCut) -> None:
        blocks = sound_blocks(cut)
        try:
            self._pending = next(blocks, None)
        except (av.FFmpegError, ValueError, IndexError) as error:
            self.sound_failed = f"{type(error).__name__}: {error}"
            return
        self._sound = blocks

    def _write_sound(self, until: Fraction | None) -> None:
        """Encode the sound up to ``until`` seconds, or to its end."""
        while self._audio is not None and self._pending is not None:
            block = self._pending
            if until is not None and Fraction(block.pts or 0, SAMPLE_RATE) >= until:
                return
            self._container.mux(self._audio.encode(block))
            try:
                self._pending = next(self._sound, None)
            except (av.FFmpegError, ValueError) as error:
                self.sound_failed = f"{type(error).__name__}: {error}"
                self._pending = None


@contextmanager
def _opened(movie: Path | bytes) -> Iterator[InputContainer]:
    try:
        container = av.open(str(movie) if isinstance(movie, Path) else io.BytesIO(movie), "r")
    except (av.FFmpegError, OSError) as error:
        raise ValueError(f"it cannot be read: {error}") from error
    with container:
        yield container
