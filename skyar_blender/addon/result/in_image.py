# SPDX-License-Identifier: GPL-3.0-or-later
"""From where the Preview shows something to where it lies in the images of a result."""

from __future__ import annotations

import bpy

from ..strips.placement import placement


def in_image(
    scene: bpy.types.Scene, strip: bpy.types.Strip, size: tuple[int, int], view: tuple[float, float]
) -> tuple[float, float]:
    """Pixels from the middle of the image that ``strip`` shows now, x right and y down.

    Args:
        size: width and height of the image.
        view: coordinates of the Preview of ``scene``: pixels of its frame from the middle of that, y up.
    """
    x, y = view[0] / scene.render.resolution_x + 0.5, 0.5 - view[1] / scene.render.resolution_y
    where = placement(scene, strip, size, scene.frame_current)
    if where is not None:
        right, leaning, c, sinking, down, f = where
        area = right * down - leaning * sinking or 1.0  # a strip of no size shows nothing to draw on
        x, y = x - c, y - f
        x, y = (down * x - leaning * y) / area, (right * y - sinking * x) / area
    return (x - 0.5) * size[0], (y - 0.5) * size[1]
