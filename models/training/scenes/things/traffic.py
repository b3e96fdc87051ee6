# SPDX-License-Identifier: GPL-3.0-or-later
"""Vehicles along a road, parked at its edge or driving in its lanes."""

from __future__ import annotations

import bpy
import numpy as np
from numpy.typing import NDArray

from ..land.road import Height
from ..meshes import place
from .vehicles import vehicle_colour, vehicle_mesh

Float64Array = NDArray[np.float64]


def draw_fleet(rng: np.random.Generator, count: int, night: bool, kinds: tuple[str, ...]) -> list[bpy.types.Mesh]:
    """`count` vehicles of random `kinds` and colours."""
    return [vehicle_mesh(str(rng.choice(kinds)), vehicle_colour(rng), night, rng) for _ in range(count)]


def drive(
    fleet: list[bpy.types.Mesh],
    line: Float64Array,
    offsets: tuple[float, ...],
    height: Height,
    gap: float,
    rng: np.random.Generator,
) -> None:
    """Vehicles on lanes `offsets` metres to the right of `line` (n, 2), about `gap` metres apart.

    Those to the right drive along the line, those to the left against it.
    """
    far = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    steps = np.gradient(line, axis=0)
    headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    for offset in offsets:
        at = float(rng.uniform(0, gap))
        while at < far[-1]:
            x, y, heading = (float(np.interp(at, far, v)) for v in (line[:, 0], line[:, 1], headings))
            x, y = x + offset * np.sin(heading), y - offset * np.cos(heading)
            z = float(height(np.array([x]), np.array([y]))[0]) + 0.08
            # A vehicle faces -x before it is turned.
            place(fleet[int(rng.integers(len(fleet)))], (x, y, z), heading + (np.pi if offset > 0 else 0.0))
            at += 5.0 + gap * float(rng.gamma(2.0, 0.5))
