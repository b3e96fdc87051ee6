# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a camera is and looks, at any moment of a shot, and the truth that a track is measured by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation

from ...engine.track.geometry.rotations import camera_matrix
from ...engine.types import Float64Array, Matrix3


@dataclass(frozen=True)
class TruePose:
    """``rotation`` takes directions of the world (x right, y down, z forward) to the camera's; ``focal`` in pixels.

    ``position`` in metres, the ground lies 1.6 m below the origin. ``clouds``: how far these have drifted, degrees.
    ``distortion`` of the lens, see :mod:`...lens`.
    """

    rotation: Matrix3
    focal: float
    position: Float64Array = field(default_factory=lambda: np.zeros(3))
    clouds: float = 0.0
    distortion: float = 0.0


#: The pose at a time counted in frames; fractions are moments within an exposure.
Move = Callable[[float], TruePose]


def turned(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Matrix3:
    """Rotation of the world against a camera that pans right, tilts up and rolls, in degrees."""
    camera = Rotation.from_euler("YXZ", [yaw, pitch, roll], degrees=True)
    return np.asarray(camera.as_matrix().T)


def true_homography(first: TruePose, pose: TruePose, width: int, height: int) -> Matrix3:
    """Homography of points at infinity from the frame of ``first`` to that of ``pose``, in ideal pixels."""
    rotation = pose.rotation @ first.rotation.T
    found = (
        camera_matrix(pose.focal, width, height) @ rotation @ np.linalg.inv(camera_matrix(first.focal, width, height))
    )
    return np.asarray(found)
