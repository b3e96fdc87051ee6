# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up places to travel through: houses, trees and posts along a camera's path, near and far."""

from __future__ import annotations

import cv2
import numpy as np

from .poses import Move
from .world import EYE, Board, Image, Random, World, make_world, noise

#: Over how many metres the ground fades into the far landscape.
_FADE = (60.0, 160.0)


def along(
    sky: Image,
    seed: int,
    move: Move,
    frames: int,
    *,
    things: int = 90,
    houses: float = 0.4,
    clear: float = 4.5,
    farthest: float = 90.0,
    hills: bool = True,
) -> World:
    """Things that stand about the path of ``move``, nowhere nearer to it than ``clear`` metres.

    ``houses``: their fraction of all ``things``, the others are trees; without ``hills`` the horizon is low.
    """
    random = np.random.default_rng((seed, 7))
    base = make_world(sky, seed, near=True)
    path = np.array([move(time).position for time in np.linspace(0, frames - 1, 64)])[:, [0, 2]]
    looks = np.array([move(time).rotation[2, [0, 2]] for time in np.linspace(0, frames - 1, 64)])
    kinds = [_facade(random, number) for number in range(4)], [_tree(random) for _ in range(4)]
    boards: list[Board] = []
    while len(boards) < things:
        # Somewhere before the camera as it stands at some moment of the shot.
        moment = int(random.integers(64))
        ahead = clear + (farthest - clear) * random.random() ** 1.5
        side = random.uniform(-0.9, 0.9) * ahead
        look = looks[moment] / np.linalg.norm(looks[moment])
        spot = path[moment] + ahead * look + side * np.array([look[1], -look[0]])
        house = random.random() < houses
        width, height = (random.uniform(6, 14), random.uniform(4, 11)) if house else (random.uniform(2.5, 7),) * 2
        turn = float(random.uniform(-60, 60)) - float(np.degrees(np.arctan2(-look[0], look[1])))
        image = kinds[0 if house else 1][int(random.integers(4))]
        board = Board(float(spot[0]), EYE - height, float(spot[1]), width, height, image, turn)
        ends = spot + np.linspace(0, 1, 9)[:, None] * width * board.along[[0, 2]]
        if np.linalg.norm(ends[:, None] - path[None], axis=2).min() >= clear:
            boards.append(board)
    land = base if hills else _flat(base)
    return World(land.sky, land.land, land.sky_cover, base.ground, boards, _FADE)


def with_lorry(world: World, side: float, start: float, metres: float) -> World:
    """A lorry overtakes: its left side ``side`` metres to the right of the path, its rear ``start`` metres ahead."""
    random = np.random.default_rng(17)
    plane = np.clip(60 + 150 * noise(random, 128, 512, 64), 0, 255)
    plane[40:60] = 210
    tint = np.array([0.9, 0.35, 0.3])
    body = np.clip(plane[..., None] * tint, 0, 255).astype(np.uint8)
    rear = np.clip(plane[:, :96, None] * np.array([0.5, 0.5, 0.55]), 0, 255).astype(np.uint8)
    speed = (0.0, 0.0, metres)
    lorry = [
        Board(side + 2.5, EYE - 3.8, start, 13.0, 3.4, body, -90.0, speed),
        Board(side, EYE - 3.8, start, 2.5, 3.4, rear, 0.0, speed),
    ]
    return World(world.sky, world.land, world.sky_cover, world.ground, [*world.boards, *lorry], world.fade)


def around_a_building(sky: Image, seed: int, distance: float) -> World:
    """A tower whose middle stands so many metres ahead, with trees about it."""
    random = np.random.default_rng((seed, 9))
    base = make_world(sky, seed, near=True)
    half, high = 6.0, 16.0
    faces = [(-half, -half, 0.0), (half, -half, -90.0), (half, half, 180.0), (-half, half, 90.0)]
    boards = [
        Board(x, EYE - high, distance + z, 2 * half, high, _facade(random, number), turn)
        for number, (x, z, turn) in enumerate(faces)
    ]
    trees = [_tree(random) for _ in range(4)]
    for number in range(40):
        away, angle = random.uniform(14, 60), random.uniform(0, 2 * np.pi)
        if 0.75 * distance < away < 1.25 * distance:
            continue
        size, turn = random.uniform(3, 7), float(random.uniform(-60, 60))
        x, z = away * np.sin(angle), distance + away * np.cos(angle)
        boards.append(Board(x, EYE - size, z, size, size, trees[number % 4], turn))
    return World(base.sky, base.land, base.sky_cover, base.ground, boards, _FADE)


def _flat(world: World) -> World:
    """The same with a level horizon."""
    rows = np.arange(len(world.sky_cover), dtype=np.float32)[:, None]
    level = np.clip(len(world.sky_cover) / 2 - 6 - rows + 0.5, 0, 1)
    return World(world.sky, world.land, np.broadcast_to(level, world.sky_cover.shape).astype(np.float32))


def _facade(random: Random, number: int) -> np.ndarray:
    """A wall with rows of windows, (256, 256, 3)."""
    wall = 130 + 90 * (noise(random, 256, 256, 32) - 0.5)
    columns, rows = int(random.integers(3, 7)), int(random.integers(2, 6))
    for row in range(rows):
        for column in range(columns):
            left, top = int((column + 0.25) * 256 / columns), int((row + 0.25) * 256 / rows)
            wide, tall = 128 // columns, 140 // rows
            wall[top : top + tall, left : left + wide] = random.uniform(25, 90)
    tints = np.array([[1.0, 0.93, 0.8], [0.85, 0.6, 0.5], [0.8, 0.82, 0.85], [1.05, 1.0, 0.95]])
    return np.asarray(np.clip(wall[..., None] * tints[number % 4], 0, 255), np.uint8)


def _tree(random: Random) -> np.ndarray:
    """A crown over a trunk, (256, 256, 4), colours times alpha."""
    leaves = noise(random, 256, 256, 64, 0.8)
    y, x = np.mgrid[-1:1:256j, -1:1:256j]
    crown = np.hypot(x, (y + 0.25) / 0.75) + 0.9 * (leaves - 0.5) < 0.8
    trunk = (np.abs(x) < 0.07) & (y > 0)
    alpha = cv2.GaussianBlur((crown | trunk).astype(np.float32), (0, 0), 0.8)[..., None]
    green = np.array([70, 92, 48]) * (0.3 + 1.4 * noise(random, 256, 256, 16)[..., None])
    bark = np.array([90, 72, 58]) * (0.5 + 1.0 * noise(random, 256, 256, 16)[..., None])
    colours = np.where((trunk & ~crown)[..., None], bark, green)
    return np.asarray(np.clip(np.dstack([colours * alpha, 255 * alpha]), 0, 255), np.uint8)
