# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of a result for its run: the first frames before and after, and some frames with their matte."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.job import Clip
from ...engine.media.clip import ClipReader, open_clip, source_frames
from ...engine.media.images import read_matte_png
from ...engine.media.movie_writer import MovieWriter
from ...engine.types import FrameRGB, Matte
from .finished import Finished

#: Frames of the preview, the width of each half, and the long side of key frames, in pixels.
FIRST_FRAMES = 40
PREVIEW_WIDTH = 480
KEY_SIZE = 640
#: How many frames are logged as images.
KEY_FRAMES = 5


def before_and_after(result: Finished, path: Path) -> int:
    """Write the first :data:`FIRST_FRAMES` frames of clip and result side by side to the movie ``path``; how many."""
    clip, after = open_clip(result.job.clip), open_clip(Clip(path=str(result.folder.preview)))
    try:
        order = source_frames(result.job.clip, clip)[: min(FIRST_FRAMES, after.count)]
        before = {number: _resized(frame, after) for number, frame in clip.frames(sorted(set(order)))}
        height, width = before[order[0]].shape[:2]
        with MovieWriter(path, 2 * width, height, Fraction(after.rate), None) as writer:
            for number, frame in after.frames(range(len(order))):
                writer.write(np.hstack([before[order[number]], _resized(frame, after)]))
    finally:
        clip.close()
        after.close()
    return len(order)


def key_frames(result: Finished) -> Iterator[tuple[int, FrameRGB, Matte]]:
    """Frames of the result, first and last among them, with their mattes: index, image, matte 0..1, small."""
    movie = open_clip(Clip(path=str(result.folder.preview)))
    try:
        count = min(len(result.frames), movie.count)
        wanted = sorted({round(place) for place in np.linspace(0, count - 1, KEY_FRAMES)})
        for number in wanted:
            _, frame = next(movie.frames([number]))  # one by one: what lies between is jumped over
            matte = read_matte_png(result.folder.matte(number + 1))
            yield number, _small(frame), _small(np.asarray(matte, np.float32) / np.iinfo(matte.dtype).max)
    finally:
        movie.close()


def _resized(frame: FrameRGB, like: ClipReader) -> FrameRGB:
    """Of the preview's size: even numbers, as movies need them."""
    width = min(PREVIEW_WIDTH, like.width) // 2 * 2
    height = max(2, round(like.height * width / like.width) // 2 * 2)
    return np.asarray(cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _small(image: NDArray[Any]) -> NDArray[Any]:
    scale = KEY_SIZE / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
