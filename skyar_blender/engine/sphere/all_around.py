# SPDX-License-Identifier: GPL-3.0-or-later
"""A sky as a camera sees it that looks in all directions at once."""

from __future__ import annotations

import math

import numpy as np

from ..sky_image import SkyImage
from ..types import LinearRGB, Matrix3
from .directions import directions, focal_of, sampled
from .views import looking

#: Azimuth and elevation of the six faces of a cube, and half of what each sees: a little more than its part.
_FACES = ((0, 0), (90, 0), (180, 0), (270, 0), (0, 90), (0, -90))
_HALF = math.radians(46.0)


def seen_all_around(sky: SkyImage, rotation: Matrix3, width: int, height: int) -> LinearRGB:
    """Equirectangular image (height, width, 3), scene-linear, of a ``sky``; ``rotation`` from world to camera."""
    rays = directions(np.arange(width), np.arange(height)[:, None], width, height)
    side = max(32, round(2 * math.tan(_HALF) * focal_of(width)))
    focal = side / (2 * math.tan(_HALF))
    result = np.empty((height, width, 3), np.float32)
    faces = np.argmax(np.stack([rays @ looking(*face)[2] for face in _FACES]), axis=0)
    for number, face in enumerate(_FACES):
        camera = looking(*face)
        rows, columns = np.nonzero(faces == number)
        if not len(rows):
            continue
        top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
        image = sky.view(np.asarray(camera @ rotation), focal, side, side)
        seen = rays[top:bottom, left:right] @ camera.T
        ahead = np.maximum(seen[..., 2], 1e-3)
        x, y = (seen[..., axis] / ahead * focal + (side - 1) / 2 for axis in (0, 1))
        part = sampled(image, x, y)
        mine = faces[top:bottom, left:right] == number
        result[top:bottom, left:right][mine] = part[mine]
    return np.maximum(result, 0)
