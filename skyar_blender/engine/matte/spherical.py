# SPDX-License-Identifier: GPL-3.0-or-later
"""Any matting method on images of all directions: it sees ordinary views, whose mattes are joined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ..sphere.views import Views
from ..types import FrameRGB, Matte
from .hints import Hints
from .interface import MatteMethod, MatteModel, PreviousFrame

#: A view shows about a third of the width, so that samples must be as much larger.
_LARGER = 3


class SphericalMatte:
    """``method`` for equirectangular frames."""

    def __init__(self, method: MatteMethod) -> None:
        self._method = method
        self.name = method.name

    @property
    def sample_size(self) -> int:
        """Long side of samples, in pixels."""
        return _LARGER * self._method.sample_size

    def fit(self, samples: Sequence[FrameRGB], hints: Sequence[Hints | None] | None = None) -> MatteModel:
        """See :class:`.interface.MatteMethod`."""
        marks = hints or [None] * len(samples)
        views, contradicted = [], []
        for index, (sample, mark) in enumerate(zip(samples, marks, strict=True)):
            around = Views(sample.shape[1], sample.shape[0])
            # Each sample gives some of its views, so that all are learnt from and none too often.
            for number in range(around.count):
                if mark is not None or number % 2 == index % 2 or len(samples) < 4:
                    views.append(np.asarray(around.view(sample, number), np.uint8))
                    contradicted.append(None if mark is None else _view_of_hints(mark, number))
        return _SphericalModel(self._method.fit(views, contradicted if any(contradicted) else None))

    def load(self, path: Path) -> MatteModel:
        """See :class:`.interface.MatteMethod`."""
        return _SphericalModel(self._method.load(path))


class _SphericalModel:
    def __init__(self, model: MatteModel) -> None:
        self._model = model
        self._last: tuple[FrameRGB, list[FrameRGB]] | None = None

    def matte(
        self,
        frame: FrameRGB,
        previous: PreviousFrame | None,
        hints: Hints | None = None,
        contradicted: Hints | None = None,
    ) -> Matte:
        views = Views(frame.shape[1], frame.shape[0])
        seen, mattes = self._seen(frame), []
        for number in range(views.count):
            before = None
            if previous is not None:
                stale = None if previous.stale is None else views.view(previous.stale.astype(np.uint8), number) > 0
                before = PreviousFrame(views.view(previous.frame, number), views.view(previous.matte, number), stale)
            mark = None if hints is None else _view_of_hints(hints, number)
            mattes.append(self._model.matte(seen[number], before, mark))
        matte = _without_low_sky(views.joined(mattes))
        if hints is not None:
            matte[hints.sky], matte[hints.ground] = 1, 0
        return matte

    def confidence(self, frame: FrameRGB, matte: Matte, hints: Hints | None = None) -> float | None:
        views = Views(frame.shape[1], frame.shape[0])
        found = [
            self._model.confidence(
                self._seen(frame)[number],
                views.view(matte, number),
                None if hints is None else _view_of_hints(hints, number),
            )
            for number in range(views.count - 1)  # straight up there may be no edge at all
        ]
        contradicted = [each for each in found if each is not None]
        return float(np.mean(contradicted)) if contradicted else None

    #: See :attr:`.interface.MatteModel.batch`.
    batch = 1

    def look(self, frames: Sequence[FrameRGB], before: FrameRGB | None = None) -> None:
        """Nothing: all views of a frame are looked at one after the other."""

    def _seen(self, frame: FrameRGB) -> list[FrameRGB]:
        """The views of a frame, those of the last one kept, so that the model knows them again."""
        if self._last is None or self._last[0] is not frame:
            self._last = frame, Views(frame.shape[1], frame.shape[0]).all(frame)
        return self._last[1]

    def prediction(self, frame: FrameRGB) -> None:
        """None: frames of all directions show what they show in each, so that they are not compared."""

    @property
    def adapted(self) -> bool:
        return self._model.adapted

    def save(self, file: BinaryIO) -> None:
        self._model.save(file)


def _without_low_sky(matte: Matte) -> Matte:
    """Below eye level nothing is sky that has land above it: snow, water, pale roads."""
    level = len(matte) // 2
    matte[level:] = np.minimum.accumulate(matte[level:], axis=0)
    return matte


def _view_of_hints(hints: Hints, number: int) -> Hints:
    views = Views(hints.sky.shape[1], hints.sky.shape[0])
    sky, ground = (views.view(each.astype(np.uint8), number) > 0 for each in (hints.sky, hints.ground))
    return Hints(sky, ground & ~sky)
