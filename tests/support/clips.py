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
    picture = np.array([150, 180, 225]) * (0.7 + 0.3 * rows) * np.ones((1, width, 1)) * random.uniform(0.6, 1.1)
    for _ in range(60):
        left, top = int(random.integers(-10, width)), int(height * random.uniform(0.4, 0.95))
        wide, high = int(width * random.uniform(0.04, 0.2)), int(height * random.uniform(0.05, 0.6))
        colour = random.uniform(15, 140) * random.uniform(0.8, 1.1, 3)
        picture[top : top + high, max(left, 0) : left + wide] = colour
    picture[int(0.97 * height) :] = 60
    return np.clip(picture, 0, 255).astype(np.uint8)


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
    pictures: Sequence[np.ndarray],
    *,
    rate: Fraction = Fraction(24),
    codec: str = "libx264",
    pixels: str = "yuv420p",
    times: Sequence[int] | None = None,
    rotation: int = 0,
    sound: bool = False,
) -> Path:
    """A movie of ``pictures``; ``times`` (in frames of ``rate``) makes the rate vary."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixels
        if codec == "libx264":
            stream.options = {"crf": "10", "preset": "ultrafast"}
        if codec == "libx265":
            stream.options = {"x265-params": "log-level=none:crf=10", "preset": "ultrafast"}
        if rotation:
            stream.set_display_rotation(rotation)
        audio = container.add_stream("aac", rate=48000, layout="stereo") if sound else None
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = index if times is None else times[index]
            frame.time_base = 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if audio is not None:
            total = int(len(pictures) / rate * 48000)
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
