# SPDX-License-Identifier: GPL-3.0-or-later
"""How a camera moves through a clip: turning on a tripod, walking, driving, flying (numpy only)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .handheld import CameraPath, camera_rotation, tremor

Float64Array = NDArray[np.float64]

#: Kinds of motion.
MOVES = ("rotation", "handheld", "vehicle", "drone")


def angles(rotation: Float64Array) -> tuple[float, float, float]:
    """Yaw, pitch and roll (radians) of a camera-to-world rotation (3, 3), as `camera_rotation` takes them."""
    forward = rotation[:, 2]
    yaw, pitch = float(np.arctan2(forward[0], forward[1])), float(np.arcsin(np.clip(forward[2], -1, 1)))
    spin = camera_rotation(yaw, pitch, 0.0).T @ rotation
    return yaw, pitch, float(np.arctan2(spin[1, 0], spin[0, 0]))


def move(
    kind: str, rotation: Float64Array, place: Float64Array, frames: int, rate: float, rng: np.random.Generator
) -> CameraPath:
    """A path of `frames` frames that begins at `rotation` (3, 3) and `place` (3), in metres.

    rotation: a pan or tilt on a tripod. handheld: a walk, with steps and tremor. vehicle: forward at 5 to 20 m/s on a
    road that is not quite even. drone: sideways, up and around, smoothly.

    Raises:
        ValueError: the kind is none of MOVES.
    """
    if kind not in MOVES:
        raise ValueError(f"a camera does not move by “{kind}”; it can by {', '.join(MOVES)}")
    time = np.arange(frames) / rate
    yaw, pitch, roll = angles(rotation)
    ahead, right = np.array([np.sin(yaw), np.cos(yaw), 0.0]), np.array([np.cos(yaw), -np.sin(yaw), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    turn = np.zeros((frames, 3))
    way = np.zeros((frames, 3))
    if kind == "rotation":
        speed = np.radians(rng.uniform(4, 30, 3)) * rng.choice([-1, 1], 3) * np.array([1.0, 0.3, 0.0])
        turn = speed * time[:, None]
        if rng.random() < 0.3:
            turn[:, 2] = np.radians(rng.uniform(-25, 25)) * time
    elif kind == "handheld":
        step = 2 * np.pi * rng.uniform(1.5, 2.1) * time
        turn = np.radians(
            np.stack([tremor(time, rng.uniform(0.1, 0.6), rng) for _ in range(3)], axis=1)
            + np.stack([0.4 * np.sin(step / 2), 0.35 * np.sin(step + 1), 0.7 * np.sin(step / 2 + 2)], axis=1)
        )
        turn[:, 0] += np.radians(rng.uniform(-12, 12)) * time
        pace = rng.uniform(0, 1.5)
        way = ahead * (pace * time)[:, None] + up * (0.022 * np.sin(step))[:, None]
        way += right * (0.03 * np.sin(step / 2))[:, None]
    elif kind == "vehicle":
        way = ahead * (rng.uniform(5, 20) * time)[:, None] + up * tremor(time, 0.012, rng)[:, None]
        turn = np.radians(
            np.stack([tremor(time, 0.12, rng), tremor(time, 0.25, rng), tremor(time, 0.15, rng)], axis=1)
        )
        turn[:, 0] += np.radians(rng.uniform(-5, 5)) * time
    else:
        drift = right * rng.uniform(-5, 5) + up * rng.uniform(-0.5, 4) + ahead * rng.uniform(-2, 6)
        way = drift * time[:, None]
        turn = np.radians(rng.uniform(-1, 1, 3) * np.array([14, 4, 3])) * time[:, None]
    turn, way = turn - turn[0], way - way[0]
    path = np.array([yaw, pitch, roll]) + turn
    return CameraPath(np.stack([camera_rotation(*each) for each in path]), place + way)
