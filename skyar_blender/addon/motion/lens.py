# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Blender camera's focal length is for the clip of a strip."""

from __future__ import annotations

from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from ..strips.placement import placement

#: Width in millimetres of the sensor that the engine's focal lengths refer to, along the long side of the clip.
SENSOR = 36.0
_WHOLE = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
# Part by which the clip's pixels may differ from squares, and pixels by which its centre may lie off the camera's.
_SQUARE = 0.005
_OFF = 0.5


def clip_scale(data: Any, render: Any, where: list[float] | None, size: tuple[int, int], name: str) -> float:
    """Factor from the lens of a camera in mm to mm on a sensor :data:`SENSOR` wide along the long side of the clip.

    Args:
        data: the camera's data, for its sensor.
        render: the render settings of the camera's scene, for the frame that it sees.
        where: where the clip's image lies in that frame, as :func:`..strips.placement.placement` has it.
        size: width and height of the clip.
        name: of the strip, for messages.

    Raises:
        SkyarError: ``unsupported`` when the camera would see the clip mirrored, turned, stretched or off its centre.
    """
    aspect = render.pixel_aspect_y / render.pixel_aspect_x
    across, up = render.resolution_x, render.resolution_y * aspect  # both in widths of a pixel
    horizontal = data.sensor_fit == "HORIZONTAL" or (data.sensor_fit == "AUTO" and across >= up)
    sensor = data.sensor_height if data.sensor_fit == "VERTICAL" else data.sensor_width
    a, b, c, d, e, f = where or _WHOLE
    width, height = across * a / size[0], up * e / size[1]  # of a pixel of the clip
    if max(abs(b), abs(d)) > 1e-4 or min(a, e) <= 0:
        raise _unfit(name, "turned or mirrored", "Undo that in the strip's Transform.")
    if abs(width / height - 1) > _SQUARE:
        raise _unfit(
            name,
            "stretched",
            f"Give the scene of the camera a resolution of {size[0]} x {size[1]} with square pixels, or another one "
            "in whose frame the strip keeps its proportions.",
        )
    if max(abs(a / 2 + c - 0.5) * across, abs(e / 2 + f - 0.5) * up) > _OFF:
        raise _unfit(name, "moved off its centre", "Clear the Position in the strip's Transform.")
    seen = (across if horizontal else up) / sensor
    return float(seen / width * SENSOR / max(size))


def strip_place(
    scene: bpy.types.Scene, home: bpy.types.Scene, strip: bpy.types.Strip, size: tuple[int, int], frame: int
) -> list[float] | None:
    """Where the clip of ``strip`` lies in the frame of a camera of ``home``; it fills that of another scene."""
    return placement(scene, strip, size, frame) if home == scene else None


def _unfit(name: str, how: str, todo: str) -> SkyarError:
    return SkyarError(
        ErrorCode.UNSUPPORTED,
        f"The camera does not fit the strip “{name}”.",
        f"In the frame of the camera's scene the picture is {how}.",
        todo,
    )
