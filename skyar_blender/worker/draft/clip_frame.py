# SPDX-License-Identifier: GPL-3.0-or-later
"""One frame of a clip, small, with all that a new sky does not change; and the clip that stays open for more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...contract.job import Clip
from ...engine.composite.clean_plate import clean_plate, sky_samples
from ...engine.composite.grain import Grain, GrainStatistics
from ...engine.composite.light_statistics import SeenSky, SkyStatistics
from ...engine.composite.sky_visibility import sky_visibility
from ...engine.matte.hints import Hints
from ...engine.matte.interface import MatteMethod
from ...engine.matte.samples import sample_of
from ...engine.matte.see_through import over_plain_sky, with_alpha
from ...engine.matte.spherical import SphericalMatte
from ...engine.media.alpha import Alpha
from ...engine.media.clip import ClipReader, open_clip
from ...engine.media.pixel_aspect import at_size, shown_size
from ...engine.types import FrameRGB, LinearRGB, Matte
from ..clip.projection import is_spherical

#: Log odds, that its answer is right, below which the network is said to be unsure.
_UNSURE = 1.0


@dataclass(frozen=True)
class ClipFrame:
    """A frame in square pixels; images are (height, width, ...) of one size.

    Attributes:
        frame: the frame, 8-bit display-referred.
        matte: 0..1, 1 = sky.
        unsure: where the method of matting is not sure; None where it does not say.
        plate: the clean plate, scene-linear.
        sky_visibility: how far each place sees the sky, 0..1, of a size of its own.
        old_sky: the colours of the old sky.
        grain: that of the old sky, at this size.
    """

    frame: FrameRGB
    matte: Matte
    unsure: NDArray[np.bool_] | None
    plate: LinearRGB
    sky_visibility: Matte
    old_sky: SeenSky
    grain: Grain


@dataclass(frozen=True)
class OpenClip:
    """A clip that stays open; ``key`` tells whether a job's clip is the same, and still as it was."""

    key: tuple[object, ...]
    reader: ClipReader
    spherical: bool

    @classmethod
    def of(cls, clip: Clip) -> OpenClip:
        """Open it. Raises SkyarError as :func:`.open_clip`."""
        key = key_of(clip)
        reader = open_clip(clip)
        return cls(key, reader, is_spherical(clip, reader))

    def size(self, long_side: int) -> tuple[int, int]:
        """Width and height of the frames in square pixels, at most so long."""
        width, height = shown_size(self.reader.width, self.reader.height, self.reader.pixel_aspect)
        scale = min(1.0, long_side / max(width, height))
        return max(1, round(width * scale)), max(1, round(height * scale))

    def read(
        self,
        source: int,
        size: tuple[int, int],
        method: Callable[[], MatteMethod],
        known: Matte | None = None,
        hints: Mapping[int, Hints] | None = None,
    ) -> ClipFrame:
        """Source frame ``source`` at ``size``, with its matte: ``known``, or what ``method`` finds.

        It looks at this frame, and at those that the artist has marked: ``hints``, by source frames, at ``size``.

        Raises:
            SkyarError: ``clip_unreadable``, ``clip_missing``.
        """
        ((_, full),) = self.reader.frames([source])
        frame, alpha = at_size(full, size), self._alpha(source, size)
        if known is not None:
            matte, unsure = known, None
        else:
            matte, unsure = self._matte(frame, alpha, method(), source, hints or {})
        statistics, grain = SkyStatistics(), GrainStatistics()
        there = matte if alpha is None else np.where(alpha < 255, np.float32(0), matte)
        statistics.add_frame(frame, there)
        grain.add(frame, there)
        return ClipFrame(
            frame,
            matte,
            unsure,
            clean_plate(sky_samples(frame, matte)),
            sky_visibility(matte),
            statistics.seen,
            grain.grain(),
        )

    def _matte(
        self, frame: FrameRGB, alpha: Alpha | None, method: MatteMethod, source: int, hints: Mapping[int, Hints]
    ) -> tuple[Matte, NDArray[np.bool_] | None]:
        looked_at = frame if alpha is None else over_plain_sky(frame, alpha)
        method = SphericalMatte(method) if self.spherical else method
        others = [each for each in hints if each != source]
        frames = [looked_at, *(self._looked_at(each, frame.shape[1::-1]) for each in others)]
        samples = [sample_of(each, method.sample_size) for each in frames]
        marks = [hints.get(each) for each in (source, *others)]
        scaled = [
            None if mark is None else mark.scaled(sample.shape[:2])
            for mark, sample in zip(marks, samples, strict=True)
        ]
        model = method.fit(samples, scaled if hints else None)
        known = hints.get(source)
        matte = with_alpha(model.matte(looked_at, None, known), alpha)
        told = model.prediction(looked_at)
        unsure = None if told is None else _enlarged(told.sureness, frame.shape[1::-1]) < _UNSURE
        if known is not None:
            matte[known.ground] = 0
            unsure = None if unsure is None else unsure & ~(known.sky | known.ground)
        return matte, unsure

    def _looked_at(self, source: int, size: tuple[int, int]) -> FrameRGB:
        ((_, full),) = self.reader.frames([source])
        frame, alpha = at_size(full, size), self._alpha(source, size)
        return frame if alpha is None else over_plain_sky(frame, alpha)

    def _alpha(self, source: int, size: tuple[int, int]) -> Alpha | None:
        if not self.reader.has_alpha:
            return None
        ((_, alpha),) = self.reader.alphas([source])
        return at_size(alpha, size)


def key_of(clip: Clip) -> tuple[object, ...]:
    """Tells one clip from another, whichever of its frames are wanted, and whether its file has changed."""
    try:
        stat = Path(clip.path).stat()
        state = (stat.st_size, stat.st_mtime_ns)
    except OSError:  # opening it tells what is wrong
        state = (0, 0)
    return repr(replace(clip, first=0, last=None, order=None)), *state


def _enlarged(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_LINEAR), np.float32)
