# SPDX-License-Identifier: GPL-3.0-or-later
"""Simple people: a round head, a coat, legs mid-stride and arms."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import matt
from ..meshes import Shape, mesh_of

SKIN, HAIR, TOP, LEGS, SHOES = range(5)


def person_mesh(rng: np.random.Generator) -> bpy.types.Mesh:
    """One adult who stands on z = 0 and faces -y."""
    tall = rng.uniform(1.55, 1.92) / 1.75
    shape = Shape()
    stride = rng.uniform(0.05, 0.32)
    for side in (-1, 1):
        foot = np.array([0.10 * side, stride * side, 0.05])
        knee = np.array([0.10 * side, stride * side * 0.3 - 0.05, 0.48])
        hip = np.array([0.09 * side, 0.0, 0.92])
        shape.tube(np.array([foot, knee, hip]), np.array([0.055, 0.07, 0.10]), 8, LEGS)
        shape.box((foot[0], foot[1] - 0.06, 0.04), (0.09, 0.26, 0.08), SHOES)
        shoulder = np.array([0.20 * side, 0.0, 1.42])
        elbow = np.array([0.26 * side, -stride * side * 0.5 + 0.04, 1.14])
        hand = np.array([0.24 * side, -stride * side * 0.9 - 0.08, 0.90])
        shape.tube(np.array([shoulder, elbow, hand]), np.array([0.065, 0.05, 0.04]), 7, TOP)
        shape.tube(np.array([hand, hand - [0, 0.02, 0.09]]), np.array([0.04, 0.02]), 6, SKIN)
    hem = rng.uniform(0.55, 0.95)
    trunk = np.array([(0, 0, hem), (0, 0, 1.1), (0, 0, 1.32), (0, 0, 1.46), (0, 0, 1.5)])
    shape.tube(trunk, np.array([0.18, 0.17, 0.21, 0.17, 0.06]), 10, TOP)
    shape.tube(np.array([(0, 0, 1.48), (0, 0, 1.56)]), np.full(2, 0.055), 7, SKIN)
    turn = np.linspace(0, np.pi, 7)
    up = np.zeros((7, 3))
    up[:, 2] = 1.645 - 0.12 * np.cos(turn)
    shape.tube(up, 0.095 * np.sin(turn) + 1e-4, 10, SKIN)
    hair = up.copy()
    hair[:, 1] += 0.02
    hair[:, 2] += 0.03
    shape.tube(hair, 0.1 * np.sin(turn) + 1e-4, 10, HAIR)
    points = [p * tall for p in shape.points]
    shape.points = points
    mesh = mesh_of("person", shape, smooth=True)
    skin = np.array([0.55, 0.36, 0.26]) * rng.uniform(0.25, 1.1)
    cloth, trousers = (
        tuple(float(c) for c in rng.choice([0.02, 0.08, 0.25, 0.6, 0.8]) * rng.uniform(0.5, 1, 3)) for _ in range(2)
    )
    for name, colour in (
        ("skin", tuple(skin)),
        ("hair", (0.03, 0.02, 0.015)),
        ("coat", cloth),
        ("trousers", trousers),
        ("shoes", (0.03, 0.03, 0.03)),
    ):
        mesh.materials.append(matt(name, colour, 0.15, 6.0))
    return mesh
