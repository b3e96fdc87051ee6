# SPDX-License-Identifier: GPL-3.0-or-later
"""What a camera sees of a world: image and exact matte, with rolling shutter and motion blur if wanted."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from ...engine.lens import Lens
from .poses import Move, TruePose
from .world import EYE, GROUND_SCALE, GROUND_SIZE, Board, Image, World

#: What is nearer than so many metres in front of the camera is not drawn.
_NEAREST = 0.1


def see(world: World, move: Move, time: float, width: int, height: int, shutter: float = 0.0) -> tuple[Image, Image]:
    """Image (height, width, 3), RGB 0..255, and matte (height, width), 0..1, at a time counted in frames.

    ``shutter``: share of a frame's time from the reading of the first row to that of the last (rolling shutter).
    """
    pose = move(time)
    rays = _rays(move, time, width, height, shutter)
    across, down = _angles(rays)
    matte = _sampled(world.sky_cover, across, down)[..., None]
    image = _sampled(world.sky, (across + np.float32(pose.clouds / 360)) % 1, down) * matte
    image += _sampled(world.land, across, down) * (1 - matte)
    if world.ground is not None:
        _lay_ground(image, matte, world.ground, rays, pose, world.fade)
    for board in _far_to_near(world.boards, pose, time):
        _stand(image, matte, board, rays, pose, time)
    return image, matte[..., 0]


def blurred(
    world: World, move: Move, time: float, width: int, height: int, exposure: float, steps: int
) -> tuple[Image, Image]:
    """Like :func:`see`, over an exposure of that share of a frame's time around ``time``."""
    views = [see(world, move, time + exposure * ((step + 0.5) / steps - 0.5), width, height) for step in range(steps)]
    images, mattes = zip(*views, strict=True)
    return np.asarray(np.mean(images, axis=0), np.float32), np.asarray(np.mean(mattes, axis=0), np.float32)


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
    if pose.distortion:  # the rays of a lens that distorts are no rows and columns
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


def _lay_ground(
    image: Image,
    matte: Image,
    ground: np.ndarray,
    rays: NDArray[np.float32],
    pose: TruePose,
    fade: tuple[float, float],
) -> None:
    down = rays[..., 1]
    away = np.where(down > 1e-4, (EYE - np.float32(pose.position[1])) / np.maximum(down, 1e-4), np.inf)
    near = np.clip((fade[1] - away) / (fade[1] - fade[0]), 0, 1).astype(np.float32)[..., None]
    away = np.where(np.isfinite(away), away, 0).astype(np.float32)
    total = np.zeros_like(image)
    # Far away the texture is coarser than a pixel: each halving of its detail has its own distances.
    for level, nearer, farther in ((0, 0.0, 8.0), (2, 8.0, 24.0), (4, 24.0, 70.0), (6, 70.0, np.inf)):
        texture = _halved(ground, level)
        scale = np.float32(GROUND_SCALE * 0.5**level)
        x, y = (
            (rays[..., axis] * away + np.float32(pose.position[axis])) * scale % (GROUND_SIZE * 0.5**level)
            for axis in (0, 2)
        )
        seen = cv2.remap(texture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        total += seen * ((away >= nearer) & (away < farther)).astype(np.float32)[..., None]
    image += (total - image) * near
    matte *= 1 - near


def _far_to_near(boards: Sequence[Board], pose: TruePose, time: float) -> list[Board]:
    """Boards by the distance of their middles from the camera, the farthest first."""

    def away(board: Board) -> float:
        middle = board.corner(time) + 0.5 * board.width * board.along
        return -float(np.hypot(*(middle - pose.position)[[0, 2]]))

    return sorted(boards, key=away)


def _stand(frame: Image, matte: Image, board: Board, rays: NDArray[np.float32], pose: TruePose, time: float) -> None:
    corner, along = board.corner(time) - pose.position, board.along
    part = _seen_part(frame.shape[:2], board, corner, pose)
    if part is None:
        return
    rays = rays[part]
    # The board's plane: its normal points away from who sees it as it is painted.
    normal = np.array([-along[2], 0.0, along[0]])
    ahead = float(normal @ corner)
    if abs(ahead) < _NEAREST:
        return
    facing = rays @ normal.astype(np.float32)
    hit = facing * np.sign(ahead) > 1e-3
    away = np.float32(ahead) / np.where(hit, facing, 1.0)
    image = _coarse(board, float(np.abs(away[hit]).min()) if hit.any() else 1.0, pose)
    rows, columns = image.shape[:2]
    x = (rays @ along.astype(np.float32) * away - np.float32(along @ corner)) * np.float32(
        columns / board.width
    ) - 0.5
    y = (rays[..., 1] * away - np.float32(corner[1])) * np.float32(rows / board.height) - 0.5
    seen = cv2.remap(
        image, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    ).astype(np.float32)
    # The distance along the ray of the camera is its depth, as z of all rays is 1 there.
    cover = seen[..., 3:] / 255 * (hit & (away > _NEAREST))[..., None]
    frame[part] *= 1 - cover
    frame[part] += seen[..., :3] * (hit & (away > _NEAREST))[..., None]
    matte[part] *= 1 - cover


def _coarse(board: Board, away: float, pose: TruePose) -> NDArray[np.uint8]:
    """The image of a board, RGBA with colours times alpha, at most about twice as fine as it is seen."""
    finer = board.image.shape[1] / board.width * max(away, _NEAREST) / pose.focal
    return _halved(board.image, int(np.clip(np.floor(np.log2(max(finer, 1.0))), 0, 6)), opaque=True)


#: Images by whose they are, how often they are halved and whether they have alpha: each frame needs the same.
_made: dict[tuple[int, int, bool], tuple[NDArray[np.uint8], NDArray[np.uint8]]] = {}
_MOST_MADE = 300


def _halved(image: NDArray[np.uint8], level: int, opaque: bool = False) -> NDArray[np.uint8]:
    """``image`` at half its size, ``level`` times; ``opaque``: RGB becomes RGBA. Not to be changed."""
    key = id(image), level, opaque
    source, made = _made.get(key, (None, image))
    if source is image:
        return made
    if opaque and image.shape[2] == 3:
        made = np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])
    if level:
        size = (max(1, image.shape[1] >> level), max(1, image.shape[0] >> level))
        made = np.asarray(cv2.resize(made, size, interpolation=cv2.INTER_AREA), np.uint8)
    if len(_made) >= _MOST_MADE:
        _made.clear()
    _made[key] = image, made
    return made


def _seen_part(
    shape: tuple[int, ...], board: Board, corner: np.ndarray, pose: TruePose
) -> tuple[slice, slice] | None:
    """The part of the image in which a board may be seen, with a margin for a rolling shutter; None for none."""
    across, down = board.width * board.along, np.array([0.0, board.height, 0.0])
    seen = np.array([corner, corner + across, corner + down, corner + across + down]) @ pose.rotation.T
    if (seen[:, 2] < _NEAREST).all():
        return None
    height, width = shape
    if (seen[:, 2] < _NEAREST).any() or pose.distortion:
        return slice(0, height), slice(0, width)
    x = pose.focal * seen[:, 0] / seen[:, 2] + (width - 1) / 2
    y = pose.focal * seen[:, 1] / seen[:, 2] + (height - 1) / 2
    margin = 24
    left, right = max(0, int(x.min()) - margin), min(width, int(x.max()) + margin)
    top, bottom = max(0, int(y.min()) - margin), min(height, int(y.max()) + margin)
    return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None
