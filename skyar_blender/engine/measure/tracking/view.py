# SPDX-License-Identifier: GPL-3.0-or-later
"""What a camera sees of a world: picture and exact matte, with rolling shutter and motion blur if wanted."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from ...lens import Lens
from .poses import Move, Pose
from .world import EYE, GROUND_SCALE, GROUND_SIZE, Board, Picture, World

#: Metres over which the near ground fades into the far landscape.
_FADE = (25.0, 70.0)


def see(
    world: World, move: Move, time: float, width: int, height: int, shutter: float = 0.0
) -> tuple[Picture, Picture]:
    """Picture (height, width, 3), RGB 0..255, and matte (height, width), 0..1, at a time counted in frames.

    ``shutter``: share of a frame's time from the reading of the first row to that of the last (rolling shutter).
    """
    pose = move(time)
    rays = _rays(move, time, width, height, shutter)
    across, down = _angles(rays)
    matte = _sampled(world.sky_cover, across, down)[..., None]
    picture = _sampled(world.sky, (across + np.float32(pose.clouds / 360)) % 1, down) * matte
    picture += _sampled(world.land, across, down) * (1 - matte)
    if world.ground is not None:
        _lay_ground(picture, matte, world.ground, rays, pose)
    for board in sorted(world.boards, key=lambda each: -each.distance):
        _stand(picture, matte, board, rays, pose)
    return picture, matte[..., 0]


def blurred(
    world: World, move: Move, time: float, width: int, height: int, exposure: float, steps: int
) -> tuple[Picture, Picture]:
    """Like :func:`see`, over an exposure of that share of a frame's time around ``time``."""
    views = [see(world, move, time + exposure * ((step + 0.5) / steps - 0.5), width, height) for step in range(steps)]
    pictures, mattes = zip(*views, strict=True)
    return np.asarray(np.mean(pictures, axis=0), np.float32), np.asarray(np.mean(mattes, axis=0), np.float32)


def _rays(move: Move, time: float, width: int, height: int, shutter: float) -> NDArray[np.float32]:
    """Directions of the world (height, width, 3) of all pixels, z of the camera 1."""
    pose = move(time)
    x = np.arange(width) - (width - 1) / 2
    y = np.arange(height) - (height - 1) / 2
    if shutter == 0:
        turns = np.broadcast_to(pose.rotation, (height, 3, 3))
    else:  # each row at its own moment
        before, after = (Rotation.from_matrix(move(time + shutter * part).rotation) for part in (-0.5, 0.5))
        steps = Rotation.from_rotvec(np.linspace(0, 1, height)[:, None] * (after * before.inv()).as_rotvec()[None])
        turns = (steps * before).as_matrix()
    if pose.distortion:  # the rays of a bent lens are no rows and columns
        x, y = np.meshgrid(x, y)
        lens = Lens.of(pose.focal, pose.distortion, width, height)
        ideal = lens.ideal(np.stack([x, y], axis=-1)) / pose.focal
        ahead = np.concatenate([ideal, np.ones_like(ideal[..., :1])], axis=-1)
        return np.asarray(np.einsum("hwk,hkj->hwj", ahead, turns), np.float32)
    # R^T (x, y, f) / f, row by row
    rows = (turns[:, 1] * (y / pose.focal)[:, None] + turns[:, 2]).astype(np.float32)
    across = (turns[:, 0] / pose.focal).astype(np.float32)
    return np.asarray(rows[:, None] + across[:, None] * x.astype(np.float32)[None, :, None], np.float32)


def _angles(rays: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Shares (0..1) of the width and the height of a panorama."""
    longitude = np.arctan2(rays[..., 0], rays[..., 2])
    latitude = np.arctan2(rays[..., 1], np.hypot(rays[..., 0], rays[..., 2]))
    return (longitude * np.float32(1 / (2 * np.pi)) + 0.5) % 1, latitude * np.float32(1 / np.pi) + np.float32(0.5)


def _sampled(panorama: np.ndarray, across: NDArray[np.float32], down: NDArray[np.float32]) -> np.ndarray:
    height, width = panorama.shape[:2]
    x, y = across * np.float32(width) - np.float32(0.5), np.clip(down * np.float32(height) - 0.5, 0, height - 1)
    return np.asarray(cv2.remap(panorama, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP))


def _lay_ground(picture: Picture, matte: Picture, ground: np.ndarray, rays: NDArray[np.float32], pose: Pose) -> None:
    down = rays[..., 1]
    away = np.where(down > 1e-4, (EYE - np.float32(pose.position[1])) / np.maximum(down, 1e-4), np.inf)
    near = np.clip((_FADE[1] - away) / (_FADE[1] - _FADE[0]), 0, 1).astype(np.float32)[..., None]
    away = np.where(np.isfinite(away), away, 0).astype(np.float32)
    total = np.zeros_like(picture)
    # Far away the texture is coarser than a pixel: each halving of its detail has its own distances.
    for level, nearer, farther in ((0, 0.0, 8.0), (2, 8.0, 24.0), (4, 24.0, np.inf)):
        texture = cv2.resize(ground, None, fx=0.5**level, fy=0.5**level, interpolation=cv2.INTER_AREA)
        scale = np.float32(GROUND_SCALE * 0.5**level)
        x, y = (
            (rays[..., axis] * away + np.float32(pose.position[axis])) * scale % (GROUND_SIZE * 0.5**level)
            for axis in (0, 2)
        )
        seen = cv2.remap(texture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        total += seen * ((away >= nearer) & (away < farther)).astype(np.float32)[..., None]
    picture += (total - picture) * near
    matte *= 1 - near


def _stand(picture: Picture, matte: Picture, board: Board, rays: NDArray[np.float32], pose: Pose) -> None:
    ahead = board.distance - pose.position[2]
    if ahead < 0.2:
        return
    away = np.float32(ahead) / np.maximum(rays[..., 2], 1e-3)
    rows, columns = board.picture.shape[:2]
    x = (rays[..., 0] * away + np.float32(pose.position[0] - board.left)) * np.float32(columns / board.width) - 0.5
    y = (rays[..., 1] * away + np.float32(pose.position[1] - board.top)) * np.float32(rows / board.height) - 0.5
    with_edge = np.dstack([board.picture, np.full((rows, columns), 255, np.uint8)])
    seen = cv2.remap(
        with_edge, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    ).astype(np.float32)
    cover = seen[..., 3:] / 255 * (rays[..., 2:] > 0.05)
    picture *= 1 - cover
    picture += seen[..., :3] * (rays[..., 2:] > 0.05)
    matte *= 1 - cover
