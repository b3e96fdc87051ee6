# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a movie that plays everywhere: H.264 in MP4, with the source's rate and sound."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace

from ..types import FrameRGB
from .say_spherical import say_spherical
from .sound import SAMPLE_RATE, SoundCut, sound_blocks


class MovieWriter:
    """Writes images of one size at a steady ``rate`` to ``path``; use as a context manager.

    Rec. 709 limited range, 4:2:0; an odd side loses nothing, the last row or column is doubled.
    With ``spherical`` it says that it shows all directions. ``pixel_aspect`` is the width of a pixel over its height,
    by which players stretch the image. When the sound cannot be read the movie is silent and ``sound_failed`` tells
    why.
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
        self._pad = (height % 2, width % 2)
        video = self._container.add_stream("libx264", rate=rate)
        video.width, video.height = width + self._pad[1], height + self._pad[0]
        video.pix_fmt = "yuv420p"
        # It can be entered every second, so that players and editors jump about in it without a wait. The preset
        # takes two fifths of the time of the next slower one, for half the bytes and 2 dB less; smoothing the edges
        # of blocks wins some of that back.
        options = {"preset": "ultrafast", "x264-params": "deblock=1", "crf": "18"}
        video.options = {**options, "g": str(max(1, round(rate)))}
        context = video.codec_context
        context.color_range = ColorRange.MPEG
        context.colorspace = Colorspace.ITU709
        context.color_primaries = 1
        context.color_trc = 1
        if pixel_aspect != 1:
            context.sample_aspect_ratio = pixel_aspect
        self._video = video
        self._time_base = 1 / Fraction(rate)
        self._count = 0
        self.sound_failed: str | None = None
        self._sound: Iterator[AudioFrame] = iter(())
        self._pending: AudioFrame | None = None
        if sound is not None:
            self._start_sound(sound)

    def write(self, image: FrameRGB) -> None:
        """Append one image."""
        if any(self._pad):
            image = np.pad(image, ((0, self._pad[0]), (0, self._pad[1]), (0, 0)), mode="edge")
        frame = VideoFrame.from_numpy_buffer(np.ascontiguousarray(image), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
        frame.pts = self._count
        frame.time_base = self._time_base
        self._container.mux(self._video.encode(frame))
        self._count += 1
        self._write_sound(until=self._count * self._time_base)

    def __enter__(self) -> MovieWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._write_sound(until=None)
                self._container.mux(self._video.encode(None))
                if self._audio is not None:
                    self._container.mux(self._audio.encode(None))
        finally:
            self._container.close()
        if self._spherical and error is None:
            say_spherical(self._path)

    _audio = None

    def _start_sound(self, cut: SoundCut) -> None:
        blocks = sound_blocks(cut)
        try:
            self._pending = next(blocks, None)
        except (av.FFmpegError, ValueError, IndexError) as error:
            self.sound_failed = f"{type(error).__name__}: {error}"
            return
        if self._pending is not None:
            self._audio = self._container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
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
