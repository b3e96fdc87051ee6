# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up place: a sky all round, a far landscape, a ground that is near, and boards that stand on it."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Random = np.random.Generator
#: Height in metres of the camera above the ground when it is at the origin.
EYE = 1.6
#: Pixels per metre of the ground's texture, and its side in pixels; it repeats.
GROUND_SCALE = 48.0
GROUND_SIZE = 1024
_WIDTH = 4096


@dataclass(frozen=True)
class Board:
    """An upright board: its left top corner, width and height in metres, and its colours (RGB or RGBA, 0..255).

    It faces the first camera, or is turned so many degrees about its left edge, to the right as seen from above.
    ``speed`` in metres a frame, along the axes of the world.
    """

    left: float
    top: float
    distance: float
    width: float
    height: float
    image: NDArray[np.uint8]
    turn: float = 0.0
    speed: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def corner(self, time: float) -> NDArray[np.float64]:
        """Left top corner (3,) at a time counted in frames."""
        return np.array([self.left, self.top, self.distance]) + time * np.array(self.speed)

    @property
    def along(self) -> NDArray[np.float64]:
        """Direction (3,) of its width."""
        turn = np.radians(self.turn)
        return np.array([np.cos(turn), 0.0, -np.sin(turn)])


@dataclass(frozen=True)
class World:
    """All images are RGB, 0..255 as displayed; panoramas are (H, 2 H, 3), straight ahead in the middle.

    ``sky_cover`` (H, 2 H) is 1 where the far landscape leaves the sky free. ``ground`` is None where nothing is near;
    it fades into the far landscape between the two distances of ``fade``, in metres.
    """

    sky: Image
    land: NDArray[np.uint8]
    sky_cover: Image
    ground: NDArray[np.uint8] | None = None
    boards: list[Board] = field(default_factory=list)
    fade: tuple[float, float] = (25.0, 70.0)


def noise(random: Random, height: int, width: int, coarsest: int, roughness: float = 0.7) -> Image:
    """Fractal noise (height, width), 0..1, that joins left to right."""
    total = np.zeros((height, width), np.float32)
    fraction, cell = 1.0, coarsest
    while cell >= 2:
        grid = random.random((max(2, height // cell), max(2, width // cell))).astype(np.float32)
        grid = np.concatenate([grid, grid[:, :1]], axis=1)
        larger = cv2.resize(grid, (width + cell, height), interpolation=cv2.INTER_CUBIC)
        total += np.float32(fraction) * larger[:, :width]
        fraction, cell = fraction * roughness, cell // 2
    total -= total.min()
    return np.asarray(total / total.max(), np.float32)


def make_world(sky: Image, seed: int, *, near: bool, post: bool = False, land_contrast: float = 1.0) -> World:
    """Hills and trees under ``sky``; with ``near`` a ground at the camera's feet, with ``post`` posts to pass by."""
    random = np.random.default_rng(seed)
    height, width = _WIDTH // 2, _WIDTH
    degree = width / 360
    hills = noise(random, 4, width, 512, 0.6).mean(axis=0) * 9
    trees = noise(random, 4, width, 24, 0.9).mean(axis=0) * 2.5
    line = height / 2 - (hills + trees - 2.5) * degree
    rows = np.arange(height, dtype=np.float32)[:, None]
    cover = np.clip(line[None].astype(np.float32) - rows + 0.5, 0, 1)
    light = noise(random, height, width, 48)[..., None] - 0.5
    tint = noise(random, height, width, 256)[..., None]
    land = np.empty((height, width, 3), np.uint8)
    for first in range(0, height, 64):  # what is at work fits into the processor's cache
        part = slice(first, first + 64)
        colours = np.array([74, 88, 58]) * (1 - tint[part]) + np.array([104, 98, 84]) * tint[part]
        land[part] = np.clip(colours * (1 + 1.5 * land_contrast * light[part]), 0, 255)
    ground = None
    boards: list[Board] = []
    if near:
        grain = noise(random, GROUND_SIZE, GROUND_SIZE, 64, 0.85)[..., None]
        grain = np.minimum(grain, grain.transpose(1, 0, 2))  # joins top to bottom too
        ground = np.clip(np.array([122, 108, 88]) * (0.45 + 1.1 * grain), 0, 255).astype(np.uint8)
    if post:
        bark = np.clip(90 * (0.4 + 1.2 * noise(random, 512, 64, 16)), 0, 255)
        image = np.repeat(bark[..., None], 3, axis=2).astype(np.uint8)
        boards = [Board(left, -2.2, far, 0.25, 2.2 + EYE, image) for left, far in ((0.9, 3.2), (-1.6, 5.0))]
    return World(np.asarray(sky, np.float32), land, cover.astype(np.float32), ground, boards)


def clouded(seed: int) -> Image:
    """A sky with clouds that can be followed."""
    random = np.random.default_rng(seed)
    clouds = noise(random, 1024, 2048, 128, 0.6)[..., None]
    fraction = np.clip((clouds - 0.45) * 4, 0, 1)
    return np.asarray(_gradient(1024) * (1 - fraction) + (150 + 100 * clouds) * fraction, np.float32)


def overcast(seed: int) -> Image:
    """A sky of one grey with a trace of structure: four grey levels from the darkest to the brightest."""
    random = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(noise(random, 256, 512, 64, 0.5), (0, 0), 6)[..., None]
    return np.asarray(np.array([203, 205, 208]) + 8 * (soft - soft.mean()), np.float32)


def gradient() -> Image:
    """A clear sky: nothing but a fall of colour from above to the horizon."""
    return np.asarray(np.repeat(_gradient(512), 4, axis=1), np.float32)


def _gradient(height: int) -> Image:
    fall = np.linspace(0, 2, height, dtype=np.float32)[:, None, None]
    return np.asarray(np.array([92, 138, 205]) + np.array([85, 62, 25]) * np.minimum(fall, 1), np.float32)
