# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels of a clip that a classifier learns from: those that a guess is sure of, and those that the artist marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..types import Float32Array
from .features import Features
from .hints import Hints, Marks

_PER_FRAME = 3000
#: Log odds beyond which a guess is taken as a sure seed, and beyond which it weighs no more.
_SURE = 1.6
_MOST = 4.0
#: All marks together weigh as much as all guesses of their class, but a marked pixel at most so much.
_MARK_MOST = 60.0
#: Distance from a mark, in deviations of the features, at which a guess to the contrary counts for two thirds.
_ALIKE = 1.0


@dataclass(frozen=True)
class Seeds:
    """Samples (n, features), whether they are sky (n,), and their weights (n,)."""

    features: Float32Array
    is_sky: NDArray[np.bool_]
    weight: Float32Array


def sure_seeds(features: Features, guess: Float32Array, hints: Hints | None, seed: int) -> Seeds:
    """A draw of the pixels that ``guess`` (log odds, (height, width)) is sure of; not of those that are marked."""
    sure = np.abs(guess) > _SURE
    if hints is not None:
        sure &= ~(hints.sky | hints.ground)
    chosen = _drawn(sure, seed)
    odds = guess.ravel()[chosen]
    return Seeds(_at(features, chosen), odds > 0, np.minimum(np.abs(odds), _MOST).astype(np.float32))


def marked_seeds(features: Features, hints: Hints, seed: int) -> Seeds:
    """A draw of the pixels that are marked, each of weight 1; ``hints`` have the size of ``features``."""
    sky, ground = _drawn(hints.sky, seed), _drawn(hints.ground, seed)
    chosen = np.concatenate([sky, ground])
    is_sky = np.arange(len(chosen)) < len(sky)
    return Seeds(_at(features, chosen), is_sky, np.ones(len(chosen), np.float32))


def together(sure: Sequence[Seeds], marked: Sequence[Seeds]) -> Seeds:
    """All seeds of a clip, the marked ones with weights that count."""
    guessed = _joined(sure)
    if not marked:
        return guessed
    known = _joined(marked)
    guessed = _doubted(guessed, known)
    weight = known.weight.copy()
    for label in (True, False):
        own = known.is_sky == label
        if own.any():
            total = float(guessed.weight[guessed.is_sky == label].sum())
            weight[own] = np.clip(total / own.sum(), 1.0, _MARK_MOST)
    return _joined([guessed, Seeds(known.features, known.is_sky, weight)])


def _doubted(guessed: Seeds, known: Seeds) -> Seeds:
    """Guesses that look like pixels marked as the opposite weigh less: they are likely the same mistake."""
    scale = np.maximum(guessed.features.std(axis=0), 1e-3) if len(guessed.features) else np.float32(1)
    weight = guessed.weight.copy()
    for label in (True, False):
        own, opposite = guessed.is_sky == label, known.is_sky != label
        if own.any() and opposite.any():
            from scipy.spatial import cKDTree  # slow to load, and few clips have marks

            marks = cKDTree(known.features[opposite] / scale)
            distance, _ = marks.query(guessed.features[own] / scale)
            weight[own] *= 1 - np.exp(-((distance / _ALIKE) ** 2))
    return Seeds(guessed.features, guessed.is_sky, weight)


def _joined(seeds: Sequence[Seeds]) -> Seeds:
    return Seeds(
        np.concatenate([one.features for one in seeds]),
        np.concatenate([one.is_sky for one in seeds]),
        np.concatenate([one.weight for one in seeds]),
    )


def _drawn(marks: Marks, seed: int) -> NDArray[np.intp]:
    places = np.flatnonzero(marks)
    if len(places) > _PER_FRAME:
        places = np.random.default_rng(seed).choice(places, _PER_FRAME, replace=False)
    return places


def _at(features: Features, places: NDArray[np.intp]) -> Float32Array:
    return np.asarray(features.reshape(-1, features.shape[-1])[places], np.float32)
