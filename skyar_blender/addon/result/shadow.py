# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the light of a shot comes from, told by a shadow on level ground."""

from __future__ import annotations

import math

from ...contract.errors import ErrorCode, SkyarError
from ...contract.track_file import Matrix, Track

Point = tuple[float, float]

#: Degrees below the horizon from which the ground is near enough to tell directions on it.
_BELOW = 0.5
#: How much longer than the height of the camera above the ground a shadow must at least be.
_SHORTEST = 0.01


def light_along(track: Track, index: int, foot: Point, tip: Point) -> float:
    """Degrees to the right of the middle of the first frame that the light comes from: from the tip to the foot.

    ``foot`` and ``tip`` in pixels of frame ``index`` from the middle of the image, x right and y down.

    Raises:
        SkyarError: ``bad_job``: the frame is none of the track's, an end lies above the horizon, both ends are one.
    """
    if not 0 <= index < len(track.frames):
        raise _cannot("This frame is none of the result's.", "Draw on a frame that the result has.")
    ends = [_on_ground(track, index, point) for point in (foot, tip)]
    if None in ends:
        raise _cannot("An end of the line lies above the horizon.", "Draw along a shadow on the ground.")
    (foot_x, foot_z), (tip_x, tip_z) = (end for end in ends if end is not None)
    if math.hypot(foot_x - tip_x, foot_z - tip_z) < _SHORTEST:
        raise _cannot("The line is too short.", "Press at the foot of what casts the shadow, and drag to its tip.")
    light = math.atan2(foot_x - tip_x, foot_z - tip_z)
    forward = world_to_camera(track, 0)[2]
    return (math.degrees(light - math.atan2(forward[0], forward[2])) + 180) % 360 - 180


def world_to_camera(track: Track, index: int) -> Matrix:
    """World (x right, y down, z forward) to camera directions at frame ``index``; ``track`` has a world."""
    assert track.world is not None
    shot = sum(frame.source == "cut" for frame in track.frames[1 : index + 1])
    turned, world = track.frames[index].rotation, track.world[shot]
    return [[sum(turned[row][k] * world[k][column] for k in range(3)) for column in range(3)] for row in range(3)]


def _on_ground(track: Track, index: int, point: Point) -> Point | None:
    """Where a pixel meets the ground, to the right and forward, in heights of the camera; None at the horizon."""
    distorted = track.distortions()[index]
    half = math.hypot(track.width, track.height) / 2
    straight = 1 / (1 + distorted * (point[0] ** 2 + point[1] ** 2) / half**2)
    ray = (point[0] * straight, point[1] * straight, track.focal(index))
    rotation = world_to_camera(track, index)
    x, y, z = (sum(rotation[row][column] * ray[row] for row in range(3)) for column in range(3))
    if y < math.hypot(x, z) * math.tan(math.radians(_BELOW)):
        return None
    return x / y, z / y


def _cannot(why: str, todo: str) -> SkyarError:
    return SkyarError(ErrorCode.BAD_JOB, "The shadow does not tell where the light comes from.", why, todo)
