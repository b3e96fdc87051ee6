# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a movie's sound that belongs to a range of its frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.audio.frame import AudioFrame

#: What previews carry: plays everywhere.
SAMPLE_RATE = 48000
_BLOCK = 1024


@dataclass(frozen=True)
class SoundCut:
    """Sound of the movie at ``path`` from ``start`` to ``end``, in seconds from the movie's start."""

    path: str
    start: Fraction
    end: Fraction


def sound_blocks(cut: SoundCut) -> Iterator[AudioFrame]:
    """Stereo blocks of 1024 samples (the last one shorter), 32-bit float planar, time stamps from 0.

    Damaged parts are stepped over. Raises ``av.FFmpegError`` only when there is no sound that can be opened.
    """
    first = round(cut.start * SAMPLE_RATE)
    length = max(0, round((cut.end - cut.start) * SAMPLE_RATE))
    written = 0
    waiting = np.zeros((2, 0), np.float32)
    with av.open(cut.path) as container:
        video_start = _start_of_images(container)
        for block, time in _decoded(container):
            position = round((time - video_start) * SAMPLE_RATE) - first
            offset = position - (written + waiting.shape[1])
            if offset > 0:  # a gap, or sound that begins after the images
                waiting = np.pad(waiting, ((0, 0), (0, min(offset, length))))
            elif offset < 0:
                block = block[:, -offset:]
            waiting = np.concatenate([waiting, block], axis=1)[:, : length - written]
            while waiting.shape[1] >= _BLOCK:
                yield _frame(waiting[:, :_BLOCK], written)
                waiting = waiting[:, _BLOCK:]
                written += _BLOCK
            if written + waiting.shape[1] >= length:
                break
    if waiting.shape[1]:
        yield _frame(waiting, written)


def _start_of_images(container: av.container.InputContainer) -> Fraction:
    video = container.streams.video
    if not video or video[0].start_time is None or video[0].time_base is None:
        return Fraction(0)
    return video[0].start_time * video[0].time_base


def _decoded(container: av.container.InputContainer) -> Iterator[tuple[np.ndarray, Fraction]]:
    """Decoded sound as (2, samples) arrays with the time of the first sample in seconds."""
    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
    time: Fraction | None = None
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            if not isinstance(frame, AudioFrame):
                continue
            if frame.pts is not None and frame.time_base is not None:
                stamp = frame.pts * frame.time_base
                # Stamps jitter by less than a block; following each would tear the sound.
                if time is None or abs(stamp - time) > Fraction(1, 20):
                    time = stamp
            time = time or Fraction(0)
            for part in resampler.resample(frame):
                samples = part.to_ndarray().astype(np.float32, copy=False)
                yield samples, time
                time += Fraction(samples.shape[1], SAMPLE_RATE)


def _frame(samples: np.ndarray, position: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = position
    frame.time_base = Fraction(1, SAMPLE_RATE)
    return frame
