# SPDX-License-Identifier: GPL-3.0-or-later
"""How likely a matte is right, by how sure the network was and whether what follows it agrees.

What log odds are worth is measured on labelled images, not believed: ``models/training/matting/calibrate.py`` fits
the numbers of a :class:`Calibration` and writes them beside the weights, as ``[confidence]`` in ``sky_matte.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...models_folder import models_folder
from ...types import Float32Array, Matte
from ..hints import Hints
from .interface import Prediction
from .weights import NAME, shipped_metadata, unreadable

#: Name of the table in ``sky_matte.toml``.
TABLE = "confidence"
#: A matte is called good when its overlap with the true sky (see :func:`overlap`), edges left aside, reaches this.
GOOD = 0.9
#: So many pixels to each side of an edge are left aside, at the size of the log odds: what a crown of leaves has of
#: edges is no area that is wrong.
_EDGE = 2
#: Share of the image that is added to both parts of the overlap, so that it says something without any sky too.
_FLOOR = 0.01
#: Least share of the image that sky and ground must have to be expected to teach something.
_BOTH = 0.02
_LEAST = 1e-4


@dataclass(frozen=True)
class Calibration:
    """What log odds are worth.

    Attributes:
        margins: rising log odds of what the matte says at a pixel; negative where the network said the opposite.
        right: how likely (0..1, rising) the matte is right there: isotonic regression (Zadrozny & Elkan 2002).
        bias, overlap, refused: the log odds that the matte of a frame is good are ``bias``, plus ``overlap`` times
            the log odds of the overlap to be expected, plus ``refused`` where the clip taught nothing though the
            frame has both sky and ground (:func:`has_both`): logistic calibration (Platt 1999).
    """

    margins: tuple[float, ...]
    right: tuple[float, ...]
    bias: float
    overlap: float
    refused: float

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, object], path: Path) -> Calibration | None:
        """Of what ``sky_matte.toml`` (at ``path``) says; None where it has no such table.

        Raises:
            SkyarError: ``weights_unreadable``: the table is not as it was written.
        """
        table = metadata.get(TABLE)
        if table is None:
            return None
        try:
            assert isinstance(table, dict)
            margins, right = (tuple(float(value) for value in table[name]) for name in ("margins", "right"))
            rest = [float(table[name]) for name in ("bias", "overlap", "refused")]
            numbers = np.array([*margins, *right, *rest])
            if len(margins) != len(right) or not margins or not np.isfinite(numbers).all():
                raise ValueError("its numbers do not fit together")
            if (np.diff(margins) <= 0).any() or (np.diff(right) < 0).any():
                raise ValueError("its margins do not rise")
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            raise unreadable(path, f"[{TABLE}]: {type(error).__name__}: {error}.") from error
        return cls(margins, right, *rest)

    def pixels(self, logits: Float32Array, matte: Matte) -> Float32Array:
        """How likely (0..1) a matte is on the right side at each pixel; ``logits`` and ``matte``: (height, width)."""
        found = np.interp(np.where(matte > 0.5, logits, -logits), self.margins, self.right)
        return np.asarray(found, np.float32)

    def frame(self, logits: Float32Array, matte: Matte, adapted: bool, hints: Hints | None = None) -> float:
        """How likely (0..1) the matte of a frame is good.

        Args:
            logits: (height, width), see :func:`margins_of`.
            matte: of any size, 0..1, all that follows the network included.
            adapted: whether the clip's own colours could be learnt.
            hints: marks of the artist, of any size; they are right.
        """
        small = _fitted(matte, logits.shape[:2])
        likely = self.pixels(logits, small)
        if hints is not None:
            marks = hints.scaled(logits.shape[:2])
            likely[marks.sky | marks.ground] = 1
        return self.good(expected_overlap(small, likely), not adapted and has_both(small))

    def good(self, expected: float, refused: bool) -> float:
        """How likely (0..1) a matte is good, of which this overlap is to be expected."""
        value = self.bias + self.overlap * log_odds(expected) + (self.refused if refused else 0.0)
        return float(1 / (1 + np.exp(-np.clip(value, -30, 30))))


def shipped_calibration(folder: Path | None = None) -> Calibration | None:
    """What the log odds of the shipped weights are worth; None where ``sky_matte.toml`` does not tell.

    Raises:
        SkyarError: ``weights_missing``, ``weights_unreadable``.
    """
    return Calibration.from_metadata(shipped_metadata(folder), (folder or models_folder()) / f"{NAME}.toml")


def margins_of(found: Prediction) -> Float32Array:
    """Log odds of sky (height, width) that tell how sure a network is: by its own word where it gives one."""
    if found.sureness is None:
        return found.logits
    return np.asarray(np.where(found.logits > 0, found.sureness, -found.sureness), np.float32)


def log_odds(fraction: float) -> float:
    """Of a share, held within .0001 .. .9999."""
    held = min(max(fraction, _LEAST), 1 - _LEAST)
    return float(np.log(held / (1 - held)))


def has_both(matte: Matte) -> bool:
    """Whether a matte has as much sky and ground as can teach their colours."""
    return bool(_BOTH < np.mean(matte > 0.5) < 1 - _BOTH)


def expected_overlap(matte: Matte, likely: Float32Array) -> float:
    """The overlap to be expected where each pixel of a matte is right with the probability ``likely``.

    ``likely``: (H, W), float32, 0..1, of the size of the matte. The result is 0..1.
    """
    sky = matte > 0.5
    right = float(likely[sky].sum(dtype=np.float64))
    missed = float((1 - likely[~sky]).sum(dtype=np.float64))
    floor = _FLOOR * matte.size
    return (right + floor) / (int(np.count_nonzero(sky)) + missed + floor)


def overlap(matte: Matte, truth: Matte, counted: NDArray[np.bool_]) -> float:
    """Intersection over union of what lies above one half, where ``counted``, each with a hundredth of the image.

    So it is 1 where neither has sky, and little where only one of them has.

    ``counted``: (H, W), bool, of the size of both mattes. The result is 0..1.
    """
    found, there = (matte > 0.5) & counted, (truth > 0.5) & counted
    floor = _FLOOR * int(np.count_nonzero(counted))
    return float((np.count_nonzero(found & there) + floor) / (np.count_nonzero(found | there) + floor))


def around_edges(matte: Matte) -> NDArray[np.bool_]:
    """Where a matte crosses one half, and what is left aside with that: (height, width) bool, as the matte's size."""
    sky = (matte > 0.5).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(sky, cv2.MORPH_GRADIENT, np.ones((2 * _EDGE + 1,) * 2, np.uint8)) > 0)


def _fitted(matte: Matte, shape: tuple[int, ...]) -> Matte:
    if matte.shape == shape:
        return matte
    return np.asarray(cv2.resize(matte, (shape[1], shape[0]), interpolation=cv2.INTER_AREA), np.float32)
