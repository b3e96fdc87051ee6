# SPDX-License-Identifier: GPL-3.0-or-later
"""The method without a network: common sense first, then what the clip itself teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB, Matte
from .classifier import Classifier, fit_classifier
from .common_sense import first_guess, hanging_from_top
from .features import Features, describe
from .interface import PreviousFrame
from .refine import refine
from .stability import steadied

_SIZES = {"draft": 320, "normal": 448, "high": 640}
_PER_FRAME = 3000
#: Log odds beyond which a guess is taken as a sure seed.
_SURE = 1.6
#: Share of the clip's pixels that must be sure sky before anything is learnt from them.
_LEAST_SKY = 0.004


class AdaptiveMatte:
    """Needs NumPy and OpenCV only; see :class:`.interface.MatteMethod`."""

    name = "adaptive"

    def __init__(self, quality: str = "normal") -> None:
        self.sample_size = _SIZES[quality]

    def fit(self, samples: Sequence[FrameRGB]) -> AdaptiveModel:
        described = [describe(_reduced(sample, self.sample_size)) for sample in samples]
        common = [first_guess(features) for features in described]
        guesses = common
        classifier: Classifier | None = None
        for _ in range(2):  # once from common sense, once more from what that taught
            seeds = [
                _seeds(features, guess, index)
                for index, (features, guess) in enumerate(zip(described, guesses, strict=True))
            ]
            pixels = np.concatenate([seed[0] for seed in seeds])
            is_sky = np.concatenate([seed[1] for seed in seeds])
            importance = np.concatenate([seed[2] for seed in seeds])
            if not len(is_sky) or not _LEAST_SKY <= is_sky.mean() <= 1 - _LEAST_SKY:
                break
            classifier = fit_classifier(pixels, is_sky, importance)
            guesses = [
                _mixed(guess, classifier.logits(features)) for features, guess in zip(described, common, strict=True)
            ]
        return AdaptiveModel(self.sample_size, classifier)

    def load(self, path: Path) -> AdaptiveModel:
        with np.load(path, allow_pickle=False) as stored:
            size = int(stored["size"])
            if "weights" not in stored:
                return AdaptiveModel(size, None)
            return AdaptiveModel(size, Classifier(stored["mean"], stored["scale"], stored["weights"]))


@dataclass(frozen=True)
class AdaptiveModel:
    """The method fitted to one clip; without a classifier the clip had too little sky, or nothing else."""

    size: int
    classifier: Classifier | None

    def matte(self, frame: FrameRGB, previous: PreviousFrame | None) -> Matte:
        features = describe(_reduced(frame, self.size))
        logits = first_guess(features)
        if self.classifier is not None:
            logits = hanging_from_top(_mixed(logits, self.classifier.logits(features)))
        coarse = _probability(_settled(logits))
        return steadied(frame, refine(frame, coarse), previous)

    def save(self, path: Path) -> None:
        arrays: dict[str, NDArray[np.generic]] = {"size": np.array(self.size)}
        if self.classifier is not None:
            arrays |= {
                "mean": self.classifier.mean,
                "scale": self.classifier.scale,
                "weights": self.classifier.weights,
            }
        with path.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]


def _reduced(frame: FrameRGB, size: int) -> FrameRGB:
    scale = min(1.0, size / max(frame.shape[:2]))
    shape = (max(4, round(frame.shape[1] * scale)), max(4, round(frame.shape[0] * scale)))
    return cv2.resize(frame, shape, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _seeds(
    features: Features, guess: NDArray[np.float32], seed: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float32]]:
    """A draw of pixels that the guess is sure of: their features, whether they are sky, and their weight."""
    random = np.random.default_rng(seed)
    sure = np.flatnonzero(np.abs(guess) > _SURE)
    if len(sure) > _PER_FRAME:
        sure = random.choice(sure, _PER_FRAME, replace=False)
    chosen = guess.ravel()[sure]
    weight = np.minimum(np.abs(chosen), 4.0).astype(np.float32)
    return features.reshape(-1, features.shape[-1])[sure], chosen > 0, weight


def _mixed(common: NDArray[np.float32], learnt: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.45 * common + 0.75 * learnt, np.float32)


def _settled(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each pixel listens to its neighbours, so that single ones do not stand alone."""
    return cv2.GaussianBlur(cv2.medianBlur(logits, 3), (0, 0), 0.8).astype(np.float32, copy=False)


def _probability(logits: NDArray[np.float32]) -> Matte:
    return np.asarray(1 / (1 + np.exp(-1.5 * logits)), np.float32)
