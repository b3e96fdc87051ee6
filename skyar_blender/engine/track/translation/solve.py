# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames of a shot in which the camera travelled: their rotations, and the lens if the travel tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...lens import Lens
from ...types import Float64Array, Matrix3
from ..features.feature_tracks import FrameTracks
from ..geometry.rotations import centred_homography, corners, project
from ..rotation.bundle_adjustment import RelativeRotation
from .bundle_adjustment import Reconstruction, reconstruct, settled, with_lens
from .normal_equations import Sighting
from .resection import Placed, placed
from .uncertainty import turn_errors

#: A focal length is believed when its logarithm is known this well...
_KNOWN = 0.0125
#: ...and leaves less than this fraction of the matches' cost, none of which counts for more than so many deviations.
_CHEAPER = 0.965
_DEVIATIONS = 3.0
#: Frames over which the motion must not depend on a lens that nothing tells, and pixels at which it is half as sure.
_OVER = 10
_DOUBT = 2.0
#: Standard error of the matches' noise, in pixels over these frames, at which it is half as sure.
_ERROR = 0.33
#: Trails that two frames must share for one to lead to the other.
_TIES = 8
#: Frames of an usual trail that are agreed on, and the most frames from one to the next.
_SEEN = 6.0
_FARTHEST = 2
#: Frames at the ends of trails that are all agreed on: what was seen shortly before an end was not seen often.
_ENDS = 6
#: Focal lengths that are believed, as multiples of the one taken beforehand.
_BETWEEN = (0.4, 3.0)
#: Standard deviation of the logarithm of focal lengths about the usual one, and by how many times one that the motion
#: tells is farther off than its own deviation says, as neighbouring matches err alike.
_USUAL, _TIMES = 0.3, 3.5
#: Fraction of the shot's frames in which the camera must travel for that, and how many these are at the least.
_MOST, _LEAST = 0.5, 20


@dataclass(frozen=True)
class Travelled:
    """``frames`` (n,) ascending, counted from the first of the shot, and ``rotations`` (n, 3, 3) among themselves.

    ``focal`` is that of the lens, told only ``roughly`` where :func:`weighed` gave it. Of each frame: whether trails
    ``led`` there from before, ``confidence``, ``points`` that agree and their ``residuals`` in pixels.
    """

    frames: NDArray[np.int64]
    rotations: Float64Array
    focal: float
    roughly: bool
    led: NDArray[np.bool_]
    confidence: Float64Array
    points: NDArray[np.int64]
    residuals: Float64Array

    def turns(self) -> list[RelativeRotation]:
        """From each of the frames to the next, where trails lead there."""
        return [
            RelativeRotation(int(first), int(second), np.asarray(now @ before.T))
            for first, second, before, now, led in zip(
                self.frames[:-1], self.frames[1:], self.rotations[:-1], self.rotations[1:], self.led[1:], strict=True
            )
            if led
        ]


def travelled(
    rotations: Sequence[Matrix3],
    start: int,
    seen: Sequence[FrameTracks],
    lens: Lens,
    to_seen: Callable[[Float64Array], Float64Array],
    *,
    free_focal: bool,
    usual: bool,
) -> Travelled | None:
    """What the trails in a shot that begins at frame ``start`` tell; None when it has none.

    ``usual``: nothing is known of the focal length of ``lens``. ``rotations``: of each frame, about; ``to_seen``:
    analysis pixels (N, 2) to centred ones (N, 2), float64.
    """
    inside = [each for each in seen if start <= each.frame < start + len(rotations)]
    if len(inside) < 3:
        return None
    frames = np.array([each.frame - start for each in inside])
    turned = [rotations[frame] for frame in frames]
    centres = np.zeros((len(frames), 3))
    for index in range(1, len(frames)):
        centres[index] = centres[index - 1] - turned[index].T @ inside[index].travel
    sightings = [Sighting(index, each.number, lens.ideal(to_seen(each.pixels))) for index, each in enumerate(inside)]
    led = _led(inside)
    keys = agreed_on(led, _stride(inside))
    few = [replace(sightings[key], frame=index) for index, key in enumerate(keys)]
    best = reconstruct([turned[key] for key in keys], centres[keys], few, lens.focal)
    if best is None:
        return None
    doubt = np.zeros(len(keys))
    first, best, roughly = best, settled(best), False
    if free_focal:
        candidate = with_lens(first)
        if believed(candidate, best, lens.focal):
            best = candidate
        else:
            doubt = lens_doubt(best, candidate, lens.half_diagonal, frames[keys])
            # What a few frames tell roughly must not change all the others.
            enough = len(frames) >= max(_MOST * len(rotations), _LEAST)
            focal = weighed(candidate, best, lens.focal) if usual and enough else None
            if focal is not None:
                best, roughly = settled(candidate, focal), True
    all_of_them = placed(best, keys, sightings, np.array(turned), centres)
    led &= all_of_them.points > 0
    # Frames at which trails begin have no match of their own, and get what the next has.
    source = np.where(led, np.arange(len(led)), np.minimum(np.arange(len(led)) + 1, len(led) - 1))
    doubt = np.interp(np.arange(len(led)), keys, doubt)
    error = turn_errors(best, frames[keys], _OVER, lens.half_diagonal)
    error = np.interp(np.arange(len(led)), keys, error)
    sure = _confidence(all_of_them) / (1 + np.square(doubt / _DOUBT)) / (1 + (error / _ERROR) ** 4)
    return Travelled(
        frames,
        all_of_them.rotations,
        best.focal,
        roughly,
        led,
        sure[source],
        all_of_them.points[source],
        all_of_them.residuals[source],
    )


def _led(seen: Sequence[FrameTracks]) -> NDArray[np.bool_]:
    """Whether trails lead to each frame from the one before."""
    led = np.zeros(len(seen), bool)
    for index in range(1, len(seen)):
        led[index] = len(np.intersect1d(seen[index - 1].number, seen[index].number, assume_unique=True)) >= _TIES
    return led


def _stride(seen: Sequence[FrameTracks]) -> int:
    """Every how many-th frame is enough: as many as leave trails of some length several of them."""
    _, lengths = np.unique(np.concatenate([each.number for each in seen]), return_counts=True)
    usual = float((lengths * lengths).sum() / lengths.sum())
    return int(np.clip(round(usual / _SEEN), 1, _FARTHEST))


def agreed_on(led: NDArray[np.bool_], stride: int) -> NDArray[np.int64]:
    """Indices (m,) of every ``stride``-th frame, and of all near those at which trails begin or end.

    ``led`` (frames,): whether trails lead there from the frame before.
    """
    keys = np.zeros(len(led), bool)
    starts = np.flatnonzero(~led)
    for start, end in zip(starts, [*starts[1:], len(led)], strict=True):
        keys[start:end:stride] = True
        keys[start : min(start + _ENDS, end)] = keys[max(start, end - _ENDS) : end] = True
    return np.flatnonzero(keys)


def lens_doubt(
    first: Reconstruction, second: Reconstruction, half_diagonal: float, frames: NDArray[np.int64]
) -> Float64Array:
    """How much two journeys that differ in their lens differ in the motion over the last frames: (frames,) pixels.

    ``frames`` (frames,) says which these are, ascending.

    Where it is much, the motion depends on a focal length that nothing tells.
    """
    reach = half_diagonal / np.sqrt(2)
    box = corners(2 * reach, 2 * reach)
    doubt = np.zeros(len(first.rotations))
    starts = np.searchsorted(frames, frames - _OVER)
    for frame, start in enumerate(starts[1:], 1):
        one, other = (
            centred_homography(np.asarray(each.rotations[frame] @ each.rotations[start].T), each.focal, each.focal)
            for each in (first, second)
        )
        with np.errstate(invalid="ignore"):
            away = np.linalg.norm(project(np.asarray(one @ np.linalg.inv(other)), box) - box, axis=1)
        doubt[frame] = float(np.nan_to_num(away, nan=half_diagonal).mean())
    return doubt


def believed(candidate: Reconstruction, than: Reconstruction, focal: float) -> bool:
    """Whether the focal length of ``candidate`` is known well, and pays off against ``than``, which has ``focal``."""
    low, high = _BETWEEN
    if not (candidate.deviation < _KNOWN and low < candidate.focal / focal < high):
        return False
    near = _DEVIATIONS * than.sigma
    return candidate.cost_within(near) < _CHEAPER * than.cost_within(near)


def weighed(candidate: Reconstruction, than: Reconstruction, focal: float) -> float | None:
    """The focal length of ``candidate``, which is not known well, and the usual ``focal``, by their variances.

    None where it does not suit the matches better than that of ``than``, which has ``focal``.
    """
    low, high = _BETWEEN
    near = _DEVIATIONS * than.sigma
    if not (low < candidate.focal / focal < high) or candidate.cost_within(near) >= than.cost_within(near):
        return None
    trust = _USUAL**2 / (_USUAL**2 + (_TIMES * candidate.deviation) ** 2)
    return float(focal * (candidate.focal / focal) ** trust)


def _confidence(found: Placed) -> Float64Array:
    """As sure as the matches of a frame are many and agree; never as sure as what is known to be far."""
    number = np.clip(found.points / 40, 0, 1)
    fraction = np.clip((found.fraction - 0.2) / 0.5, 0, 1)
    residual = 1 / (1 + np.square(np.nan_to_num(found.residuals, nan=9.0)))
    sure = 0.7 * number * fraction * residual
    return np.asarray(sure)
