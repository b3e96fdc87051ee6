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
from .geometry import Floats
from .trails import Seen
from .travel_bundle import Journey, Sighting, journey

#: A focal length is believed when its logarithm is known this well...
_KNOWN = 0.025
#: ...and leaves less than these shares of the matches' cost, and of their deviation.
_CHEAPER, _CLOSER = 0.99, 0.975
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
    if free_focal:
        told = journey(list(best.rotations), best.centres, sightings, lens.focal, free_focal=True)
        if told is not None and _better(told, best, lens.focal):
            best = told
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
        _confidence(best)[source],
        best.points[source],
        best.residuals[source],
    )


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
