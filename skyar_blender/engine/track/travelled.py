# SPDX-License-Identifier: GPL-3.0-or-later
"""The frames of a shot in which the camera travelled: their rotations, and the lens if the travel tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..lens import Lens
from ..types import Matrix3
from .bundle import Turn
from .geometry import Floats, centred_homography, corners, project
from .trails import Seen
from .travel_bundle import Journey, Sighting, journey

#: A focal length is believed when its logarithm is known this well...
_KNOWN = 0.025
#: ...and leaves less than these shares of the matches' cost, and of their deviation.
_CHEAPER, _CLOSER = 0.99, 0.975
#: Frames over which the motion must not depend on a lens that nothing tells, and pixels at which it is half as sure.
_OVER, _DOUBT = 10, 2.0
#: Focal lengths that are believed, as multiples of the one taken beforehand.
_BETWEEN = (0.4, 3.0)


@dataclass(frozen=True)
class Travelled:
    """``frames`` (n,) ascending, counted from the first of the shot, and ``rotations`` (n, 3, 3) among themselves.

    ``focal`` is that of the lens. Of each: whether trails ``led`` there from before, ``confidence``, ``points`` that
    agree and their ``residuals`` in pixels.
    """

    frames: NDArray[np.int64]
    rotations: Floats
    focal: float
    led: NDArray[np.bool_]
    confidence: Floats
    points: NDArray[np.int64]
    residuals: Floats

    def turns(self) -> list[Turn]:
        """From each of the frames to the next, where trails lead there."""
        return [
            Turn(int(first), int(second), np.asarray(now @ before.T))
            for first, second, before, now, led in zip(
                self.frames[:-1], self.frames[1:], self.rotations[:-1], self.rotations[1:], self.led[1:], strict=True
            )
            if led
        ]


def travelled(
    rotations: Sequence[Matrix3],
    start: int,
    seen: Sequence[Seen],
    lens: Lens,
    to_seen: Callable[[Floats], Floats],
    *,
    free_focal: bool,
) -> Travelled | None:
    """What the trails in a shot that begins at frame ``start`` tell; None when it has none.

    ``rotations``: of each frame, about; ``to_seen``: analysis pixels to centred ones.
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
    best = journey(turned, centres, sightings, lens.focal, free_focal=False)
    if best is None:
        return None
    doubt = np.zeros(len(frames))
    if free_focal:
        told = journey(list(best.rotations), best.centres, sightings, lens.focal, free_focal=True)
        if told is not None and _better(told, best, lens.focal):
            best = told
        elif told is not None:
            doubt = lens_doubt(best, told, lens.half_diagonal)
    best = journey(
        list(best.rotations), best.centres, sightings, best.focal, free_focal=best.focal != lens.focal, final=True
    )
    assert best is not None
    # Frames at which trails begin have no match of their own, and get what the next has.
    led = best.points > 0
    source = np.where(led, np.arange(len(led)), np.minimum(np.arange(len(led)) + 1, len(led) - 1))
    return Travelled(
        frames,
        best.rotations,
        best.focal,
        led,
        (_confidence(best) / (1 + np.square(doubt / _DOUBT)))[source],
        best.points[source],
        best.residuals[source],
    )


def lens_doubt(first: Journey, second: Journey, half_diagonal: float) -> Floats:
    """How much two journeys that differ in their lens differ in the motion over the last frames: (frames,) pixels.

    Where it is much, the motion depends on a focal length that nothing tells.
    """
    reach = half_diagonal / np.sqrt(2)
    box = corners(2 * reach, 2 * reach)
    doubt = np.zeros(len(first.rotations))
    for frame in range(1, len(doubt)):
        start = max(0, frame - _OVER)
        one, other = (
            centred_homography(np.asarray(each.rotations[frame] @ each.rotations[start].T), each.focal, each.focal)
            for each in (first, second)
        )
        with np.errstate(invalid="ignore"):
            away = np.linalg.norm(project(np.asarray(one @ np.linalg.inv(other)), box) - box, axis=1)
        doubt[frame] = float(np.nan_to_num(away, nan=half_diagonal).mean())
    return doubt


def _better(told: Journey, than: Journey, focal: float) -> bool:
    low, high = _BETWEEN
    if not (told.deviation < _KNOWN and low < told.focal / focal < high):
        return False
    return told.cost < _CHEAPER * than.cost and told.sigma < _CLOSER * than.sigma


def _confidence(found: Journey) -> Floats:
    """As sure as the matches of a frame are many and agree; never as sure as what is known to be far."""
    number = np.clip(found.points / 40, 0, 1)
    share = np.clip((found.share - 0.2) / 0.5, 0, 1)
    residual = 1 / (1 + np.square(np.nan_to_num(found.residuals, nan=9.0)))
    sure = 0.7 * number * share * residual
    return np.asarray(sure)
