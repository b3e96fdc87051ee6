# SPDX-License-Identifier: GPL-3.0-or-later
"""One second of a movie, which depends on its own images alone: others can stand before and behind it.

So a movie that differs from an earlier one in a few images need not be encoded as a whole.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace

from ..types import FrameRGB


@dataclass(frozen=True)
class MovieFormat:
    """What all images of a movie share.

    Attributes:
        width, height: of the images; an odd side loses nothing, the last row or column is doubled.
        rate: images per second.
        pixel_aspect: width of a pixel over its height, by which players stretch the image.
    """

    width: int
    height: int
    rate: Fraction
    pixel_aspect: Fraction = Fraction(1)

    @property
    def piece_length(self) -> int:
        """Images of a piece: it can be entered every second, so that players and editors jump about without a wait.

        Two pieces of one image each must not follow one another (ITU-T H.264, 7.4.3 ``idr_pic_id``).
        """
        return max(2, round(self.rate))


def encoder_version() -> str:
    """What tells the encoder from others, whose pieces cannot be put together with its own."""
    return f"{av.__version__} {av.library_versions['libavcodec']}"


class PieceWriter:
    """Encodes some images as a movie of its own: H.264, Rec. 709 limited range, 4:2:0.

    Attributes:
        count: images so far.
    """

    def __init__(self, movie: MovieFormat) -> None:
        self.count = 0
        self._file = io.BytesIO()
        self._container = av.open(self._file, "w", format="mp4")
        self._pad = (movie.height % 2, movie.width % 2)
        self._time_base = 1 / Fraction(movie.rate)
        video = self._container.add_stream("libx264", rate=movie.rate)
        video.width, video.height = movie.width + self._pad[1], movie.height + self._pad[0]
        video.pix_fmt = "yuv420p"
        # The preset takes two fifths of the time of the next slower one, for half the bytes and 2 dB less; smoothing
        # the edges of blocks wins some of that back.
        options = {"preset": "ultrafast", "x264-params": "deblock=1", "crf": "18"}
        video.options = {**options, "g": str(movie.piece_length)}
        context = video.codec_context
        context.color_range = ColorRange.MPEG
        context.colorspace = Colorspace.ITU709
        context.color_primaries = 1
        context.color_trc = 1
        if movie.pixel_aspect != 1:
            context.sample_aspect_ratio = movie.pixel_aspect
        self._video = video

    def write(self, image: FrameRGB) -> None:
        """Append one image."""
        if any(self._pad):
            image = np.pad(image, ((0, self._pad[0]), (0, self._pad[1]), (0, 0)), mode="edge")
        frame = VideoFrame.from_numpy_buffer(np.ascontiguousarray(image), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
        frame.pts = self.count
        frame.time_base = self._time_base
        self._container.mux(self._video.encode(frame))
        self.count += 1

    def finish(self) -> bytes:
        """The whole file (MP4)."""
        self._container.mux(self._video.encode(None))
        self._container.close()
        return self._file.getvalue()

    def give_up(self) -> None:
        """Nothing comes of it."""
        self._container.close()
