# SPDX-License-Identifier: GPL-3.0-or-later
"""A church: nave, tower, spire and cross."""

from __future__ import annotations

import numpy as np

from ..draw import one
from ..materials import matt
from ..meshes import Shape, mesh_of, place
from . import facades, surfaces


def add_church(location: tuple[float, float, float], rng: np.random.Generator) -> None:
    """A nave and a tower with a spire and a cross."""
    side, high = rng.uniform(4, 6.5), rng.uniform(14, 30)
    spire = rng.uniform(5, 18)
    shape = Shape()
    shape.box((0, 0, high / 2), (side, side, high))
    for z in (high * 0.55, high * 0.85):
        shape.boxes(
            np.array([(0, -side / 2, z), (0, side / 2, z), (-side / 2, 0, z), (side / 2, 0, z)]),
            np.array([[0.9, 0.9, 2.2]]),
            2,
        )
    top = np.array([0, 0, high])
    shape.tube(
        np.array([top, top + spire * np.eye(3)[2]]), np.array([side * 0.72, 0.05]), 4 if rng.random() < 0.5 else 8, 1
    )
    cross = high + spire
    shape.box((0, 0, cross + 0.7), (0.09, 0.09, 1.6), 3)
    shape.box((0, 0, cross + 0.9), (0.8, 0.09, 0.09), 3)
    long, wide, eaves = rng.uniform(14, 24), rng.uniform(8, 12), rng.uniform(6, 9)
    shape.box((0, long / 2 + side / 2, eaves / 2), (wide, long, eaves))
    ridge = eaves + wide * 0.5
    w, a, b = wide / 2 + 0.4, side / 2, long + side / 2 + 0.4
    points = np.array([(-w, a, eaves), (w, a, eaves), (w, b, eaves), (-w, b, eaves), (0, a, ridge), (0, b, ridge)])
    shape.add(points, np.array([(1, 2, 5, 4), (3, 0, 4, 5), (0, 1, 4, -1), (2, 3, 5, -1)]), 1)
    mesh = mesh_of("church", shape)
    # Slate, old copper or tiles.
    roof = one(rng, ((0.05, 0.05, 0.06), (0.16, 0.3, 0.25), (0.17, 0.07, 0.05)))
    for material in (
        surfaces.rendered_wall("church wall", facades.pale(rng)), matt("church roof", roof, 0.3, 2.0),
        matt("louvre", (0.05, 0.04, 0.035)), surfaces.paint("gilt", (0.7, 0.5, 0.1), 0.3, 0.0, 1.0),
    ):  # fmt: skip
        mesh.materials.append(material)
    place(mesh, location, float(rng.random() * 6.28))
