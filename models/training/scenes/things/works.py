# SPDX-License-Identifier: GPL-3.0-or-later
"""Works: halls, tanks and chimneys, many of them white, grey or blue."""

from __future__ import annotations

import bpy
import numpy as np

from .. import materials
from ..materials import matt
from ..meshes import Shape, mesh_of, place
from . import facades, surfaces


def _cylinder(
    shape: Shape, centre: tuple[float, float], low: float, top: float, radius: float, slot: int = 0
) -> None:
    """A closed upright cylinder with a slightly domed top."""
    x, y = centre
    path = np.array([(x, y, low), (x, y, top), (x, y, top + radius * 0.12), (x, y, top + radius * 0.16)])
    shape.tube(path, np.array([radius, radius, radius * 0.6, 1e-3]), 28, slot)


def hall_mesh(rng: np.random.Generator, night: bool) -> tuple[bpy.types.Mesh, tuple[float, float]]:
    """An industrial hall, white, grey or blue, with gates, a strip of windows and vents; and its footprint."""
    wide, deep, high = rng.uniform(14, 60), rng.uniform(12, 40), rng.uniform(5, 16)
    shape = Shape()
    shape.box((0, 0, high / 2), (wide, deep, high))
    rise = rng.uniform(0.2, 2.5)
    for side in (-1, 1):
        x, y, top = wide / 2 + 0.3, side * (deep / 2 + 0.3), high + rise
        plane = np.array([(-x, y, high), (x, y, high), (x, 0, top), (-x, 0, top)])
        shape.add(plane, np.array([(0, 1, 2, 3)]), 1)
    for x in np.arange(-wide / 2 + 4, wide / 2 - 3, rng.uniform(5, 9)):
        for side in (-1, 1):
            shape.box((x, side * deep / 2, 2.0), (3.5, 0.12, 4.0), 2)
    shape.box((0, 0, high * 0.82), (wide * 0.9, deep + 0.06, 0.9), 3)
    for _ in range(int(rng.integers(0, 6))):
        x = rng.uniform(-0.45, 0.45) * wide
        shape.tube(
            np.array([(x, 0, high), (x, 0, high + rise + rng.uniform(1, 5))]),
            np.full(2, rng.uniform(0.15, 0.5)),
            10,
            1,
        )
    mesh = mesh_of("hall", shape)
    colour = ((0.82, 0.83, 0.83), (0.6, 0.62, 0.64), (0.16, 0.33, 0.6), (0.35, 0.5, 0.66), facades.strong(rng))[
        int(rng.integers(5))
    ]
    for material in (
        surfaces.panel_wall("cladding", colour, rng.uniform(0.2, 0.6), rng),
        matt("hall roof", (0.4, 0.41, 0.42), 0.2, 1.0, 0.4),
        surfaces.paint("gate", facades.strong(rng), 0.5, 0.1),
        surfaces.glow("lit strip", (1, 0.9, 0.7), 2.0) if night else materials.glass("strip"),
    ):  # fmt: skip
        mesh.materials.append(material)
    return mesh, (wide, deep)


def add_tanks(location: tuple[float, float, float], rng: np.random.Generator) -> None:
    """A group of tanks or silos with ladders, rails and a pipe between them."""
    shape = Shape()
    radius, high = rng.uniform(2, 7), rng.uniform(6, 22)
    count = int(rng.integers(1, 5))
    for k in range(count):
        x = k * radius * 2.3
        _cylinder(shape, (x, 0), 0, high, radius)
        shape.box((x, -radius - 0.15, high / 2), (0.5, 0.06, high), 1)
        around = np.linspace(0, 2 * np.pi, 17)
        rail = np.stack([x + radius * np.cos(around), radius * np.sin(around), 0 * around + high + 1.0], axis=1)
        shape.tube(rail, np.full(17, 0.04), 4, 1)
        for spot in rail[:-1]:
            shape.box((spot[0], spot[1], high + 0.5), (0.05, 0.05, 1.0), 1)
    shape.tube(np.array([(0, 0, high + 0.8), (count * radius * 2.3, 0, high + 0.8)]), np.full(2, 0.2), 8, 1)
    mesh = mesh_of("tanks", shape, smooth=False)
    mesh.materials.append(
        surfaces.paint(
            "tank", facades.pale(rng) if rng.random() < 0.6 else facades.strong(rng), rng.uniform(0.2, 0.5), 0.3
        )
    )
    mesh.materials.append(matt("steel", (0.3, 0.3, 0.31), 0.2, 2.0, 0.4))
    place(mesh, location, float(rng.random() * 6.28))


def add_chimney(location: tuple[float, float, float], rng: np.random.Generator) -> None:
    """A tall chimney, brick or concrete, sometimes with bands."""
    high, radius = rng.uniform(20, 90), rng.uniform(0.8, 3.0)
    shape = Shape()
    t = np.linspace(0, 1, 9)
    for k in range(8):
        path = np.array([(0, 0, high * t[k]), (0, 0, high * t[k + 1])])
        shape.tube(path, radius * (1 - 0.45 * t[k : k + 2]), 20, int(k >= 4 and k % 2))
    mesh = mesh_of("chimney", shape, smooth=True)
    mesh.materials.append(
        surfaces.rendered_wall("chimney", facades.pale(rng) if rng.random() < 0.5 else (0.3, 0.12, 0.08))
    )
    mesh.materials.append(matt("band", (0.5, 0.05, 0.04) if rng.random() < 0.5 else (0.35, 0.34, 0.33), 0.2, 2.0))
    place(mesh, location)
