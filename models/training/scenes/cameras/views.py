# SPDX-License-Identifier: GPL-3.0-or-later
"""Still views of a built scene: where the camera stands, chosen so that sky is anything from none to most."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector
from numpy.typing import NDArray

from ..places.place import Place, Stand
from .handheld import camera_rotation
from .lens import Lens, draw_lens

Float64Array = NDArray[np.float64]
Wanted = tuple[tuple[tuple[float, float], float], ...]


@dataclass(frozen=True)
class View:
    """Rotation: camera (x right, y down, z forward) to world, 3x3. Place in metres. `sky`: estimated share."""

    rotation: Float64Array
    place: Float64Array
    lens: Lens
    stand: str
    sky: float


#: Wanted shares of sky (low, high) and how often: a fifth has none, the rest are spread widely.
WANTED = (((0.0, 0.004), 0.2), ((0.004, 0.12), 0.2), ((0.12, 0.35), 0.27), ((0.35, 0.6), 0.23), ((0.6, 0.93), 0.10))
#: The same for views in which there is a sky to replace.
OPEN = (((0.08, 0.2), 0.2), ((0.2, 0.4), 0.4), ((0.4, 0.6), 0.28), ((0.6, 0.9), 0.12))
#: The same for cameras that look down: the ground alone, or with a strip of sky above it.
DOWN = (((0.0, 0.004), 0.75), ((0.004, 0.12), 0.25))
#: Rays across and down by which the share is estimated.
_GRID = (14, 10)
_TRIES = 40


def draw_view(
    place: Place, rng: np.random.Generator, long_side: int, wanted: Wanted = WANTED, look: str = "level"
) -> View:
    """The first random view whose share of sky is as wanted, or the nearest to it.

    ``look``: "up", the camera looks 25 to 88 degrees above the horizon, and half the time no way in particular is
    up; "down", it looks 5 to 70 degrees below it; "level", as people stand there and look.
    """
    ranges, fractions = zip(*wanted, strict=True)
    low, high = ranges[int(rng.choice(len(ranges), p=fractions))]
    weights = np.array([s.weight for s in place.stands])
    best: tuple[float, View] | None = None
    for _ in range(_TRIES):
        stand = place.stands[int(rng.choice(len(weights), p=weights / weights.sum()))]
        view = _draw(place, stand, rng, long_side, look)
        if view is None:
            continue
        miss = max(low - view.sky, view.sky - high, 0.0)
        if best is None or miss < best[0]:
            best = (miss, view)
        if miss == 0.0:
            break
    if best is None:
        raise RuntimeError(f"No camera finds room in this scene ({place.kind}).")
    return best[1]


def _draw(place: Place, stand: Stand, rng: np.random.Generator, long_side: int, look: str) -> View | None:
    x, y = (float(c + s * rng.uniform(-1, 1)) for c, s in zip(stand.centre, stand.spread, strict=True))
    low, high = stand.heights
    spot = np.array([x, y, place.ground(x, y) + low * (high / low) ** rng.random()])
    yaw = np.radians(stand.yaw + stand.yaw_spread * rng.uniform(-1, 1))
    pitch = np.radians(rng.normal(*stand.pitch))
    roll = np.radians(rng.normal(0, 1.2 if rng.random() < 0.75 else 7.0))
    if look == "down":
        pitch = np.radians(-rng.uniform(5, 70))
    if look == "up":
        pitch = np.radians(rng.uniform(25, 88))
        roll = roll if rng.random() < 0.5 else np.radians(rng.uniform(-180, 180))
    lens = draw_lens(rng, long_side)
    turn = camera_rotation(float(yaw), float(np.clip(pitch, -1.45, 1.54)), float(roll))
    hits = cast(spot, turn, lens, _GRID)
    # Nothing may stick to the lens: nearly all that is seen is 2.5 metres away or more.
    near = np.where(np.isinf(hits), 1e6, hits)
    if np.quantile(near, 0.12) < 2.5 or hits.min() < 0.6:
        return None
    # Bare walls right before the lens show nothing to learn from, and a camera inside a wall sees only them.
    if np.quantile(near, 0.9) < 9.0 and rng.random() < 0.9:
        return None
    return View(turn, spot, lens, stand.name, float(np.isinf(hits).mean()))


def cast(spot: Float64Array, turn: Float64Array, lens: Lens, grid: tuple[int, int]) -> Float64Array:
    """Distances in metres along a grid of rays through the image; infinite where there is only sky."""
    across, down = lens.half_extent()
    u, v = np.meshgrid(np.linspace(-0.96, 0.96, grid[0]) * across, np.linspace(-0.96, 0.96, grid[1]) * down)
    rays = np.stack([u.ravel(), v.ravel(), np.ones(u.size)], axis=1) @ turn.T
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    graph = bpy.context.evaluated_depsgraph_get()
    scene, origin = bpy.context.scene, Vector(spot)
    far = np.full(len(rays), np.inf)
    for index, ray in enumerate(rays):
        found, where, *_ = scene.ray_cast(graph, origin, Vector(ray))
        if found:
            far[index] = (where - origin).length
    return far
