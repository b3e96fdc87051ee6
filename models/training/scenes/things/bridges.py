# SPDX-License-Identifier: GPL-3.0-or-later
"""What spans a road: bridges and frames with road signs."""

from __future__ import annotations

import numpy as np

from ..materials import matt
from ..meshes import Shape, mesh_of, place
from . import surfaces


def add_bridge(y: float, reach: float, under: float, rng: np.random.Generator) -> None:
    """A bridge across the y axis at `y`, from x = -`reach` to `reach`, with `under` metres of headroom."""
    shape = Shape()
    thick, wide = rng.uniform(0.8, 1.8), rng.uniform(5, 14)
    shape.box((0, y, under + thick / 2), (2 * reach, wide, thick))
    for side in (-1, 1):
        for x in np.arange(reach * 0.35, reach, 12):
            shape.box((side * x, y, under / 2 - 1), (1.0, wide * 0.7, under + 2))
        shape.box((0, y + side * wide / 2, under + thick + 1.0), (2 * reach, 0.07, 0.07), 1)
        posts = np.arange(-reach, reach, 1.6)
        shape.boxes(
            np.stack([posts, 0 * posts + y + side * wide / 2, 0 * posts + under + thick + 0.5], axis=1),
            np.array([[0.06, 0.06, 1.0]]),
            1,
        )
    mesh = mesh_of("bridge", shape)
    mesh.materials.append(surfaces.rendered_wall("concrete", (0.38, 0.37, 0.35), 0.4))
    mesh.materials.append(matt("rail", (0.25, 0.26, 0.27), 0.2, 2.0, 0.4))
    place(mesh)


def add_gantry(y: float, wide: float, rng: np.random.Generator) -> None:
    """Road signs on a frame across the y axis, facing -y: blue or green boards, often the colour of the sky."""
    shape = Shape()
    high = rng.uniform(5.8, 7.5)
    for x in (-wide / 2, wide / 2):
        shape.box((x, y, high / 2), (0.35, 0.35, high))
    for z in (high, high - 1.0):
        shape.box((0, y, z), (wide, 0.2, 0.2))
    x = -wide / 2 + 1
    while x < wide / 2 - 3:
        broad, tall = float(rng.uniform(2, 5)), float(rng.uniform(1.5, 3.2))
        if rng.random() < 0.75:
            shape.box((x + broad / 2, y - 0.25, high - 0.3), (broad, 0.06, tall), 1)
            shape.box((x + broad / 2, y - 0.29, high - 0.3 + tall * 0.2), (broad * 0.7, 0.02, tall * 0.12), 2)
            shape.box((x + broad * 0.4, y - 0.29, high - 0.3 - tall * 0.15), (broad * 0.5, 0.02, tall * 0.12), 2)
        x += broad + 0.5
    mesh = mesh_of("gantry", shape)
    board = ((0.02, 0.12, 0.5), (0.1, 0.3, 0.65), (0.02, 0.22, 0.1), (0.8, 0.8, 0.8))[int(rng.integers(4))]
    for material in (
        matt("frame", (0.35, 0.36, 0.37), 0.2, 2.0, 0.4),
        surfaces.paint("board", board, 0.4, 0.2),
        surfaces.paint("mark", (0.8, 0.8, 0.8) if board[0] < 0.5 else (0.03, 0.03, 0.03), 0.4, 0.1),
    ):
        mesh.materials.append(material)
    place(mesh)
