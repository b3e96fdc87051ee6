# SPDX-License-Identifier: GPL-3.0-or-later
"""What is learnt from the clip itself: a small classifier fitted to the pixels that the network is sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float32Array
from ..classifier import Classifier, fit_classifier
from ..features import Features, describe
from ..hints import Hints
from ..seeds import Seeds, marked_seeds, sure_seeds, together
from .interface import Prediction

#: Log odds of the probabilities .97 and .03, beyond which the network is sure.
_SURE = 3.476
#: Sure sky that is smaller than this fraction of the largest such piece is no seed: a window, a lamp, a road mark.
_LEAST_PIECE = 0.04
#: Least share of each class among the seeds.
_LEAST_FRACTION = 0.01
#: Side of the squares, in pixels, of which every fourth is held out to test the classifier.
_SQUARE = 24
#: Share of the held-out sure pixels of either class that the classifier must find too.
_AGREEMENT = 0.95
#: Mean change of the probability, in either class, that is allowed where the network is sure.
_CHANGE = 0.01
#: Log odds of the network beyond which the classifier is heard only where it agrees.
_SIDE = 2.0
#: The classifier's weight, and the log odds of the network at which that has fallen to 1/e.
_STRENGTH = 0.35
_DOUBT = 3.0


@dataclass(frozen=True)
class Adaptation:
    """The classifier of one clip, known to agree with the network."""

    classifier: Classifier

    def applied(self, found: Prediction) -> Float32Array:
        """Log odds (height, width) after both were heard; where the network is sure they hardly move."""
        return mixed(found.logits, self.classifier.logits(describe(found.small)))


def mixed(network: Float32Array, learnt: Float32Array) -> Float32Array:
    """The network's log odds, drawn towards the classifier's where the network is in doubt.

    The weight falls like a bell with the network's own certainty: beyond odds of 97 to 3 the result moves by less
    than 0.75. Colour alone (snow, a white facade, a cloud before blue) never outvotes it: beyond odds of 88 to 12 it
    can only make the network surer.
    """
    weight = _STRENGTH * np.exp(-((network / np.float32(_DOUBT)) ** 2))
    both = network + weight * np.clip(learnt, -8, 8)
    kept = np.where(network > 0, np.maximum(both, network), np.minimum(both, network))
    return np.asarray(np.where(np.abs(network) > _SIDE, kept, both), np.float32)


def fit_adaptation(found: Sequence[Prediction], hints: Sequence[Hints | None]) -> Adaptation | None:
    """Fit to some frames of the clip; ``hints``, one entry per frame, of any size, are learnt too.

    None, so that the network's word stands, where the classifier does not find again what the network is sure of:
    its sky and ground look alike (night, fog, snow), or one of them is missing. Fitted twice, the second time to the
    mixture.
    """
    described = [describe(one.small) for one in found]
    marks = [
        None if hint is None else hint.scaled(one.logits.shape[:2]) for hint, one in zip(hints, found, strict=True)
    ]
    logits = [one.logits for one in found]
    sure = [sure_places(one) for one in logits]
    odds = logits
    classifier: Classifier | None = None
    for _ in range(2):
        seeds = _seeds(described, odds, marks)
        if not _LEAST_FRACTION <= _fraction(seeds) <= 1 - _LEAST_FRACTION:
            return None
        classifier = fit_classifier(seeds.features, seeds.is_sky, seeds.weight)
        learnt = [classifier.logits(features) for features in described]
        odds = [mixed(own, other) for own, other in zip(logits, learnt, strict=True)]
    assert classifier is not None
    return Adaptation(classifier) if _agree(sure, logits, learnt, odds) else None


def _seeds(described: Sequence[Features], odds: Sequence[Float32Array], marks: Sequence[Hints | None]) -> Seeds:
    sure = [
        sure_seeds(
            features, np.where(sure_places(one) & ~_held_out(one.shape), one, 0).astype(np.float32), mark, index
        )
        for index, (features, one, mark) in enumerate(zip(described, odds, marks, strict=True))
    ]
    marked = [
        marked_seeds(features, mark, index)
        for index, (features, mark) in enumerate(zip(described, marks, strict=True))
        if mark is not None
    ]
    return together(sure, marked)


def _fraction(seeds: Seeds) -> float:
    return float(seeds.is_sky.mean()) if len(seeds.is_sky) else 0.0


def sure_places(odds: Float32Array) -> NDArray[np.bool_]:
    """Where log odds (height, width) are of sure ground, or of sure sky but for its small pieces."""
    sky = (odds > _SURE).astype(np.uint8)
    _, labels, metadata, _ = cv2.connectedComponentsWithStats(sky, connectivity=8)
    sizes = metadata[:, cv2.CC_STAT_AREA].astype(np.float64)
    sizes[0] = 0
    large = sizes >= _LEAST_PIECE * max(sizes.max(), 1)
    return np.asarray((odds < -_SURE) | large[labels], np.bool_)


def _held_out(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    rows, columns = np.arange(shape[0])[:, None] // _SQUARE, np.arange(shape[1])[None] // _SQUARE
    return np.asarray((rows + 2 * columns) % 4 == 0, np.bool_)


def _agree(
    sure: Sequence[NDArray[np.bool_]],
    logits: Sequence[Float32Array],
    learnt: Sequence[Float32Array],
    odds: Sequence[Float32Array],
) -> bool:
    """Whether held-out sure pixels of both classes are found again and hardly changed."""
    places = [one & _held_out(one.shape) for one in sure]
    own, other, after = (
        np.concatenate([one[place] for one, place in zip(kind, places, strict=True)])
        for kind in (logits, learnt, odds)
    )
    for is_sky in (own > 0, own < 0):
        if not is_sky.any():
            return False
        found_again = (other[is_sky] > 0) == (own[is_sky] > 0)
        change = np.abs(_probability(after[is_sky]) - _probability(own[is_sky]))
        if found_again.mean() < _AGREEMENT or change.mean() > _CHANGE:
            return False
    return True


def _probability(odds: Float32Array) -> Float32Array:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
