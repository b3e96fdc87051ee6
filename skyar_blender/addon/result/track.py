# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion of a result's camera, as its ``track.json`` tells it."""

from __future__ import annotations

from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from ...contract.track_file import Track
from .link import folder_of


def track_of(strip: Any) -> tuple[Track, list[Any]]:
    """The track of the result that ``strip`` shows, and its world for each shot.

    Raises:
        SkyarError: ``unsupported`` where it cannot be read, or has no world.
    """
    folder = folder_of(strip.scene)
    try:
        track = Track.from_json(folder.track.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise no_camera(
            strip,
            f"Its motion cannot be read from {folder.track}: {getattr(error, 'strerror', None) or error}.",
            "Put its folder back, or run Replace Sky again; what is complete is kept.",
        ) from error
    if track.world is None:
        raise no_camera(
            strip,
            "It does not tell how the camera stands in the world.",
            "Run Replace Sky again; what is complete is kept.",
        )
    return track, track.world


def no_camera(strip: bpy.types.Strip, why: str, todo: str) -> SkyarError:
    """That the result ``strip`` does not tell what its camera does."""
    return SkyarError(ErrorCode.UNSUPPORTED, f"The result “{strip.name}” gives no camera.", why, todo)
