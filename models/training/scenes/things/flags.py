# SPDX-License-Identifier: GPL-3.0-or-later
"""Flag poles."""

from __future__ import annotations

import numpy as np

from .. import materials
from ..materials import matt
from ..meshes import Shape, grid_quads, mesh_of, place
from . import facades


def add_flags(spots: np.ndarray, rng: np.random.Generator) -> None:
    """Flag poles at `spots` (n, 3), the flags white, blue or of any colour."""
    high = rng.uniform(6, 11)
    turn = float(rng.random() * 6.28)
    for spot in spots:
        shape = Shape()
        shape.tube(np.array([(0, 0, 0), (0, 0, high)]), np.array([0.06, 0.03]), 8)
        long, tall = rng.uniform(1.2, 2.4), rng.uniform(0.9, 1.5)
        u, v = np.meshgrid(np.linspace(0, 1, 12), np.linspace(0, 1, 4))
        wave = 0.16 * long * np.sin(u * 7 + rng.random() * 6) * u
        cloth = np.stack([0.05 + u * long * 0.95, wave, high - 0.1 - v * tall - 0.25 * u * u * tall], axis=-1)
        shape.add(cloth.reshape(-1, 3), grid_quads(4, 12), 1)
        mesh = mesh_of("flag", shape, smooth=True)
        mesh.materials.append(matt("pole", (0.6, 0.6, 0.6), 0.1, 2.0, 0.3))
        mesh.materials.append(
            materials.leaf(
                "flag", *(facades.pale(rng) if rng.random() < 0.4 else facades.strong(rng) for _ in range(2)), 0.4
            )
        )
        place(mesh, tuple(spot), turn)
