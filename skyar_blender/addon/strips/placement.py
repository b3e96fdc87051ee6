# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the image of a strip lies in the frame of its scene."""

from __future__ import annotations

import math
from typing import Any

import bpy

from .. import compat

#: The placement of an image that fills the frame.
WHOLE = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def placement(scene: bpy.types.Scene, strip: Any, size: tuple[int, int], frame: int) -> list[float] | None:
    """From the image of ``strip`` to the frame of ``scene``, as :class:`..contract.correction.Correction` has it.

    The sequencer flips the image, turns and scales it about its origin, and moves its centre from that of the frame
    by the offset, in pixels. None where the image fills the frame.

    Args:
        size: width and height of the strip's media.
        frame: of the timeline, for what is animated.
    """
    width, height = size
    across, up = scene.render.resolution_x, scene.render.resolution_y
    transform = strip.transform
    value = {
        name: compat.animated_value(
            scene, f"{strip.path_from_id()}.transform.{name}", getattr(transform, name), frame
        )
        for name in ("offset_x", "offset_y", "scale_x", "scale_y", "rotation")
    }
    cosine, sine = math.cos(value["rotation"]), math.sin(value["rotation"])
    origin_x, origin_y = transform.origin[0] * width, transform.origin[1] * height

    def seen(x: float, y: float) -> tuple[float, float]:
        """The point (x, y), 0..1 from the upper left of the image, in the frame, likewise."""
        x = (1 - x if strip.use_flip_x else x) * width - origin_x
        y = (y if strip.use_flip_y else 1 - y) * height - origin_y
        x, y = x * value["scale_x"], y * value["scale_y"]
        x, y = x * cosine - y * sine, x * sine + y * cosine
        x += origin_x + value["offset_x"] + (across - width) / 2
        y += origin_y + value["offset_y"] + (up - height) / 2
        return x / across, 1 - y / up

    (c, f), (right, sinking), (leaning, down) = seen(0, 0), seen(1, 0), seen(0, 1)
    found = [right - c, leaning - c, c, sinking - f, down - f, f]
    if all(math.isclose(one, whole, abs_tol=1e-4) for one, whole in zip(found, WHOLE, strict=True)):
        return None
    return [round(one, 9) for one in found]
