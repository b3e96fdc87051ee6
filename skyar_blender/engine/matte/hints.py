# SPDX-License-Identifier: GPL-3.0-or-later
"""What the artist has marked in a frame: surely sky, surely not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB, Matte

Marks = NDArray[np.bool_]
#: Reach of the transition around a mark, as a share of the frame's long side.
_REACH = 0.012
#: Long side at which the transition is calculated.
_SMALL = 512
#: Variance of a colour (0..1 per channel) below which the guided filter takes a place as plain.
_PLAIN = 2e-4


@dataclass(frozen=True)
class Hints:
    """Marks of one frame, both (height, width) bool of the same size, that of the frame; nowhere both True."""

    sky: Marks
    ground: Marks

    def scaled(self, size: tuple[int, int]) -> Hints:
        """At another ``size`` (height, width): where the marks fill half a pixel; thin strokes stay."""
        return Hints(_scaled(self.sky, size), _scaled(self.ground, size) & ~_scaled(self.sky, size))

    @property
    def any(self) -> bool:
        """Whether anything is marked."""
        return bool(self.sky.any() or self.ground.any())


def imposed(frame: FrameRGB, matte: Matte, hints: Hints | None) -> Matte:
    """``matte`` with the artist's word: 1 on marked sky, 0 on marked ground.

    Around a mark the matte passes over within a few pixels where the image is plain, and at once where it has an
    edge: the mark is widened by a guided filter (He et al. 2010) in its fast form (He & Sun 2015), with the image
    as guide. Far from any mark it is unchanged to the bit.
    """
    if hints is None or not hints.any:
        return matte
    found = matte
    for marks, value in ((hints.sky, 1.0), (hints.ground, 0.0)):
        if marks.any():
            found = _towards(frame, found, marks, np.float32(value))
    found[hints.sky] = 1.0
    found[hints.ground] = 0.0
    return found


def shaped(hints: Hints | None) -> Marks | None:
    """Where marks have shaped the matte of a frame, rims included: nothing there may be carried to other frames."""
    if hints is None or not hints.any:
        return None
    marks = hints.sky | hints.ground
    size = 4 * _radius(marks.shape) + 3
    return np.asarray(cv2.dilate(marks.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)


def _radius(shape: tuple[int, ...]) -> int:
    return max(1, round(_REACH * max(shape)))


def _scaled(marks: Marks, size: tuple[int, int]) -> Marks:
    if marks.shape == size:
        return marks
    fraction = cv2.resize(marks.astype(np.float32), (size[1], size[0]), interpolation=cv2.INTER_AREA)
    most = float(fraction.max())
    return np.asarray(fraction >= 0.5 * most if most > 0 else np.zeros(size), np.bool_)


def _towards(frame: FrameRGB, matte: Matte, marks: Marks, value: np.float32) -> Matte:
    """``matte`` drawn to ``value`` around ``marks``, within the part of the frame that they can reach."""
    margin = 4 * _radius(frame.shape[:2]) + 2
    part = (_extent(marks, 1, margin), _extent(marks, 0, margin))
    weight = _widened(frame[part], marks[part], _radius(frame.shape[:2]))
    found = matte.copy()
    found[part] += (value - found[part]) * weight
    return found


def _extent(marks: Marks, across: int, margin: int) -> slice:
    places = np.flatnonzero(np.any(marks, axis=across))
    return slice(max(0, int(places[0]) - margin), int(places[-1]) + 1 + margin)


def _widened(frame: FrameRGB, marks: Marks, radius: int) -> Matte:
    """1 at the rim of the marks, falling to exactly 0 within twice the radius, held up by edges of the image."""
    scale = min(1.0, _SMALL / max(frame.shape[:2]))
    size = (max(2, round(frame.shape[1] * scale)), max(2, round(frame.shape[0] * scale)))
    box = 2 * max(1, round(radius * scale)) + 1
    guide = cv2.resize(frame, size, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    marked = cv2.resize(marks.astype(np.float32), size, interpolation=cv2.INTER_AREA).astype(np.float32)
    slope, offset = _guided(guide, marked, box)
    full = frame.shape[1::-1]
    weight = cv2.resize(offset, full, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    for channel in range(3):
        weight += cv2.resize(slope[..., channel], full) * (frame[..., channel] * np.float32(1 / 255))
    # Half way at a rim in a plain place: there the transition begins at 1.
    weight = np.clip((weight - 0.08) / 0.42, 0, 1)
    near = cv2.dilate(marks.astype(np.uint8), np.ones((4 * radius + 1, 4 * radius + 1), np.uint8))
    return np.asarray(weight * near, np.float32)


def _guided(guide: NDArray[np.float32], marked: Matte, box: int) -> tuple[NDArray[np.float32], Matte]:
    """Coefficients of the colour guided filter, averaged: slopes (height, width, 3) and offset (height, width)."""

    def mean(image: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(image, (box, box), borderType=cv2.BORDER_REFLECT), np.float32)

    centre, average = mean(guide), mean(marked)
    products = np.einsum("hwi,hwj->hwij", guide, guide).reshape(*guide.shape[:2], 9)
    spread = np.concatenate([mean(np.ascontiguousarray(products[..., i : i + 3])) for i in (0, 3, 6)], axis=-1)
    covariance = spread.reshape(*guide.shape[:2], 3, 3) - np.einsum("hwi,hwj->hwij", centre, centre)
    covariance += np.float32(_PLAIN) * np.eye(3, dtype=np.float32)
    against = mean(guide * marked[..., None]) - centre * average[..., None]
    slope = np.linalg.solve(covariance, against[..., None])[..., 0].astype(np.float32)
    offset = average - np.einsum("hwi,hwi->hw", slope, centre)
    return mean(slope), mean(offset.astype(np.float32))
