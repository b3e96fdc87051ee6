# SPDX-License-Identifier: GPL-3.0-or-later
"""Footage that is see-through: what of it is there, and its colours over black.

Over black, in linear light, an image holds what alpha-over takes of it, so that a new sky is put behind it as behind
any foreground. The colours that a file keeps where nothing is seen do not count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from ..colour import frame_from_linear, linear_from_frame
from ..types import FrameRGB

#: (height, width), uint8: 0 = nothing is there, 255 = nothing is seen through it.
Alpha = NDArray[np.uint8]
#: Decoders that know the alpha of codecs whose usual decoder leaves it out.
_WITH_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


def movie_has_alpha(stream: VideoStream) -> bool:
    """Whether the images of a movie are, or may be, see-through."""
    if _in_side_data(stream):
        return True
    shape = stream.codec_context.format
    return shape is not None and any(part.is_alpha for part in shape.components)


def decoder_of(stream: VideoStream) -> Callable[[Packet[Any]], list[VideoFrame]]:
    """Decodes the packets of ``stream``, alpha included."""
    if not _in_side_data(stream):
        return lambda packet: [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
    own = stream.codec_context
    decoder = VideoCodecContext.create(_WITH_ALPHA[own.name], "r")
    assert isinstance(decoder, VideoCodecContext)  # the codec's own kind
    decoder.extradata = own.extradata

    return lambda packet: [frame for frame in decoder.decode(packet) if isinstance(frame, VideoFrame)]


def alpha_of_frame(frame: VideoFrame) -> Alpha:
    """What of a decoded image is there."""
    return np.ascontiguousarray(frame.to_ndarray(format="rgba")[..., 3], np.uint8)


def frame_over_black(frame: VideoFrame) -> FrameRGB:
    """The colours of a decoded image over black."""
    return over_black(np.asarray(frame.to_ndarray(format="rgba"), np.uint8))


def over_black(rgba: NDArray[np.uint8]) -> FrameRGB:
    """(height, width, 4) straight RGBA, as displayed, over black."""
    colours = np.ascontiguousarray(rgba[..., :3])
    alpha = rgba[..., 3]
    if alpha.min() == 255:
        return colours
    fraction = np.asarray(cv2.merge([alpha] * 3), np.float32) / np.float32(255)
    return frame_from_linear(linear_from_frame(colours) * fraction)


def _in_side_data(stream: VideoStream) -> bool:
    return stream.metadata.get("alpha_mode") == "1" and stream.codec_context.name in _WITH_ALPHA
