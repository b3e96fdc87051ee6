# SPDX-License-Identifier: GPL-3.0-or-later
"""How the artist has oriented a solve: the world of a camera that follows it by a Camera Solver constraint."""

from __future__ import annotations

from typing import Any

import bpy
from mathutils import Matrix

from .scene_camera import kept_time, layer_of, rotation_of

# Radians; the axes of a fresh solve are arbitrary, and a camera that was never turned shows nothing but them.
_TURNED = 1e-4


def orientation(movie: Any, cameras: dict[int, Any]) -> Any:
    """The rotation from the axes of the solve of ``movie`` to those of the scene, or None where nobody has said.

    Set Floor, Set Wall and the like turn the camera that has the constraint, and leave the solve as it is.

    Args:
        cameras: of the solve, by their frames.
    """
    number = min(cameras)
    for scene in bpy.data.scenes:
        for camera in scene.objects:
            if not any(_follows(constraint, movie, scene) for constraint in camera.constraints):
                continue
            home, layer = layer_of(camera, scene)
            frame = number + movie.frame_start - 1
            with kept_time([home]):
                home.frame_set(frame)
                world = rotation_of(camera.evaluated_get(layer.depsgraph).matrix_world, camera.name, frame)
            solved = rotation_of(Matrix(cameras[number].matrix), movie.name, number)
            base = world @ solved.transposed()
            if base.to_quaternion().angle > _TURNED:
                return base
    return None


def _follows(constraint: Any, movie: Any, scene: bpy.types.Scene) -> bool:
    if constraint.type != "CAMERA_SOLVER" or not constraint.enabled or constraint.influence < 1:
        return False
    return bool((scene.active_clip if constraint.use_active_clip else constraint.clip) == movie)
