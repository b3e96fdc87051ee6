# SPDX-License-Identifier: GPL-3.0-or-later
"""Where clouds are: a coarse grid of how deep each place lies inside them.

A `Field` repeats after `side` metres in x (right) and y (forward); altitudes go from `low` up. Values are metres,
above 0 inside and, outside, at most the distance to the nearest cloud, so that a ray may leap so far.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from .noise import flat_noise

Grid = NDArray[np.float32]
FAR = 1500.0


@dataclass
class Field:
    """`depth` is (x, y, z); `cell` and `rise` are the spacing across and up, metres; `old` (x, y), 0..1, is how far
    a cloud has dissolved into wisps; `base` (x, y) the altitude of its flat underside."""

    depth: Grid
    cell: float
    rise: float
    low: float
    old: Grid
    base: Grid

    @property
    def side(self) -> float:
        return self.cell * self.depth.shape[0]

    @property
    def high(self) -> float:
        return self.low + self.rise * (self.depth.shape[2] - 1)


@njit(cache=True, fastmath=True)
def add_spheres(depth: Grid, spheres: NDArray[np.float64], cell: float, rise: float, low: float, weld: float) -> None:
    n, _, nz = depth.shape
    for s in range(len(spheres)):
        x, y, z, r, flat = spheres[s]
        reach = r + 3 * weld
        for i in range(int((x - reach) / cell), int((x + reach) / cell) + 2):
            for j in range(int((y - reach) / cell), int((y + reach) / cell) + 2):
                for k in range(max(0, int((z - reach - low) / rise)), min(nz, int((z + reach - low) / rise) + 2)):
                    dx, dy, dz = i * cell - x, j * cell - y, (k * rise + low - z) * flat
                    d = r - np.sqrt(dx * dx + dy * dy + dz * dz)
                    old = depth[i % n, j % n, k]
                    # Smooth maximum (Quilez, polynomial): two thermals that touch grow together.
                    h = max(weld - abs(old - d), 0.0) / weld
                    depth[i % n, j % n, k] = max(old, d) + h * h * weld * 0.25


def leaps(depth: Grid, cell: float, rise: float) -> Grid:
    """Outside, the distance to the nearest cloud less one cell; exact enough not to leap over anything."""
    wrapped = 12
    empty = np.pad(depth <= 0, ((wrapped, wrapped), (wrapped, wrapped), (0, 0)), mode="wrap")
    away = ndimage.distance_transform_edt(empty, sampling=(cell, cell, rise)).astype(np.float32)
    away = away[wrapped:-wrapped, wrapped:-wrapped]
    # Cells of the pad know nothing beyond it.
    away = np.minimum(away, wrapped * cell)
    return np.where(depth <= 0, np.maximum(-away, np.minimum(depth, 0)), depth).astype(np.float32)


def thermals(
    heaps: NDArray[np.float64], base: float, high: float, random: np.random.Generator
) -> NDArray[np.float64]:
    """Spheres (x, y, z, radius, flatness) that heaps (x, y, radius, height, metres) are made of."""
    spheres: list[tuple[float, ...]] = []
    for px, py, r, top in heaps:
        top = min(top, high - base - 900.0)
        turn, stretch = random.uniform(0, np.pi), random.uniform(1.0, 2.2)
        for _ in range(max(3, int(5 * (r / 300) ** 1.3))):
            u, v = random.normal(0, 0.42, 2)
            u, v = u * stretch, v / stretch**0.3
            d = np.hypot(u / stretch, v)
            dx, dy = r * (u * np.cos(turn) - v * np.sin(turn)), r * (u * np.sin(turn) + v * np.cos(turn))
            own = r * random.uniform(0.22, 0.46) * np.exp(-0.35 * d)
            peak = max(0.5 * own, top * (1 - 0.55 * d**1.5) * random.uniform(0.35, 1.05))
            own = max(own, 0.3 * peak)
            z, s = base + 0.2 * own, own
            while z - base < peak:
                spheres.append((px + dx, py + dy, z, s, random.uniform(0.85, 1.25)))
                z += s * random.uniform(0.4, 0.7)
                dx, dy = dx + random.normal(0, 0.28) * s, dy + random.normal(0, 0.28) * s
                s = max(0.35 * own, s * random.uniform(0.8, 1.02))
    return np.array(spheres)


def cumulus(
    seed: int,
    count: int = 900,
    radius: tuple[float, float] = (450.0, 0.6),
    tallness: float = 0.9,
    base: float = 1100.0,
    high: float = 4000.0,
    cells: int = 640,
    cell: float = 60.0,
    rise: float = 40.0,
    grouping: float = 1.3,
    streets: float = 0.3,
    clearing: tuple[float, float] = (0.0, 0.0),
    towers: float = 0.06,
    extra: tuple[tuple[float, float, float, float], ...] = (),
) -> Field:
    """Heaps over a flat condensation level, in groups and loose streets.

    Args:
        radius: median in metres and spread (of its logarithm) of a heap.
        tallness: height of a usual heap for each metre of its radius.
        grouping: how unevenly they are spread.
        streets: how strongly they line up along y.
        clearing: distance around the camera without any, and where they are as many as elsewhere, metres.
        towers: part of the heaps that grow three times as high.
        extra: more heaps: x, y, radius, height, metres.
    """
    random = np.random.default_rng(seed)
    side = cells * cell
    low = base - 200.0
    depth = np.full((cells, cells, int((high - low) / rise) + 1), -FAR, np.float32)
    likely = flat_noise(cells, seed + 1, 1.6, 160, 20)
    lines = ndimage.gaussian_filter(flat_noise(cells, seed + 2, 1.0, 60, 20), (0, 40), mode="wrap")
    likely = np.exp(grouping * likely + streets * 2 * lines / lines.std())
    x = (np.arange(cells) * cell + side / 2) % side - side / 2
    distance = np.hypot(x[:, None], x[None, :])
    if clearing[1]:
        likely = likely * np.clip((distance - clearing[0]) / (clearing[1] - clearing[0]), 0, 1)
    chosen = random.choice(cells * cells, count, p=(likely / likely.sum()).ravel())
    places = np.stack(np.unravel_index(chosen, (cells, cells)), axis=1) * cell + random.random((count, 2)) * cell
    # Heaps grow where others are: what is likely is also large.
    lush = (np.log(likely[tuple((places / cell).astype(int).T)] + 1e-6) / max(grouping, 0.1)).clip(-1, 1.5)
    radii = radius[0] * np.exp(radius[1] * (0.8 * random.normal(size=count) + 0.5 * lush))
    heights = radii * tallness * random.uniform(0.5, 1.3, count)
    heights = np.where(random.random(count) < towers, 2.6 * heights, heights)
    rows = np.concatenate([np.column_stack([places, radii, heights]), np.reshape(extra, (-1, 4))])
    add_spheres(depth, thermals(rows, base, high, random), cell, rise, low, 0.5 * cell)
    floor = base + 35.0 * flat_noise(cells, seed + 3, 1.5, 60, 6)
    z = low + rise * np.arange(depth.shape[2])
    depth = np.minimum(depth, 0.9 * (z[None, None, :] - floor[:, :, None])).astype(np.float32)
    old = np.clip(0.35 + 0.35 * flat_noise(cells, seed + 4, 1.3, 80, 8), 0, 1)
    return Field(leaps(depth, cell, rise), cell, rise, low, old.astype(np.float32), floor.astype(np.float32))


def layer(
    seed: int,
    base: float = 1200.0,
    thickness: float = 450.0,
    cover: float = 0.75,
    size: float = 1400.0,
    unevenness: float = 0.5,
    sag: float = 60.0,
    cells: int = 640,
    cell: float = 60.0,
    rise: float = 30.0,
    age: tuple[float, float] = (0.4, 0.3),
    rolls: float = 0.0,
    steep: float = 1.0,
) -> Field:
    """A layer of heaps or a closed deck.

    Args:
        thickness: of a usual heap, metres.
        cover: part of the sky that is covered.
        size: of the heaps, metres.
        unevenness: how much more cloud there is in some regions than in others.
        sag: how far the underside hangs down here and there, metres.
        age: mean and spread of `Field.old`.
        rolls: 0..1, how far heaps join to rolls.
    """
    small = flat_noise(cells, seed, 2.2, size / cell, max(2.5, 0.12 * size / cell))
    if rolls:
        lined = ndimage.gaussian_filter(small, (0, 0.8 * size / cell), mode="wrap")
        small = (1 - rolls) * small + rolls * lined / lined.std()
        small /= small.std()
    large = flat_noise(cells, seed + 1, 1.6, 250, 30)
    amount = small + unevenness * 1.6 * large
    amount -= np.quantile(amount, 1 - cover)
    amount /= amount.std()
    top = thickness * np.clip(amount, -2.0, 2.2)
    floor = base - sag * flat_noise(cells, seed + 2, 2.0, 0.9 * size / cell, 3) * np.clip(amount + 0.3, 0, 1.2)
    low = float(np.floor(floor.min() - 60))
    tall = float(base + top.max() + 120)
    z = low + rise * np.arange(int((tall - low) / rise) + 1)
    # Sideways the slope of the thickness makes a distance of it.
    gy, gx = np.gradient(top, cell)
    slope = np.sqrt(1 + ndimage.gaussian_filter(gx**2 + gy**2, 2, mode="wrap"))
    inside = np.minimum(z - floor[..., None], (base + top[..., None] - z) / (slope[..., None] ** steep))
    depth = np.minimum(inside, 0.6 * top[..., None] + 40).astype(np.float32)
    old = np.clip(age[0] + age[1] * flat_noise(cells, seed + 4, 1.3, 80, 8), 0, 1)
    return Field(leaps(depth, cell, rise), cell, rise, low, old.astype(np.float32), floor.astype(np.float32))
