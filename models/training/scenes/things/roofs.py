# SPDX-License-Identifier: GPL-3.0-or-later
"""Roofs on pillars, under which a camera can stand."""

from __future__ import annotations

import numpy as np

from ..meshes import Shape, mesh_of, place
from . import facades, surfaces


def add_roof(size: tuple[float, float], under: float, rng: np.random.Generator, walls: float, lamps: bool) -> None:
    """A roof on pillars over the origin: a car deck, an arcade, a platform; `walls` is the share of closed sides."""
    wide, deep = size
    shape = Shape()
    thick = rng.uniform(0.2, 0.7)
    shape.box((0, 0, under + thick / 2), (wide, deep, thick))
    bay = rng.uniform(3.5, 8)
    for x in np.arange(-wide / 2 + 0.3, wide / 2, bay):
        shape.box((x, 0, under - 0.2), (0.3, deep, 0.4))
        for y in (-deep / 2 + 0.3, deep / 2 - 0.3, *np.arange(-deep / 2 + bay, deep / 2 - bay / 2, bay * 1.5)):
            shape.box((x, y, under / 2 - 0.5), (0.4, 0.4, under + 1))
    for side, (x, y, w, d) in enumerate(
        ((0, -deep / 2, wide, 0.2), (0, deep / 2, wide, 0.2), (-wide / 2, 0, 0.2, deep), (wide / 2, 0, 0.2, deep))
    ):
        if side != 1 and rng.random() < walls:
            shape.box((x, y, under / 2 - 0.5), (w, d, under + 1), 1)
        elif rng.random() < 0.6:
            shape.box((x, y, 0.3), (w, d, 1.6), 1)
    if lamps:
        for x in np.arange(-wide / 2 + bay / 2, wide / 2, bay):
            shape.box((x, 0, under - 0.1), (0.15, min(deep * 0.6, 1.5), 0.08), 2)
    mesh = mesh_of("roof", shape)
    for material in (
        surfaces.rendered_wall("slab", (0.45, 0.44, 0.42) if rng.random() < 0.6 else facades.pale(rng), 0.3),
        surfaces.rendered_wall("side", facades.pale(rng) if rng.random() < 0.6 else facades.strong(rng), 0.3),
        surfaces.glow("tube", (0.9, 0.95, 1.0), 6.0),
    ):
        mesh.materials.append(material)
    place(mesh)
