# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of the land around a scene: flat, rolling, steep or mountainous, with a shore or a lake (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..noise import fractal_noise

Float64Array = NDArray[np.float64]


@dataclass(frozen=True)
class Relief:
    """Heights in metres as a function of the place.

    `flat` is the radius that stays level (for streets and houses). `tilt` is the slope of a hillside the camera
    stands on and `facing` the direction in which it rises (radians from the x axis). Mountains begin at `far` metres
    and rise to `rise`; `open_fraction` is the share of the horizon without them. A shore lies `shore` metres away in
    the direction `sea`; beyond it the land is under water, whose level is `water`.
    """

    seed: int
    flat: float = 0.0
    bumps: float = 0.06
    rolling: float = 1.5
    rolling_size: float = 60.0
    tilt: float = 0.0
    facing: float = 1.57
    far: float = 600.0
    rise: float = 0.0
    rugged: float = 0.5
    open_fraction: float = 0.0
    shore: float | None = None
    sea: float = 1.57
    beach: float = 0.06
    lake: float | None = None
    water: float = -0.8

    def height(self, x: Float64Array, y: Float64Array) -> Float64Array:
        """Height of the land at (x, y), which may have any equal shape."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        away = np.hypot(x, y)
        free = np.clip((away - self.flat) / (self.flat * 0.6 + 25.0), 0, 1) if self.flat else np.ones_like(away)
        z = self.bumps * fractal_noise(x / 2.2, y / 2.2, self.seed, 3) * free
        z += self.rolling * fractal_noise(x / self.rolling_size, y / self.rolling_size, self.seed + 50, 4) * free
        if self.tilt:
            along = x * np.cos(self.facing) + y * np.sin(self.facing)
            # The hillside levels out above and below, within some hundred metres.
            z += self.tilt * 160.0 * np.tanh(along / 160.0)
        if self.rise:
            z += self._mountains(x, y, away)
        if self.shore is not None:
            z = self._cut_shore(x, y, z)
        if self.lake is not None:
            ragged = 1 + 0.35 * fractal_noise(
                np.cos(np.arctan2(y, x)) * 2, np.sin(np.arctan2(y, x)) * 2, self.seed + 5, 3
            )
            inside = away - self.lake * ragged
            bank = np.clip(inside * 0.12, self.water - 2.5, None)
            z = np.where(inside < 6, np.minimum(z, bank + self.water + 0.4), np.maximum(z, self.water + 0.2))
        return z

    def _mountains(self, x: Float64Array, y: Float64Array, away: Float64Array) -> Float64Array:
        begin = np.clip((away - self.far) / (self.far * 2.5), 0, 1)
        size = self.far * 1.3
        broad = fractal_noise(x / size, y / size, self.seed + 11, 5, 0.5)
        ridged = 1 - 2 * np.abs(fractal_noise(x / size / 0.8, y / size / 0.8, self.seed + 23, 6, 0.5))
        shape = (1 - self.rugged) * (0.5 + 0.8 * broad) + self.rugged * np.clip(ridged, 0, None) ** 1.4
        bearing = np.arctan2(y, x)
        sides = fractal_noise(1.5 * np.cos(bearing) + 7, 1.5 * np.sin(bearing) + 3, self.seed + 31, 2)
        seen = np.clip((sides - (2 * self.open_fraction - 1) * 0.7) * 3 + 0.5, 0, 1)
        # Behind the last range the land falls again, or the end of the mesh would be the horizon.
        fade = np.clip((self.far * 14 - away) / (self.far * 4), 0, 1)
        return self.rise * np.clip(shape, 0, None) * begin * begin * (3 - 2 * begin) * seen * fade

    def _cut_shore(self, x: Float64Array, y: Float64Array, z: Float64Array) -> Float64Array:
        assert self.shore is not None
        along = x * np.cos(self.sea) + y * np.sin(self.sea)
        across = -x * np.sin(self.sea) + y * np.cos(self.sea)
        wiggle = 0.12 * fractal_noise(across / 300.0, across * 0 + 0.5, self.seed + 61, 5) * (60 + np.abs(across))
        inland = self.shore + wiggle - along
        beach = self.water + self.beach * inland
        fraction = np.clip(inland / 40.0 - 0.2, 0, 1)
        return np.where(
            inland < 0, np.maximum(beach, self.water - 8), np.minimum(beach, 0.0) * (1 - fraction) + z * fraction
        )

    def slope(self, x: Float64Array, y: Float64Array, step: float = 1.5) -> Float64Array:
        """Steepness at (x, y): rise over run, at least over `step` metres and more far away."""
        reach = np.maximum(step, np.hypot(x, y) * 0.02)
        dx = self.height(x + reach, y) - self.height(x - reach, y)
        dy = self.height(x, y + reach) - self.height(x, y - reach)
        return np.hypot(dx, dy) / (2 * reach)
