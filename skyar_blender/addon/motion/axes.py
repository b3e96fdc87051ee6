# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's directions (z up, cameras look along their -z) and those of a track (y down, cameras look along z).

The middle of a panorama lies at Blender's +x, as in its own Environment Texture; so a sky has the same parts in the
same places, whether SkyAR or a World shows it.
"""

from __future__ import annotations

from typing import Any

from mathutils import Matrix

from ...contract.track_file import Matrix as Rows

# From directions of the track's world (right, down, forward) to those of Blender's.
_WORLD = Matrix(((0, 0, 1), (-1, 0, 0), (0, -1, 0)))
# Between the axes of the two kinds of cameras, either way.
_CAMERA = Matrix.Diagonal((1, -1, -1))


def to_track(rotation: Any) -> Rows:
    """From a Blender camera's rotation in its world to a matrix from world to camera directions."""
    return [[round(value, 9) for value in row] for row in _CAMERA @ rotation.transposed() @ _WORLD]


def to_blender(rotation: Any) -> Any:
    """Inverse of :func:`to_track`."""
    return _WORLD @ Matrix(rotation).transposed() @ _CAMERA
