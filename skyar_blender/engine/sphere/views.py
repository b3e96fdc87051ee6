# SPDX-License-Identifier: GPL-3.0-or-later
"""An image of all directions as overlapping ordinary ones, and back.

Six views look around, a little upwards, so that horizons are where photographs have them; a seventh looks straight
up. What lies far below the horizon is in none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import Matrix3, Matte
from .directions import directions, focal_of, pixels, sampled

#: Views around, by how many degrees they look up, and half of what they see across and up and down.
AROUND = 6
_UP = 22.0
_HALF_ACROSS = 45.0
_HALF_DOWN = 57.0
#: Half of what the view straight up sees, to each side.
_HALF_ABOVE = 45.0


@dataclass(frozen=True)
class _View:
    """One view of an image of ``width`` x ``height`` that was rolled so that it looks at the middle.

    ``from_sphere``: columns and rows in that image for each pixel of the view. ``to_sphere``: columns and rows in
    the view for each pixel of the block ``rows`` x ``columns`` of the image, and how much the view counts there.
    """

    from_sphere: tuple[NDArray[np.float32], NDArray[np.float32]]
    to_sphere: tuple[NDArray[np.float32], NDArray[np.float32]]
    weight: NDArray[np.float32]
    rows: slice
    columns: slice


class Views:
    """The views of images of ``width`` x ``height`` pixels, in one order."""

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._around, self._above = _views(width, height)

    @property
    def count(self) -> int:
        """How many there are."""
        return AROUND + 1

    def view(self, image: NDArray[Any], number: int) -> NDArray[Any]:
        """View ``number`` (from 0) of an image (height, width, ...) of any dtype."""
        view = self._above if number == AROUND else self._around
        return sampled(np.roll(image, -self._rolled(number), axis=1), *view.from_sphere, enlarge=False)

    def camera(self, number: int) -> Matrix3:
        """From directions of the sphere to those of view ``number``."""
        if number == AROUND:
            return looking(0, 90)
        return looking(360 * self._rolled(number) / self._size[0], _UP)

    def all(self, image: NDArray[Any]) -> list[NDArray[Any]]:
        """All views of an image (height, width, ...); see :meth:`view`."""
        return [self.view(image, number) for number in range(self.count)]

    def joined(self, mattes: Sequence[Matte]) -> Matte:
        """One matte of all directions from those of the views; what none sees is 0."""
        total, weights = (np.zeros(self._size[::-1], np.float32) for _ in range(2))
        for number, matte in enumerate(mattes):
            view = self._above if number == AROUND else self._around
            part = cv2.remap(matte, *view.to_sphere, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            shift = self._rolled(number)
            for target, values in ((total, part * view.weight), (weights, view.weight)):
                place = np.roll(target, -shift, axis=1)
                place[view.rows, view.columns] += values
                target[:] = np.roll(place, shift, axis=1)
        return np.asarray(total / np.maximum(weights, 1e-6), np.float32)

    def _rolled(self, number: int) -> int:
        """By how many columns the image is rolled to the left for a view."""
        return 0 if number == AROUND else round(number * self._size[0] / AROUND)


def looking(azimuth: float, elevation: float) -> Matrix3:
    """From directions of the sphere to those of a camera that looks so many degrees to the right, and up."""
    a, e = math.radians(azimuth), math.radians(elevation)
    right = np.array([math.cos(a), 0.0, -math.sin(a)])
    ahead = np.array([math.sin(a) * math.cos(e), -math.sin(e), math.cos(a) * math.cos(e)])
    return np.stack([right, np.cross(ahead, right), ahead])


@lru_cache(maxsize=2)
def _views(width: int, height: int) -> tuple[_View, _View]:
    return (
        _view(width, height, looking(0, _UP), _HALF_ACROSS, _HALF_DOWN),
        _view(width, height, looking(0, 90), _HALF_ABOVE, _HALF_ABOVE),
    )


def _view(width: int, height: int, camera: Matrix3, across: float, down: float) -> _View:
    focal = focal_of(width)
    reach = math.tan(math.radians(across)), math.tan(math.radians(down))
    size = tuple(max(16, round(2 * focal * each)) for each in reach)
    x, y = (np.linspace(-1, 1, count) * each for count, each in zip(size, reach, strict=True))
    rays = np.stack(np.broadcast_arrays(x, y[:, None], 1.0), axis=-1)
    from_sphere = pixels(np.asarray(rays @ camera), width, height)
    seen = directions(np.arange(width), np.arange(height)[:, None], width, height) @ camera.T
    ahead = np.maximum(seen[..., 2], 1e-3)
    u, v = seen[..., 0] / ahead / reach[0], seen[..., 1] / ahead / reach[1]
    weight = np.clip(1 - np.abs(u), 0, 1) * np.clip(1 - np.abs(v), 0, 1) * (seen[..., 2] > 1e-3)
    rows, columns = (np.flatnonzero((weight > 0).any(axis=axis)) for axis in (1, 0))
    block = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    column, row = ((each[block] + 1) / 2 * (count - 1) for each, count in zip((u, v), size, strict=True))
    return _View(
        (from_sphere[0].astype(np.float32), from_sphere[1].astype(np.float32)),
        (column.astype(np.float32), row.astype(np.float32)),
        weight[block].astype(np.float32),
        *block,
    )
