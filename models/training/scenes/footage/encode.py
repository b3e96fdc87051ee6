# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a movie file as a phone would: H.264 images and AAC sound (PyAV)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray


def write_movie(
    path: Path,
    images: Iterable[NDArray[np.uint8]],
    rate: int,
    sound: NDArray[np.float32] | None,
    sound_rate: int = 48000,
    quality: int = 22,
) -> None:
    """Images (h, w, 3), 8-bit sRGB, even sizes; sound (2, n) in [-1, 1] or None.

    `quality` is x264's constant rate factor. The file is marked Rec. 709, limited range, so that every player shows
    the same colours.
    """
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as movie:
        video = movie.add_stream("libx264", rate=rate, options={"crf": str(quality), "preset": "slow"})
        video.pix_fmt = "yuv420p"
        context = video.codec_context
        context.color_range, context.colorspace = 1, 1
        context.color_primaries, context.color_trc = 1, 1
        audio = None
        if sound is not None:
            audio = movie.add_stream("aac", rate=sound_rate, layout="stereo")
            audio.bit_rate = 96000
        for image in images:
            if not context.is_open:
                video.height, video.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(image, "rgb24").reformat(
                format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            movie.mux(video.encode(frame))
        movie.mux(video.encode(None))
        if audio is None:
            return
        heard = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout="stereo")
        heard.sample_rate = sound_rate
        movie.mux(audio.encode(heard))
        movie.mux(audio.encode(None))
