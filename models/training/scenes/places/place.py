# SPDX-License-Identifier: GPL-3.0-or-later
"""What every kind of place tells about itself, and draws that several kinds share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..land.relief import Relief

Float64Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stand:
    """Where cameras may stand and look: a rectangle around `centre`, heights above the ground, a heading.

    `spread` is the rectangle's half size along x and y. `yaw` is in degrees, 0 along +y and growing towards +x, with
    the half width `yaw_spread`; `pitch` in degrees, up positive, with its standard deviation.
    """

    name: str
    centre: tuple[float, float] = (0.0, 0.0)
    spread: tuple[float, float] = (10.0, 10.0)
    heights: tuple[float, float] = (1.4, 1.9)
    yaw: float = 0.0
    yaw_spread: float = 180.0
    pitch: tuple[float, float] = (4.0, 8.0)
    weight: float = 1.0


@dataclass(frozen=True)
class Place:
    """A built scene."""

    kind: str
    relief: Relief
    stands: tuple[Stand, ...]
    night: bool = False
    about: dict[str, Any] = field(default_factory=dict)

    def ground(self, x: float, y: float) -> float:
        """Height of what a camera stands on: the land, or the water over it."""
        z = float(self.relief.height(np.array([x]), np.array([y]))[0])
        wet = self.relief.shore is not None or self.relief.lake is not None
        return max(z, self.relief.water) if wet else z


def on_land(relief: Relief, x: float, y: float, sink: float = 0.0) -> tuple[float, float, float]:
    """The point of the land at (x, y), `sink` metres lower."""
    return x, y, float(relief.height(np.array([x]), np.array([y]))[0]) - sink


def scatter(rng: np.random.Generator, count: int, near: float, far: float, keep: float = 0.0) -> Float64Array:
    """`count` places (n, 2) at distances between `near` and `far`, denser near by; `keep` metres apart at least."""
    places: list[Float64Array] = []
    for _ in range(count * 3):
        if len(places) == count:
            break
        away, around = near * (far / near) ** rng.random(), rng.random() * 2 * np.pi
        spot = np.array([away * np.cos(around), away * np.sin(around)])
        if keep and any(np.hypot(*(spot - other)) < keep for other in places):
            continue
        places.append(spot)
    return np.array(places).reshape(-1, 2)
