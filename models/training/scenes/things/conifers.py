# SPDX-License-Identifier: GPL-3.0-or-later
"""Spruces: a straight trunk, whorls of drooping boughs, and fans of needles along them."""

from __future__ import annotations

import bpy
import numpy as np

from ..meshes import Shape, mesh_from, mesh_of, tint
from .trees import leaf_quads


def spruce_meshes(
    name: str,
    seed: int,
    bark: bpy.types.Material,
    needles: bpy.types.Material,
    height: float = 11.0,
    density: float = 1.0,
) -> list[bpy.types.Mesh]:
    """The wood and the needles of one spruce. `density` thins the needles of trees seen from far away."""
    rng = np.random.default_rng(seed)
    wood = Shape()
    trunk = np.zeros((10, 3))
    trunk[:, 2] = np.linspace(0, height * 0.99, 10)
    trunk[:, :2] += np.cumsum(rng.normal(0, 0.012 * height / 10, (10, 2)), axis=0)
    wood.tube(trunk, np.linspace(0.015, 0.001, 10) * height, 8)
    anchors, headings, sizes = [], [], []
    levels = int(height * 4.6)
    for level in range(levels):
        up = 0.05 + 0.93 * (level / levels) ** 0.92
        reach = height * 0.24 * (1 - up) ** 0.82 + 0.10
        for around in rng.random() * 6.28 + np.arange(6) * 1.047 + rng.normal(0, 0.3, 6):
            length = reach * rng.uniform(0.55, 1.15)
            t = np.linspace(0, 1, 7)
            droop = (0.16 - 0.42 * (1 - up) + rng.normal(0, 0.10)) * length
            bough = np.stack(
                [np.cos(around) * t * length, np.sin(around) * t * length, droop * t + 0.16 * length * t**3], axis=1
            )
            bough += trunk[min(int(up * 9), 9)] * np.array([1, 1, 0]) + np.array([0, 0, up * height])
            wood.tube(bough, np.linspace(0.010, 0.002, 7) * (0.4 + reach), 3)
            count = max(6, int(60 * length * density))
            at = np.sqrt(rng.random(count) * 0.97 + 0.02)
            spot = np.stack([np.interp(at, t, bough[:, axis]) for axis in range(3)], axis=1)
            across = np.array([-np.sin(around), np.cos(around), 0.0])
            outward = np.array([np.cos(around), np.sin(around), -0.15])
            side = rng.choice([-1.0, 1.0], count)[:, None]
            anchors.append(spot)
            headings.append(outward * 0.75 + across * side * 0.8 + rng.normal(0, 0.3, (count, 3)))
            sizes.append((0.12 + 0.13 * length * (1.05 - at)) * rng.uniform(0.7, 1.2, count) / density**0.5)
    points, quads = leaf_quads(np.concatenate(anchors), np.concatenate(headings), np.concatenate(sizes), rng)
    foliage = mesh_from(f"{name} needles", points, quads)
    tint(foliage, "shade", rng.random(len(quads)) ** 1.3, "FACE")
    wood_mesh = mesh_of(f"{name} wood", wood, smooth=True)
    wood_mesh.materials.append(bark)
    foliage.materials.append(needles)
    return [wood_mesh, foliage]
