# SPDX-License-Identifier: GPL-3.0-or-later
"""Any matting method on smaller images, for drafts: edges are as fine as these, and the rest takes as little time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB, Matte
from .hints import Hints, imposed
from .interface import MatteMethod, MatteModel, PreviousFrame
from .over_time.prediction import StoredPrediction

Image = TypeVar("Image", bound=NDArray[Any])
#: Frames whose smaller images are kept, at least: the model knows an image again by its array.
_KEPT = 9


class ReducedMatte:
    """``method`` on frames that are made smaller where their long side is over ``most`` pixels."""

    def __init__(self, method: MatteMethod, most: int) -> None:
        self._method, self._most = method, most
        self.name = method.name

    @property
    def sample_size(self) -> int:
        """See :class:`.interface.MatteMethod`."""
        return self._method.sample_size

    def fit(self, samples: Sequence[FrameRGB], hints: Sequence[Hints | None] | None = None) -> MatteModel:
        """See :class:`.interface.MatteMethod`."""
        return _ReducedModel(self._method.fit(samples, hints), self._most)

    def load(self, path: Path) -> MatteModel:
        """See :class:`.interface.MatteMethod`."""
        return _ReducedModel(self._method.load(path), self._most)


class _ReducedModel:
    def __init__(self, model: MatteModel, most: int) -> None:
        self._model, self._most = model, most
        self._known: OrderedDict[int, tuple[FrameRGB, FrameRGB]] = OrderedDict()
        self._lock = threading.Lock()

    def matte(
        self,
        frame: FrameRGB,
        previous: PreviousFrame | None,
        hints: Hints | None = None,
        contradicted: Hints | None = None,
    ) -> Matte:
        small = self._small(frame)
        if small is frame:
            return self._model.matte(frame, previous, hints, contradicted)
        size = small.shape[:2]
        if previous is not None:
            stale = None if previous.stale is None else _reduced(previous.stale.astype(np.uint8), size) > 0
            before = self._small(previous.frame)
            previous = PreviousFrame(before, _reduced(previous.matte, before.shape[:2]), stale)
        found = self._model.matte(small, previous, None if hints is None else hints.scaled(size), contradicted)
        large = cv2.resize(found, frame.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        return imposed(frame, np.asarray(np.clip(large, 0, 1), np.float32), hints)

    def confidence(self, frame: FrameRGB, matte: Matte, hints: Hints | None = None) -> float | None:
        small = self._small(frame)
        size = small.shape[:2]
        return self._model.confidence(small, _reduced(matte, size), None if hints is None else hints.scaled(size))

    @property
    def batch(self) -> int:
        return self._model.batch

    def look(self, frames: Sequence[FrameRGB], before: FrameRGB | None = None) -> None:
        small = None if before is None else self._small(before)
        self._model.look([self._small(frame) for frame in frames], small)

    def prediction(self, frame: FrameRGB) -> StoredPrediction | None:
        return self._model.prediction(self._small(frame))

    @property
    def adapted(self) -> bool:
        return self._model.adapted

    def save(self, file: BinaryIO) -> None:
        self._model.save(file)

    def _small(self, frame: FrameRGB) -> FrameRGB:
        """The smaller image of a frame, always the same array as long as it is kept."""
        scale = self._most / max(frame.shape[:2])
        if scale >= 1:
            return frame
        with self._lock:
            known = self._known.get(id(frame))
        if known is not None and known[0] is frame:
            return known[1]
        size = max(1, round(frame.shape[0] * scale)), max(1, round(frame.shape[1] * scale))
        small = _reduced(frame, size)
        with self._lock:
            self._known[id(frame)] = frame, small
            while len(self._known) > max(_KEPT, 2 * self.batch + 1):
                self._known.popitem(last=False)
        return small


def _reduced(image: Image, size: tuple[int, int]) -> Image:
    """``image`` at ``size`` (height, width)."""
    if image.shape[:2] == size:
        return image
    return np.asarray(cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA), image.dtype)  # type: ignore[return-value]
