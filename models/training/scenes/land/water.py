# SPDX-License-Identifier: GPL-3.0-or-later
"""A level sheet of water out to the horizon, from a mirror to a choppy sea."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import Colour, Shader
from ..meshes import mesh_from, place
from .ground import REACH


def add_water(level: float, chop: float, depth_colour: Colour, size: float = 1.0) -> bpy.types.Object:
    """Water at `level` metres. `chop`: from 0, a mirror, to 1, a rough sea; `size`: length of the waves in metres."""
    half = REACH * 1.02
    points = np.array([(-half, -half, level), (half, -half, level), (half, half, level), (-half, half, level)])
    mesh = mesh_from("water", points, np.array([(0, 1, 2, 3)]), smooth=False)
    shader = Shader("water")
    # Only the plane's own metres, so that large scales keep their precision.
    swell = shader.noise(0.25 / size, 3.0, 0.5)
    ripples = shader.noise(1.8 / size, 4.0, 0.6)
    height = shader.node("ShaderNodeMath", {0: swell, 1: 3.0, 2: ripples}, operation="MULTIPLY_ADD").outputs[0]
    surface = shader.node(
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": depth_colour,
            "Roughness": 0.02 + 0.12 * chop,
            "IOR": 1.333,
            "Normal": shader.bump(height, 0.05 + 0.95 * chop, 0.03 + 0.35 * chop * size),
        },
    ).outputs[0]
    mesh.materials.append(shader.finish(surface))
    return place(mesh)
