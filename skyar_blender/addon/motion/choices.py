# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to choose from: kinds of motion, cameras, movie clips."""

from __future__ import annotations

from typing import Any

import bpy

MOTIONS = (
    ("SOLVE", "Follow the Picture", "Find the motion of the camera in the clip"),
    ("SCENE_CAMERA", "Scene Camera", "An animated camera in Blender that moves as the real one did"),
    ("CLIP_TRACKING", "Clip Tracking", "A camera that was solved in the Movie Clip Editor"),
    ("STATIC", "Locked Off", "The camera stood still on a tripod"),
)


def is_camera(_settings: Any, camera: Any) -> bool:
    """Whether an object can give the motion."""
    return bool(camera.type == "CAMERA")


def search_cameras(_operator: Any, _context: Any, text: str) -> list[str]:
    """Names of cameras, as far as they hold ``text``."""
    return [each.name for each in bpy.data.objects if each.type == "CAMERA" and text.lower() in each.name.lower()]


def search_clips(_operator: Any, _context: Any, text: str) -> list[str]:
    """Names of movie clips, likewise."""
    return [each.name for each in bpy.data.movieclips if text.lower() in each.name.lower()]


def draw(layout: Any, owner: Any, camera: str = "camera", clip: str = "movie_clip") -> None:
    """The choice of motion of ``owner``, and what it asks for besides."""
    layout.prop(owner, "motion")
    if owner.motion == "SCENE_CAMERA":
        layout.prop(owner, camera)
    elif owner.motion == "CLIP_TRACKING":
        layout.prop(owner, clip)
