# SPDX-License-Identifier: GPL-3.0-or-later
"""The front of a storm: a wall of towers over a dark base, a shelf before it, and curtains of rain behind."""

import numpy as np
from scipy import ndimage

from .noise import flat_noise
from .shapes import FAR, Field, Grid, add_spheres, leaps, thermals

_CELLS, _CELL = 512, 100.0
_SIDE = _CELLS * _CELL
_BASE = 1000.0


def _behind(seed: int, away: float) -> Grid:
    """How far behind the front's line each place is, metres, (x, y); `away` is its distance straight ahead."""
    x = (np.arange(_CELLS) * _CELL + _SIDE / 2) % _SIDE - _SIDE / 2
    waves = (
        flat_noise(_CELLS, seed + 11, 1.8, 120, 12)[:, 0] * 450.0
        + flat_noise(_CELLS, seed + 12, 1.5, 30, 5)[:, 0] * 120.0
    )
    # It bows: the middle is ahead of the wings.
    line = away + 2.4e-5 * x**2 + waves
    y = (np.arange(_CELLS) * _CELL + _SIDE / 4) % _SIDE - _SIDE / 4
    return np.asarray(y[None, :] - line[:, None], np.float32)


def storm_front(
    seed: int,
    away: float = 7600.0,
    thick: float = 14000.0,
    high: float = 10800.0,
    rise: float = 80.0,
    heaps: int = 30,
) -> Field:
    """A front that comes from ahead (y).

    Args:
        away: distance of its shelf straight ahead, metres.
        thick: from the shelf to its back, metres.
        high: of the whole field.
        heaps: small ones, on the side that it has not reached.
    """
    random = np.random.default_rng(seed)
    behind = _behind(seed, away)
    low = _BASE - 480.0
    z = low + rise * np.arange(int((high - low) / rise) + 1)
    depth = np.full((_CELLS, _CELLS, len(z)), -FAR, np.float32)
    # Towers grow from the line on: the first are low, those behind reach the anvil.
    rows = []
    inside = np.argwhere((behind > 900) & (behind < thick - 2500))
    for i, j in inside[random.choice(len(inside), 230)]:
        deep = float(behind[i, j])
        tall = np.interp(deep, [900, 2600, 6000], [2800, 5600, 8600]) * random.uniform(0.62, 1.08)
        rows.append((i * _CELL, j * _CELL, random.uniform(800, 1700), tall))
    open_ = np.argwhere(behind < -9000)
    for i, j in open_[random.choice(len(open_), heaps)]:
        rows.append((i * _CELL, j * _CELL, random.uniform(250, 600), random.uniform(250, 700)))
    add_spheres(depth, thermals(np.array(rows), _BASE, high, random), _CELL, rise, low, 0.6 * _CELL)
    # The anvil: flat discs where the tallest end.
    discs = []
    back = np.argwhere((behind > 5500) & (behind < thick - 1500))
    for i, j in back[random.choice(len(back), 26)]:
        discs.append(
            (i * _CELL, j * _CELL, random.uniform(8900, 9700), random.uniform(2400, 4200), random.uniform(3.5, 5))
        )
    add_spheres(depth, np.array(discs), _CELL, rise, low, 3 * _CELL)
    lumps = flat_noise(_CELLS, seed + 3, 1.9, 26, 3)
    floor = (_BASE + 60.0 * flat_noise(_CELLS, seed + 4, 1.7, 60, 6)).astype(np.float32)
    depth = np.minimum(depth, 0.9 * (z[None, None, :] - floor[..., None]))
    # The dark base: a closed slab that hangs in lumps.
    hanging = floor - 110.0 * np.clip(lumps, -0.6, 2.0) * np.clip(behind / 1500, 0, 1)
    slab = np.minimum(0.6 * (behind - 300)[..., None], z - hanging[..., None])
    slab = np.minimum(np.minimum(slab, 0.6 * (thick - behind)[..., None]), 3400.0 - z)
    depth = np.maximum(depth, np.minimum(slab, 900.0))
    # The shelf: a wedge before it, in steps, as smooth air is lifted layer by layer.
    ahead = behind + 3600.0 + 260.0 * flat_noise(_CELLS, seed + 5, 1.6, 60, 5)
    steps = 420.0 * (2 * np.abs((z / 380.0) % 1 - 0.5))
    along = ahead[..., None] - steps
    top = 740.0 + 0.3 * along + 70.0 * flat_noise(_CELLS, seed + 6, 1.6, 50, 6)[..., None]
    under = 680.0 + 0.07 * along + 40.0 * flat_noise(_CELLS, seed + 7, 1.6, 30, 4)[..., None]
    shelf = np.minimum(np.minimum(0.9 * (top - z), z - under), 5200.0 - along)
    depth = np.maximum(depth, np.minimum(shelf, 500.0)).astype(np.float32)
    old = np.clip(0.28 + 0.28 * flat_noise(_CELLS, seed + 8, 1.3, 80, 8), 0, 1)
    # Over its base a cloud is rough: the shelf is smooth up to its top.
    smooth = np.clip(-(behind + 200) / 900, 0, 1) * (behind > -6000)
    base = (np.minimum(floor, under[..., 0]) * (1 - smooth) + (top[..., 0] + 200) * smooth).astype(np.float32)
    return Field(leaps(depth, _CELL, rise), _CELL, rise, low, old.astype(np.float32), base)


def rain_curtain(
    seed: int,
    away: float = 7600.0,
    near: float = 1600.0,
    thick: float = 6500.0,
    top: float = 1250.0,
    lean: float = 0.22,
) -> Field:
    """Rain below a `storm_front` of the same seed, from `near` metres behind its line on; it leans to the left."""
    behind = _behind(seed, away)
    rise = 60.0
    z = rise * np.arange(int(top / rise) + 1)
    wide = flat_noise(_CELLS, seed + 21, 1.6, 70, 14)
    streaks = flat_noise(_CELLS, seed + 22, 0.9, 12, 1.6)
    amount = 520.0 * (wide - 0.75) + 240.0 * streaks
    amount = np.minimum(amount, 0.5 * np.minimum(behind - near, near + thick - behind))
    depth = np.empty((_CELLS, _CELLS, len(z)), np.float32)
    for k, height in enumerate(z):
        depth[..., k] = ndimage.shift(amount, (lean * (height - top) / _CELL, 0.0), order=1, mode="grid-wrap")
    nowhere = np.full((_CELLS, _CELLS), -800.0, np.float32)
    return Field(leaps(depth, _CELL, rise), _CELL, rise, 0.0, np.zeros_like(nowhere), nowhere)
