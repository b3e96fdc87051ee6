# SPDX-License-Identifier: GPL-3.0-or-later
"""How cameras move: each function gives the pose at every moment of a shot of some frames."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .poses import Move, TruePose, turned


def locked(focal: float, clouds_px: float = 0.0) -> Move:
    """A camera on a tripod, under clouds that drift so many pixels a frame."""
    drift = math.degrees(clouds_px / focal)
    return lambda time: TruePose(np.eye(3), focal, clouds=drift * time)


def turning(focal: float, frames: int, *, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Move:
    """From straight ahead to these angles in degrees, softly begun and ended."""

    def pose(time: float) -> TruePose:
        fraction = _soft(time / (frames - 1))
        return TruePose(turned(yaw * fraction, pitch * fraction, roll * fraction), focal)

    return pose


def zooming(move: Move, frames: int, factor: float) -> Move:
    """``move`` with a focal length that ends ``factor`` times as long."""

    def pose(time: float) -> TruePose:
        now = move(time)
        return TruePose(now.rotation, now.focal * factor ** _soft(time / (frames - 1)), now.position, now.clouds)

    return pose


def there_and_back(focal: float, frames: int, yaw: float) -> Move:
    """To a side in the first half of the shot, and back to where it began."""
    return lambda time: TruePose(turned(yaw * 0.5 * (1 - math.cos(2 * math.pi * time / (frames - 1)))), focal)


def rocking(focal: float, period: float, degrees_per_frame: float) -> Move:
    """Rolls to and fro, at most so many degrees a frame."""
    widest = degrees_per_frame * period / (2 * math.pi)
    return lambda time: TruePose(turned(roll=widest * math.sin(2 * math.pi * time / period)), focal)


def shaking(move: Move, seed: int, degrees: float = 0.35) -> Move:
    """``move`` in a nervous hand: slow sway and fast trembling of all three angles."""
    random = np.random.default_rng(seed)
    rates = np.array([0.011, 0.027, 0.06, 0.13, 0.21]) * random.uniform(0.8, 1.25, (3, 5))
    phases = random.uniform(0, 2 * math.pi, (3, 5))
    sizes = degrees * np.array([1.2, 0.8, 0.5, 0.3, 0.15])

    def angles(time: float) -> np.ndarray:
        return np.asarray((np.sin(2 * math.pi * rates * time + phases) * sizes).sum(axis=1))

    rest = angles(0.0)

    def pose(time: float) -> TruePose:
        now = move(time)
        yaw, pitch, roll = angles(time) - rest
        return TruePose(turned(yaw, pitch, roll) @ now.rotation, now.focal, now.position, now.clouds)

    return pose


def walking(focal: float, seed: int, metres_per_frame: float = 0.05) -> Move:
    """Straight on, with the bob and sway of steps and an unsteady hand."""

    def stepping(time: float) -> TruePose:
        step = 2 * math.pi * time / 14
        position = np.array([0.04 * math.sin(step / 2), 0.03 * math.sin(step), metres_per_frame * time])
        return TruePose(np.eye(3), focal, position)

    return shaking(stepping, seed, 0.3)


def whip(focal: float, frames: int, px_per_frame: float, length: int) -> Move:
    """Still, then a jerk to the side of ``length`` frames at that speed, then still."""
    first = (frames - length) / 2
    angle = math.degrees(px_per_frame / focal)

    def pose(time: float) -> TruePose:
        return TruePose(turned(yaw=angle * min(max(time - first, 0.0), length)), focal)

    return pose


def _soft(fraction: float) -> float:
    fraction = min(max(fraction, 0.0), 1.0)
    return 0.35 * fraction + 0.65 * fraction * fraction * (3 - 2 * fraction)


def distorted(move: Move, distortion: float) -> Move:
    """The same move, seen through a lens with that radial distortion."""
    return lambda time: replace(move(time), distortion=distortion)


def travelling(
    focal: float,
    frames: int,
    metres: Callable[[float], float],
    *,
    heading: Callable[[float], float] = lambda time: 0.0,
    looking: float = 0.0,
    height: float = 0.0,
    pitch: float = 0.0,
) -> Move:
    """Along a path on the ground: a car, a train, a drone.

    Args:
        metres: how far each frame takes the camera, at a time counted in frames.
        heading: of the path, in degrees to the right of straight ahead.
        looking: degrees to the right of the path.
        height: metres above the usual one.
        pitch: degrees upwards.
    """
    times = np.arange(0, frames + 1, 1 / 16)
    step = np.array([[math.sin(math.radians(heading(t))), 0.0, math.cos(math.radians(heading(t)))] for t in times])
    step *= np.array([metres(t) for t in times])[:, None] / 16
    # The middle of each step, so that a bend is as long as it should be.
    way = np.concatenate([np.zeros((1, 3)), np.cumsum((step[1:] + step[:-1]) / 2, axis=0)])

    def pose(time: float) -> TruePose:
        position = np.array([np.interp(time, times, way[:, axis]) for axis in range(3)])
        position[1] -= height
        return TruePose(turned(yaw=heading(time) + looking, pitch=pitch), focal, position)

    return pose


def circling(focal: float, frames: int, radius: float, degrees: float) -> Move:
    """Around something that stands ``radius`` metres ahead, which is kept in the middle."""

    def pose(time: float) -> TruePose:
        angle = math.radians(degrees) * time / (frames - 1)
        position = radius * np.array([math.sin(angle), 0.0, 1 - math.cos(angle)])
        return TruePose(turned(yaw=-math.degrees(angle)), focal, position)

    return pose


def rising(focal: float, frames: int, metres: float) -> Move:
    """Straight up on a crane, softly begun and ended."""
    return lambda time: TruePose(np.eye(3), focal, np.array([0.0, -metres * _soft(time / (frames - 1)), 0.0]))
