# SPDX-License-Identifier: GPL-3.0-or-later
"""Small clips of our own."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def landscape(index: int, width: int = 160, height: int = 96, pan: float = 2.0) -> np.ndarray:
    """Frame of a panning shot: a plain sky with a soft gradient over textured hills, (height, width, 3) uint8."""
    far = np.random.default_rng(7)
    texture = far.integers(20, 120, (height, width * 4, 3)).astype(np.float32)
    texture = (texture + np.roll(texture, 1, 0) + np.roll(texture, 1, 1) + np.roll(texture, 2, 1)) / 4
    shift = round(index * pan)
    ground = texture[:, (np.arange(width) + shift) % texture.shape[1]]
    rows = np.arange(height)[:, None, None] / height
    sky = np.array([150, 180, 225]) * (0.8 + 0.3 * rows) * np.ones((1, width, 1))
    alpha = _sky(shift, width, height)[..., None]
    return np.clip(np.rint(alpha * sky + (1 - alpha) * ground), 0, 255).astype(np.uint8)


def place(seed: int, width: int = 160, height: int = 96) -> np.ndarray:
    """One of many places, all unlike: houses under a plain sky, (height, width, 3) uint8."""
    random = np.random.default_rng(seed)
    rows = np.arange(height)[:, None, None] / height
    image = np.array([150, 180, 225]) * (0.7 + 0.3 * rows) * np.ones((1, width, 1)) * random.uniform(0.6, 1.1)
    for _ in range(60):
        left, top = int(random.integers(-10, width)), int(height * random.uniform(0.4, 0.95))
        wide, high = int(width * random.uniform(0.04, 0.2)), int(height * random.uniform(0.05, 0.6))
        colour = random.uniform(15, 140) * random.uniform(0.8, 1.1, 3)
        image[top : top + high, max(left, 0) : left + wide] = colour
    image[int(0.97 * height) :] = 60
    return np.clip(image, 0, 255).astype(np.uint8)


def landscape_matte(index: int, width: int = 160, height: int = 96, pan: float = 2.0) -> np.ndarray:
    """The exact matte of :func:`landscape`, (height, width) uint16."""
    return np.rint(_sky(round(index * pan), width, height) * 65535).astype(np.uint16)


def _sky(shift: int, width: int, height: int) -> np.ndarray:
    """How far each pixel lies above the skyline, 0 to 1."""
    columns = np.arange(width) + shift
    skyline = height * (0.55 + 0.06 * np.sin(columns / 17.0) + 0.03 * np.sin(columns / 5.0))
    return np.clip(skyline[None] - np.arange(height)[:, None] + 0.5, 0, 1)


def write_movie(
    path: Path,
    images: Sequence[np.ndarray],
    *,
    rate: Fraction = Fraction(24),
    codec: str = "libx264",
    pixels: str = "yuv420p",
    times: Sequence[int] | None = None,
    rotation: int = 0,
    sound: bool = False,
    options: dict[str, str] | None = None,
    start: int = 0,
    second: Sequence[np.ndarray] | None = None,
    cover: np.ndarray | None = None,
    pixel_aspect: Fraction = Fraction(1),
    transfer: int | None = None,
    matrix: int | None = None,
    full_range: bool = False,
) -> Path:
    """A movie of ``images``; ``times`` (in frames of ``rate``) makes the rate vary.

    ``options`` are those of the codec. ``start``: time of the first image in frames; below 0, MP4 hides what comes
    before 0 by an edit list. ``second``: images of a second video stream. ``cover``: a cover image.
    ``matrix`` (of ITU-T H.273) and ``full_range``: how the colours are coded, and said to be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(
        str(path), "w", container_options={"avoid_negative_ts": "disabled"} if start < 0 else {}
    ) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pixels
        if codec == "libx264":
            stream.options = {"crf": "10", "preset": "ultrafast"}
        if options is not None:
            stream.options = options
        if codec == "libx265":
            stream.options = {"x265-params": "log-level=none:crf=10", "preset": "ultrafast"}
        if transfer is not None:  # of ITU-T H.273, with the primaries and the matrix of BT.2020
            context = stream.codec_context
            context.color_trc, context.color_primaries, context.colorspace = transfer, 9, 9
        if matrix is not None:
            stream.codec_context.colorspace, stream.codec_context.color_range = matrix, 2 if full_range else 1
        if pixel_aspect != 1:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation:
            stream.set_display_rotation(rotation)
        audio = container.add_stream("aac", rate=48000, layout="stereo") if sound else None
        others = []
        if second is not None:
            others.append((_stream(container, codec, rate, second[0], pixels), second))
        if cover is not None:
            others.append((_stream(container, "mjpeg", rate, cover, "yuvj420p"), [cover]))
            others[-1][0].disposition = av.stream.Disposition.attached_pic
        for index, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="rgba" if image.shape[2] == 4 else "rgb24")
            if matrix is not None:
                frame = frame.reformat(format=pixels, dst_colorspace=matrix, dst_color_range=2 if full_range else 1)
            frame.pts = start + (index if times is None else times[index])
            frame.time_base = 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        for other, others_images in others:
            for index, image in enumerate(others_images):
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = index, 1 / rate
                container.mux(other.encode(frame))
            container.mux(other.encode(None))
        if audio is not None:
            total = int(len(images) / rate * 48000)
            tone = np.sin(np.arange(total) * 2 * np.pi * 440 / 48000).astype(np.float32) * 0.3
            for start in range(0, total - 1023, 1024):
                block = av.AudioFrame.from_ndarray(
                    np.tile(tone[start : start + 1024], (2, 1)), format="fltp", layout="stereo"
                )
                block.sample_rate = 48000
                block.pts = start
                container.mux(audio.encode(block))
            container.mux(audio.encode(None))
    return path


def _stream(
    container: av.container.OutputContainer, codec: str, rate: Fraction, image: np.ndarray, pixels: str
) -> av.VideoStream:
    stream = container.add_stream(codec, rate=rate)
    stream.height, stream.width = image.shape[:2]
    stream.pix_fmt = pixels
    return stream


def without_first_image(path: Path) -> Path:
    """Cut the first image out of the MPEG-TS at ``path``, as where a recording begins in the middle of a group."""
    with av.open(str(path)) as container:
        second = [packet.pos for packet in container.demux(video=0)][1]
    whole = path.read_bytes()
    path.write_bytes(whole[: 3 * 188] + whole[second:])  # the tables of the stream, and all but the image
    return path


def cover_first(path: Path) -> Path:
    """Let the cover image of the MP4 at ``path`` be its first video stream, as some programs write it."""
    data = path.read_bytes()
    boxes = _boxes(data, 0, len(data))
    start, end = boxes[b"moov"]
    parts = _boxes(data, start + 8, end)
    (first, last), (head, rest) = parts[b"udta"], parts[b"mvhd"]
    inner = data[start + 8 : head] + data[head:rest] + data[first:last] + data[rest:first] + data[last:end]
    path.write_bytes(data[: start + 8] + inner + data[end:])
    return path


def _boxes(data: bytes, position: int, end: int) -> dict[bytes, tuple[int, int]]:
    """Start and end of each box of an MP4."""
    found = {}
    while position < end:
        size = int.from_bytes(data[position : position + 4], "big")
        found[data[position + 4 : position + 8]] = position, position + size
        position += size
    return found


def say_spherical(path: Path) -> Path:
    """Let the MP4 at ``path``, which ends with ``moov``, say that it shows all directions (Spherical Video V1)."""
    word = (
        b'<rdf:SphericalVideo xmlns:rdf="x" xmlns:GSpherical="http://ns.google.com/videos/1.0/spherical/">'
        b"<GSpherical:Spherical>true</GSpherical:Spherical><GSpherical:Stitched>true</GSpherical:Stitched>"
        b"<GSpherical:StitchingSoftware>none</GSpherical:StitchingSoftware>"
        b"<GSpherical:ProjectionType>equirectangular</GSpherical:ProjectionType></rdf:SphericalVideo>"
    )
    box = bytes.fromhex("ffcc8263f8554a938814587a02521fdd") + word
    box = (len(box) + 8).to_bytes(4, "big") + b"uuid" + box
    data = path.read_bytes()
    start, end = _boxes(data, 0, len(data))[b"moov"]
    first, last = _boxes(data, start + 8, end)[b"trak"]
    data = data[:last] + box + data[last:]
    for place in (start, first):
        size = int.from_bytes(data[place : place + 4], "big") + len(box)
        data = data[:place] + size.to_bytes(4, "big") + data[place + 4 :]
    path.write_bytes(data)
    return path
