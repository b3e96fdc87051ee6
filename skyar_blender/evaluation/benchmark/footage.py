# SPDX-License-Identifier: GPL-3.0-or-later
"""The clip that is timed: a made shot of any size and length, or one of the person's own at another size."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, cycle, islice
from pathlib import Path

import cv2
import numpy as np

from ...contract.job import Clip
from ...engine.media.clip import open_clip
from ...engine.media.movie_writer import MovieWriter
from ...engine.types import FrameRGB
from ..tracking import moves, world
from ..tracking.cases import Case, focal_px
from ..tracking.footage import shoot

#: Frames that are made; a longer clip goes back and forth through them, so that its camera never jumps.
_MADE = 48
_RATE = Fraction(25)
_LENS_MM = 28.0
_NOISE = 1.2


def made_footage(path: Path, size: tuple[int, int], frames: int) -> None:
    """A hand-held pan over hills and trees under clouds, H.264 with some noise, to ``path``; ``size`` (W, H)."""
    width, height = size
    focal = focal_px(_LENS_MM) * width / 854
    case = Case(
        name="benchmark",
        place=lambda: world.make_world(world.clouded(5), 11, near=False),
        move=moves.shaking(moves.turning(focal, _MADE, yaw=12.0), 3),
        frames=min(frames, _MADE),
        width=width,
        height=height,
        noise=_NOISE,
    )
    _write(path, size, _RATE, frames, (frame for frame, _ in shoot(case)))


def scaled_footage(path: Path, clip: Clip, size: tuple[int, int], frames: int) -> None:
    """The first frames of ``clip`` at another size; a clip that is too short goes back and forth.

    Raises:
        SkyarError: what reading the clip raises.
    """
    reader = open_clip(clip)
    numbers = range(min(frames, reader.count, _MADE))
    images = (cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for _, frame in reader.frames(list(numbers)))
    _write(path, size, reader.rate, frames, (np.asarray(image, np.uint8) for image in images))


def _write(path: Path, size: tuple[int, int], rate: Fraction, frames: int, images: Iterator[FrameRGB]) -> None:
    first = list(images)
    with MovieWriter(path, *size, rate, None) as writer:
        for image in islice(cycle(chain(first, first[-2:0:-1])), frames):
            writer.write(image)
