# SPDX-License-Identifier: GPL-3.0-or-later
"""Boats: a pointed hull with a mast and sail, a cabin, or oars' thwarts."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import glass, matt
from ..meshes import Shape, grid_quads, mesh_of
from .surfaces import paint
from .vehicles import vehicle_colour

HULL, DECK, SAIL, MAST, PANE = range(5)


def _from(start: np.ndarray, x: float, y: float, z: float) -> np.ndarray:
    """The point that lies (x, y, z) from `start`."""
    return start + np.array([x, y, z])


def boat_mesh(kind: str, rng: np.random.Generator) -> bpy.types.Mesh:
    """A "sail", "motor" or "row" boat that floats at z = 0; its bow points along +x."""
    long = {"sail": rng.uniform(6, 12), "motor": rng.uniform(5, 14), "row": rng.uniform(3, 4.5)}[kind]
    beam, board = long * 0.3, long * (0.10 if kind != "row" else 0.12)
    t = np.linspace(-0.5, 0.5, 9)
    half = beam / 2 * np.clip(1 - np.clip(t + 0.1, 0, None) ** 2 / 0.36, 0.02, 1)
    rings = []
    for fraction, z in ((0.35, -0.4 * board), (0.8, 0.2 * board), (1.0, board)):
        sheer = 0.35 * board * np.clip(t, 0, None) * 2 * (z > 0)
        rings.append(np.stack([t * long * (0.9 + 0.1 * fraction), half * fraction, z + sheer], axis=1))
    shape = Shape()
    for sign in (1, -1):
        skin = np.stack(rings) * np.array([1, sign, 1])
        shape.add(skin.reshape(-1, 3), grid_quads(3, 9)[:, ::sign], HULL)
    top = np.stack([rings[2], rings[2] * np.array([1, -1, 1])]) - [0, 0, 0.08 if kind != "row" else 0.3]
    shape.add(top.reshape(-1, 3), grid_quads(2, 9), DECK)
    shape.box((-long * 0.45, 0, board * 0.4), (0.08, beam * 0.8, board), HULL)
    if kind == "sail":
        high = long * rng.uniform(1.1, 1.4)
        foot = np.array([long * 0.08, 0, board])
        shape.tube(np.array([foot, _from(foot, 0, 0, high)]), np.array([0.07, 0.04]), 6, MAST)
        shape.tube(np.array([_from(foot, 0, 0, 1), _from(foot, -long * 0.45, 0, 0.9)]), np.full(2, 0.05), 6, MAST)
        for end in ((long * 0.5, 0, board), (-long * 0.48, 0, board)):
            shape.tube(np.array([_from(foot, 0, 0, high), end]), np.full(2, 0.012), 3, MAST)
        if rng.random() < 0.6:
            sail = np.array(
                [_from(foot, -0.08, 0, 1.1), _from(foot, -long * 0.43, 0.3, 1.0), _from(foot, -0.08, 0, high * 0.97)]
            )
            shape.add(sail, np.array([(0, 1, 2, -1)]), SAIL)
            jib = np.array(
                [_from(foot, 0.1, 0, high * 0.85), (long * 0.48, 0, board + 0.2), _from(foot, 0.2, 0.3, 0.6)]
            )
            shape.add(jib, np.array([(0, 1, 2, -1)]), SAIL)
        shape.box((-long * 0.02, 0, board + 0.15), (long * 0.3, beam * 0.5, 0.4), DECK)
    elif kind == "motor":
        shape.box((long * 0.02, 0, board + 0.55), (long * 0.38, beam * 0.7, 1.1), HULL)
        shape.box((long * 0.02, 0, board + 0.75), (long * 0.385, beam * 0.71, 0.45), PANE)
        shape.tube(np.array([(0, 0, board + 1), (0, 0, board + 2.8)]), np.array([0.04, 0.02]), 5, MAST)
    else:
        for x in (-0.25, 0.05, 0.25):
            shape.box((x * long, 0, board * 0.75), (0.22, beam * 0.85, 0.04), MAST)
    mesh = mesh_of("boat", shape)
    hull = (0.82, 0.82, 0.8) if rng.random() < 0.5 else vehicle_colour(rng)
    for material in (
        paint("hull", hull, 0.25), matt("deck", (0.45, 0.36, 0.25), 0.3, 4.0), matt("sail", (0.85, 0.85, 0.82), 0.05),
        matt("spar", (0.5, 0.5, 0.5), 0.1, 3.0, 0.4), glass("cabin window"),
    ):  # fmt: skip
        mesh.materials.append(material)
    return mesh
