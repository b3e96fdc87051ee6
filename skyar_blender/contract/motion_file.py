# SPDX-License-Identifier: GPL-3.0-or-later
"""``camera_motion.json``: how a camera that is known stands in the world at each frame of a job.

The add-on writes it from a camera of the scene or a solve of the Movie Clip Editor; a pipeline may write it too::

    {"version": 1, "upright": true, "frames": [
      {"rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "focal_length": 35.0, "confidence": 1.0, "camera": "A",
       "distortion": 0.0},
      null
    ]}

Directions are x right, y down, z forward, both in the world and in the camera, as in :mod:`.track_file`. The middle
of a panorama lies at z of the world, and azimuth grows from there towards x. Where a camera stands is left out: the
sky is infinitely far away.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from itertools import pairwise

from .track_file import Matrix

MOTION_VERSION = 1
#: Focal lengths that make sense, in mm on a 36 mm wide sensor.
SHORTEST = 0.5
LONGEST = 20000.0
# How far the rows of a rotation may be from unit length and from right angles.
_TOLERANCE = 1e-3


@dataclass(frozen=True, kw_only=True)
class CameraPose:
    """The camera at one frame.

    Attributes:
        rotation: 3x3, from directions of the world to directions of the camera; its rows are the camera's axes.
        focal_length: mm on a 36 mm wide sensor along the long side of the image, whose centre the camera looks
            through.
        confidence: 0 (a guess) to 1 (sure).
        camera: a name; where it changes from one frame to the next, there is a cut.
        distortion: of the lens, as in :mod:`.track_file`; that of the first frame of a shot counts.
    """

    rotation: Matrix
    focal_length: float
    confidence: float = 1.0
    camera: str = ""
    distortion: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.focal_length) and SHORTEST <= self.focal_length <= LONGEST):
            raise ValueError(
                f"the focal length is {self.focal_length}, but must lie between {SHORTEST:g} and {LONGEST:g} mm"
            )
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"the confidence is {self.confidence}, but must lie between 0 and 1")
        if not (math.isfinite(self.distortion) and -1 < self.distortion < 1):
            raise ValueError(f"the distortion is {self.distortion}, but must lie between -1 and 1")
        if not _is_rotation(self.rotation):
            raise ValueError("the rotation is none: three rows of unit length at right angles, not mirrored")


@dataclass(frozen=True, kw_only=True)
class CameraMotion:
    """The camera at every frame of a job, in the job's order.

    Attributes:
        frames: one entry per frame of the job. None where the camera is not known: that is filled in from both
            sides, so it can be neither at the ends nor at a cut. A source frame that the job shows several times
            has the camera of the first time.
        upright: whether the world is that of the scene, its y straight down; else the rotations tell only how the
            camera moves, and the horizon is found from the images.
    """

    frames: list[CameraPose | None]
    upright: bool = True
    version: int = MOTION_VERSION

    def __post_init__(self) -> None:
        if self.version != MOTION_VERSION:
            raise ValueError(f"the version is {self.version}, but must be {MOTION_VERSION}")
        known = [index for index, pose in enumerate(self.frames) if pose is not None]
        if not known or known[0] != 0 or known[-1] != len(self.frames) - 1:
            raise ValueError("the camera must be known at the first and at the last frame")
        for before, after in pairwise(known):
            if after > before + 1 and self.frames[before].camera != self.frames[after].camera:  # type: ignore[union-attr]
                raise ValueError(f"there is a cut between the frames {before} and {after}, which cannot be filled in")

    def to_json(self) -> str:
        """The text of ``camera_motion.json``. Raises ValueError when a number is not finite."""
        return json.dumps(asdict(self), allow_nan=False)


def _is_rotation(matrix: Matrix) -> bool:
    if len(matrix) != 3 or any(len(row) != 3 for row in matrix):
        return False
    if not all(abs(value) <= 1 + _TOLERANCE for row in matrix for value in row):  # nor is NaN
        return False
    first, second, third = matrix
    products = [
        math.fsum(one * other for one, other in zip(a, b, strict=True)) - (a is b)
        for a, b in (
            (first, first),
            (second, second),
            (third, third),
            (first, second),
            (second, third),
            (first, third),
        )
    ]
    return max(map(abs, products)) < _TOLERANCE and _determinant(first, second, third) > 0


def _determinant(a: list[float], b: list[float], c: list[float]) -> float:
    return (
        a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    )
