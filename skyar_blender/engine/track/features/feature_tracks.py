# SPDX-License-Identifier: GPL-3.0-or-later
"""Points of the land, followed from frame to frame: near things change too fast to be found from far apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ...types import Float64Array, GreyImage
from .match import ROUND_TRIP_PX, correlation, level_exposure
from .patches import Patches, cut, held
from .points import Label, Points

#: Points that are followed at once, and fewer than which others are looked for.
MOST = 170
REFILL = 120
#: Pixels between two of them at the least.
_APART = 9.0
_WINDOW = 15
_LEVELS = 3
_CRITERIA = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01)
#: Least correlation of a patch with that of the frame before.
_ALIKE = 0.8

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class FeatureTracks:
    """Points as they are in ``image``.

    ``number`` (n,) says which is which all through a shot; ``pixels`` (n, 2); ``flow`` (n, 2): the last step;
    ``depth`` (n,): along the camera's axis in the unit of the shot, not a number as long as it is unknown;
    ``patches``: what each was begun on.
    """

    image: GreyImage
    number: Numbers
    pixels: Float64Array
    flow: Float64Array
    depth: Float64Array
    patches: Patches

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True)
class FrameTracks:
    """The trails in one frame: numbers (n,) and pixels (n, 2), and how the camera travelled since the last frame.

    ``travel`` (3,) is the t of ``x = R x_before + t`` in the unit of the shot.
    """

    frame: int
    number: Numbers
    pixels: Float64Array
    travel: Float64Array = field(default_factory=lambda: np.zeros(3))

    def shared_with(self, other: FrameTracks) -> tuple[Float64Array, Float64Array]:
        """Pixels (m, 2) of the trails that ``other`` has too, here and there, by their numbers."""
        _, here, there = np.intersect1d(self.number, other.number, assume_unique=True, return_indices=True)
        return self.pixels[here], other.pixels[there]


def begun(image: GreyImage, points: Points, number: int) -> FeatureTracks:
    """New trails at the points of the land of ``image``; their numbers begin with ``number``."""
    return refilled(without_any(image), lambda: points, number)


def without_any(image: GreyImage) -> FeatureTracks:
    """No trails yet."""
    none, nowhere = np.empty(0, np.int64), np.empty((0, 2))
    return FeatureTracks(image, none, nowhere, nowhere, np.empty(0), cut(image, nowhere))


def refilled(feature_tracks: FeatureTracks, points: Callable[[], Points], number: int) -> FeatureTracks:
    """With more of the picture's points where few are left; ``points`` is asked only then.

    The new ones have numbers from ``number`` on.
    """
    if len(feature_tracks) >= REFILL:
        return feature_tracks
    found = points()
    land = np.flatnonzero(found.label != Label.SKY)
    taken = np.zeros(feature_tracks.image.shape, np.uint8)
    for x, y in feature_tracks.pixels:
        cv2.circle(taken, (round(x), round(y)), round(_APART), 1, -1)
    at = found.pixels[land]
    free = land[taken[at[:, 1].astype(int), at[:, 0].astype(int)] == 0]
    count = min(len(free), MOST - len(feature_tracks))
    # Evenly from all over the image, in which points are sorted row by row.
    chosen = free[np.linspace(0, len(free) - 1, count).round().astype(int)] if count else free[:0]
    return FeatureTracks(
        feature_tracks.image,
        np.concatenate([feature_tracks.number, number + np.arange(count)]),
        np.concatenate([feature_tracks.pixels, found.pixels[chosen]]),
        np.concatenate([feature_tracks.flow, np.full((count, 2), np.nan)]),
        np.concatenate([feature_tracks.depth, np.full(count, np.nan)]),
        feature_tracks.patches.with_more(cut(feature_tracks.image, found.pixels[chosen])),
    )


def followed(
    feature_tracks: FeatureTracks, image: GreyImage, expected: Float64Array
) -> tuple[FeatureTracks, NDArray[np.intp]]:
    """The tracks in the next image, and which of them went on; ``expected`` (n, 2): where they may be."""
    height, width = image.shape
    usable = np.isfinite(expected).all(axis=1)
    with np.errstate(invalid="ignore"):
        usable &= (expected > 4).all(axis=1) & (expected[:, 0] < width - 5) & (expected[:, 1] < height - 5)
    index = np.flatnonzero(usable)
    if not len(index):
        return replace(feature_tracks_of(feature_tracks, index), image=image), index
    before, like = level_exposure(feature_tracks.image, image)
    start = np.ascontiguousarray(feature_tracks.pixels[index], np.float32).reshape(-1, 1, 2)
    guess = np.ascontiguousarray(expected[index], np.float32).reshape(-1, 1, 2)
    found, status, _ = cv2.calcOpticalFlowPyrLK(
        before, like, start, guess, winSize=(_WINDOW, _WINDOW), maxLevel=_LEVELS,
        criteria=_CRITERIA, flags=cv2.OPTFLOW_USE_INITIAL_FLOW, minEigThreshold=1e-5,
    )  # fmt: skip
    begin, end = start[:, 0], np.asarray(found[:, 0], np.float32)
    good = (status.ravel() == 1) & (end > 3).all(axis=1) & (end[:, 0] < width - 4) & (end[:, 1] < height - 4)
    index, begin, end = index[good], begin[good], np.ascontiguousarray(end[good])
    pixels, patches, holds = held(feature_tracks.patches.of(index), image, end.astype(np.float64))
    # What is still like its patch is right; the rest must be found back.
    doubtful = np.flatnonzero(~holds)
    holds[doubtful] = _found_back(before, begin[doubtful], like, end[doubtful])
    now = feature_tracks_of(feature_tracks, index)
    now = replace(now, image=image, pixels=pixels, flow=pixels - now.pixels, patches=patches)
    kept = np.flatnonzero(holds)
    return feature_tracks_of(now, kept), index[kept]


def _found_back(
    before: GreyImage, begin: NDArray[np.float32], image: GreyImage, end: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Whether matches (n, 2) lead back to where they began, and look alike in both images."""
    if not len(begin):
        return np.empty(0, bool)
    back, status, _ = cv2.calcOpticalFlowPyrLK(
        image, before, end[:, None], begin[:, None].copy(), winSize=(_WINDOW, _WINDOW), maxLevel=1,
        criteria=_CRITERIA, flags=cv2.OPTFLOW_USE_INITIAL_FLOW, minEigThreshold=1e-5,
    )  # fmt: skip
    good = (status.ravel() == 1) & (np.hypot(*(back[:, 0] - begin).T) < ROUND_TRIP_PX)
    return np.asarray(good & (correlation(before, begin, image, end) > _ALIKE))


def feature_tracks_of(feature_tracks: FeatureTracks, index: NDArray[np.intp]) -> FeatureTracks:
    """The tracks of which ``index`` (n,) tells the places, in that order."""
    return replace(
        feature_tracks,
        number=feature_tracks.number[index],
        pixels=feature_tracks.pixels[index],
        flow=feature_tracks.flow[index],
        depth=feature_tracks.depth[index],
        patches=feature_tracks.patches.of(index),
    )
