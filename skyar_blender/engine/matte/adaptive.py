# SPDX-License-Identifier: GPL-3.0-or-later
"""The method without a network: the heuristic prior first, then what is learnt from the clip itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from ..analysis_sizes import ADAPTIVE
from ..types import FrameRGB, Matte
from .classifier import Classifier, fit_classifier
from .features import describe
from .heuristic_prior import hanging_from_top, heuristic_log_odds
from .hints import Hints, imposed
from .interface import PreviousFrame
from .over_time.prediction import StoredPrediction
from .refine import refine
from .seeds import marked_seeds, sure_seeds, together
from .temporal_smoothing import temporally_smoothed

#: Log odds of what the artist has marked.
_MARKED = 6.0
#: Share of the clip's pixels that must be sure sky before anything is learnt from them.
_LEAST_SKY = 0.004
#: Pixels of the analysed image to which an edge is known: features look at what is around each.
_EDGE_PIXELS = 4.0


class AdaptiveMatte:
    """Needs NumPy and OpenCV only; see :class:`.interface.MatteMethod`."""

    name = "adaptive"

    def __init__(self, quality: str = "normal") -> None:
        self.sample_size = ADAPTIVE[quality]

    def fit(self, samples: Sequence[FrameRGB], hints: Sequence[Hints | None] | None = None) -> AdaptiveModel:
        """See :meth:`.interface.MatteMethod.fit`."""
        described = [describe(_reduced(sample, self.sample_size)) for sample in samples]
        marks = [
            None if hint is None else hint.scaled(features.shape[:2])
            for hint, features in zip(hints or [None] * len(samples), described, strict=True)
        ]
        common = [heuristic_log_odds(features) for features in described]
        from_marks = any(mark is not None and mark.any for mark in marks)
        guesses = common
        classifier: Classifier | None = None
        for _ in range(2):  # once from the heuristic prior, once more from what that has shown
            sure = [
                sure_seeds(features, guess, mark, index)
                for index, (features, guess, mark) in enumerate(zip(described, guesses, marks, strict=True))
            ]
            seeds = together(
                sure,
                [
                    marked_seeds(features, mark, index)
                    for index, (features, mark) in enumerate(zip(described, marks, strict=True))
                    if mark is not None
                ],
            )
            if not len(seeds.is_sky) or not _LEAST_SKY <= seeds.is_sky.mean() <= 1 - _LEAST_SKY:
                break
            classifier = fit_classifier(seeds.features, seeds.is_sky, seeds.weight)
            guesses = [
                _mixed(guess, classifier.logits(features), from_marks)
                for features, guess in zip(described, common, strict=True)
            ]
        return AdaptiveModel(self.sample_size, classifier, from_marks)

    def load(self, path: Path) -> AdaptiveModel:
        with np.load(path, allow_pickle=False) as stored:
            size = int(stored["size"])
            if "weights" not in stored:
                return AdaptiveModel(size, None)
            classifier = Classifier(stored["mean"], stored["scale"], stored["weights"])
            return AdaptiveModel(size, classifier, bool(stored["taught"]))


@dataclass(frozen=True)
class AdaptiveModel:
    """The method fitted to one clip; without a classifier the clip had too little sky, or nothing else.

    ``from_marks`` says that the artist's marks were among what the classifier learnt from.
    """

    size: int
    classifier: Classifier | None
    from_marks: bool = False

    def matte(
        self,
        frame: FrameRGB,
        previous: PreviousFrame | None,
        hints: Hints | None = None,
        contradicted: Hints | None = None,
    ) -> Matte:
        """See :meth:`.interface.MatteModel.matte`."""
        features = describe(_reduced(frame, self.size))
        marks = None if hints is None else hints.scaled(features.shape[:2])
        logits = heuristic_log_odds(features)
        if self.classifier is not None:
            logits = _marked(_mixed(logits, self.classifier.logits(features), self.from_marks), marks)
            logits = hanging_from_top(logits, None if marks is None else marks.sky)
        coarse = _probability(_marked(_settled(logits), marks))
        return imposed(frame, temporally_smoothed(frame, refine(frame, coarse, _EDGE_PIXELS), previous), hints)

    #: See :attr:`.interface.MatteModel.batch`.
    batch = 1

    def look(self, frames: Sequence[FrameRGB], before: FrameRGB | None = None) -> None:
        """Nothing is done ahead."""

    def prediction(self, frame: FrameRGB) -> StoredPrediction | None:
        """None: rules of thumb do not tell how sure they are, so that nothing is ever ``contradicted``."""
        return None

    @property
    def adapted(self) -> bool:
        return self.classifier is not None

    def confidence(self, frame: FrameRGB, matte: Matte, hints: Hints | None = None) -> float | None:
        """Never known: what rules of thumb are worth was not measured."""
        return None

    def save(self, file: BinaryIO) -> None:
        arrays: dict[str, NDArray[np.generic]] = {"size": np.array(self.size)}
        if self.classifier is not None:
            arrays |= {
                "mean": self.classifier.mean,
                "scale": self.classifier.scale,
                "weights": self.classifier.weights,
                "taught": np.array(self.from_marks),
            }
        np.savez(file, **arrays)  # type: ignore[arg-type]


def _reduced(frame: FrameRGB, size: int) -> FrameRGB:
    scale = min(1.0, size / max(frame.shape[:2]))
    shape = (max(4, round(frame.shape[1] * scale)), max(4, round(frame.shape[0] * scale)))
    return cv2.resize(frame, shape, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _mixed(common: NDArray[np.float32], learnt: NDArray[np.float32], from_marks: bool) -> NDArray[np.float32]:
    """Marks are made where common sense was wrong, so it says less then."""
    return np.asarray((0.2 * common + learnt) if from_marks else (0.45 * common + 0.75 * learnt), np.float32)


def _marked(logits: NDArray[np.float32], marks: Hints | None) -> NDArray[np.float32]:
    if marks is None:
        return logits
    return np.select([marks.sky, marks.ground], [np.float32(_MARKED), np.float32(-_MARKED)], logits)


def _settled(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each pixel listens to its neighbours, so that single ones do not stand alone."""
    return cv2.GaussianBlur(cv2.medianBlur(logits, 3), (0, 0), 0.8).astype(np.float32, copy=False)


def _probability(logits: NDArray[np.float32]) -> Matte:
    return np.asarray(1 / (1 + np.exp(-1.5 * logits)), np.float32)
