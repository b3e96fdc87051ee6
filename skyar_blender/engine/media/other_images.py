# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures that Blender writes and OpenCV does not read: DPX, Targa and SGI, by FFmpeg's decoders."""

from __future__ import annotations

from typing import Any

import av
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

#: First bytes, and FFmpeg's name, of each kind. Targa has no such bytes, only an ending.
_STARTS = {b"SDPX": "dpx", b"XPDS": "dpx", b"\x01\xda": "sgi"}
_TARGA = (".tga", ".icb", ".vda", ".vst")


def is_other_image(start: bytes, suffix: str) -> bool:
    """Whether a file with these first bytes and this ending is of one of these kinds."""
    return _kind(start, suffix) is not None


def decode_other_image(data: bytes, suffix: str) -> NDArray[Any] | None:
    """(height, width, 3 or 4) R, G, B and straight alpha; None of what is damaged or of another kind.

    uint8 or uint16. DPX comes as float32, 0..1, as Blender takes it: its codes are light unless the strip's colour
    space says otherwise, whatever the header does.
    """
    kind = _kind(data[:4], suffix)
    if kind is None:
        return None
    decoder = VideoCodecContext.create(kind, "r")
    assert isinstance(decoder, VideoCodecContext)  # the codec's own kind
    try:
        frames = [frame for frame in decoder.decode(Packet(data)) if isinstance(frame, VideoFrame)]
        frames += decoder.decode(None)
        return _pixels(frames[0], kind) if frames else None
    except (av.FFmpegError, ValueError):
        return None


def _pixels(frame: VideoFrame, kind: str) -> NDArray[Any]:
    deep = max(part.bits for part in frame.format.components) > 8
    # Of DPX that are painted over with nothing, as Blender reads them, alpha is not used.
    see_through = kind != "dpx" and any(part.is_alpha for part in frame.format.components)
    name = ("rgba64le" if see_through else "rgb48le") if deep else ("rgba" if see_through else "rgb24")
    found: NDArray[Any] = frame.to_ndarray(format=name)
    if kind != "dpx":
        return found
    return np.asarray(found, np.float32) / np.float32(65535 if deep else 255)


def _kind(start: bytes, suffix: str) -> str | None:
    for bytes_of, kind in _STARTS.items():
        if start.startswith(bytes_of):
            return kind
    return "targa" if suffix.lower() in _TARGA else None
