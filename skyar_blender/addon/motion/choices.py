# SPDX-License-Identifier: GPL-3.0-or-later
"""What there is to choose from: cameras and movie clips."""

from __future__ import annotations

from typing import Any

import bpy


def is_camera(_settings: Any, camera: Any) -> bool:
    """Whether an object can give the motion."""
    return bool(camera.type == "CAMERA")


def search_cameras(_operator: Any, _context: bpy.types.Context, text: str) -> list[str]:
    """Names of cameras, as far as they hold ``text``."""
    return [each.name for each in bpy.data.objects if each.type == "CAMERA" and text.lower() in each.name.lower()]


def search_clips(_operator: Any, _context: bpy.types.Context, text: str) -> list[str]:
    """Names of movie clips, likewise."""
    return [each.name for each in bpy.data.movieclips if text.lower() in each.name.lower()]


def draw_given(layout: bpy.types.UILayout, owner: Any) -> None:
    """What the choice of motion of ``owner`` asks for besides."""
    if owner.motion == "SCENE_CAMERA":
        layout.prop(owner, "camera")
    elif owner.motion == "CLIP_TRACKING":
        layout.prop(owner, "movie_clip")
