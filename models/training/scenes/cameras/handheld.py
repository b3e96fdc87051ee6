# SPDX-License-Identifier: GPL-3.0-or-later
"""The path of a hand-held phone: a slow pan, steps, roll and a fine tremor (numpy only).

Camera axes are x right, y down, z forward. The world is x right, y forward, z up at a yaw of zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]


@dataclass(frozen=True)
class Walk:
    """A walk with a pan. Angles in degrees, lengths in metres, times in seconds."""

    frames: int = 72
    rate: float = 24.0
    yaw: tuple[float, float] = (-5.5, 4.5)
    pitch: float = 8.0
    eye: float = 1.62
    speed: float = 0.75
    steps_per_second: float = 1.75
    seed: int = 11


@dataclass(frozen=True)
class CameraPath:
    """Per frame: camera-to-world rotation (n, 3, 3) and place (n, 3) in metres."""

    rotation: Float64Array
    place: Float64Array


def walk_path(walk: Walk) -> CameraPath:
    """The camera of every frame; the height is counted from the ground."""
    rng = np.random.default_rng(walk.seed)
    time = np.arange(walk.frames) / walk.rate
    fraction = time / time[-1]
    # The pan starts and ends softly but never stands quite still, as a hand does.
    eased = 0.75 * fraction * fraction * (3 - 2 * fraction) + 0.25 * fraction
    step = 2 * np.pi * walk.steps_per_second * time
    sway = step / 2 + 0.7
    yaw = walk.yaw[0] + (walk.yaw[1] - walk.yaw[0]) * eased + 0.30 * np.sin(sway + 0.4) + tremor(time, 0.14, rng)
    pitch = walk.pitch + 0.28 * np.sin(step + 1.1) + 0.5 * np.sin(2.0 * fraction + 0.3) + tremor(time, 0.13, rng)
    roll = 0.65 * np.sin(sway) + 0.5 * (fraction - 0.4) + tremor(time, 0.12, rng)
    place = np.stack(
        [
            0.15 + 0.028 * np.sin(sway) + tremor(time, 0.004, rng),
            walk.speed * time + 0.015 * np.sin(step + 0.5),
            walk.eye + 0.022 * np.sin(step) + tremor(time, 0.003, rng),
        ],
        axis=1,
    )
    rotation = np.stack([camera_rotation(*angles) for angles in np.radians(np.stack([yaw, pitch, roll], axis=1))])
    return CameraPath(rotation, place)


def relative_rotation(path: CameraPath) -> Float64Array:
    """R (n, 3, 3) with d_i = R_i d_0 for a direction d_0 seen in the first frame's camera axes."""
    result: Float64Array = np.transpose(path.rotation, (0, 2, 1)) @ path.rotation[0]
    return result


def tremor(time: Float64Array, strength: float, rng: np.random.Generator) -> Float64Array:
    """Physiological shake: a few sines between 0.7 and 9 Hz whose strength falls with frequency."""
    frequency = np.array([0.7, 1.3, 2.4, 4.1, 6.3, 8.9]) * rng.uniform(0.9, 1.1, 6)
    weight = 1.0 / (1.0 + frequency)
    phase = rng.uniform(0, 2 * np.pi, 6)
    waves = weight * np.sin(2 * np.pi * frequency * time[:, None] + phase)
    result: Float64Array = strength * waves.sum(axis=1) / np.sqrt((weight**2).sum() / 2)
    return result


def camera_rotation(yaw: float, pitch: float, roll: float) -> Float64Array:
    """Camera-to-world: yaw turns right about the world's vertical, pitch up, roll clockwise about the view."""
    c, s = np.cos, np.sin
    level = np.array([(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)])  # columns: the axes at yaw zero
    turn = np.array([(c(yaw), s(yaw), 0.0), (-s(yaw), c(yaw), 0.0), (0.0, 0.0, 1.0)])
    tilt = np.array([(1.0, 0.0, 0.0), (0.0, c(pitch), -s(pitch)), (0.0, s(pitch), c(pitch))])
    spin = np.array([(c(roll), -s(roll), 0.0), (s(roll), c(roll), 0.0), (0.0, 0.0, 1.0)])
    result: Float64Array = turn @ level @ tilt @ spin
    return result
