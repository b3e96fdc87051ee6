# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras whose motion is known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.spatial.transform import Rotation

from skyar_blender.contract.motion_file import CameraMotion, CameraPose


def turned(yaw: float = 0, pitch: float = 0, roll: float = 0) -> np.ndarray:
    """World to camera; degrees; yaw to the right, pitch up, the camera rolled clockwise."""
    return Rotation.from_euler("yxz", [-yaw, -pitch, -roll], degrees=True).as_matrix()


def pose(yaw: float = 0, pitch: float = 0, roll: float = 0, focal: float = 36.0, **others: object) -> CameraPose:
    """One pose, by its angles in degrees."""
    return CameraPose(rotation=turned(yaw, pitch, roll).tolist(), focal_length=focal, **others)  # type: ignore[arg-type]


def pan(yaws: Iterable[float], **others: object) -> CameraMotion:
    """A camera that turns about the vertical."""
    return CameraMotion(frames=[pose(yaw, **others) for yaw in yaws])  # type: ignore[arg-type]
