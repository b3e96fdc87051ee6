# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of tree to plant: a few random ones per scene, each in leaf, in autumn colours, in blossom or bare."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from ..land.relief import Relief
from ..materials import Colour, bark, leaf
from .conifers import spruce_meshes
from .trees import Habit, bush_mesh, plant, tree_meshes

_LEAVES: tuple[tuple[Colour, Colour], ...] = (
    ((0.040, 0.074, 0.016), (0.150, 0.195, 0.045)),
    ((0.025, 0.050, 0.012), (0.090, 0.140, 0.035)),
    ((0.055, 0.085, 0.030), (0.220, 0.260, 0.080)),
    ((0.080, 0.090, 0.050), (0.200, 0.220, 0.130)),
)
_AUTUMN: tuple[tuple[Colour, Colour], ...] = (
    ((0.14, 0.06, 0.010), (0.42, 0.24, 0.03)),
    ((0.12, 0.025, 0.008), (0.34, 0.09, 0.02)),
    ((0.10, 0.075, 0.020), (0.36, 0.30, 0.06)),
    ((0.45, 0.28, 0.32), (0.80, 0.62, 0.66)),
)


@dataclass(frozen=True)
class Tree:
    """The meshes of one kind of tree and its height in metres."""

    meshes: list[bpy.types.Mesh]
    tall: float


def draw_tree(rng: np.random.Generator, season: str, near: bool = False) -> Tree:
    """A broad-leaved tree; `season` is summer, autumn or winter; `near` gives it more and smaller leaves."""
    shape = str(rng.choice(["round", "tall", "birch", "low"]))
    leaves = 30 if near else 16
    size = (0.13 if near else 0.24) * rng.uniform(0.8, 1.3)
    height = {
        "round": rng.uniform(8, 15),
        "tall": rng.uniform(13, 22),
        "birch": rng.uniform(8, 13),
        "low": rng.uniform(4, 7),
    }[shape]
    habit = Habit(
        height=height,
        trunk_radius=height * rng.uniform(0.013, 0.026),
        first_branch=rng.uniform(0.12, 0.4) if shape != "tall" else rng.uniform(0.3, 0.55),
        children=(int(rng.integers(11, 18)), int(rng.integers(5, 8)), int(rng.integers(4, 6))),
        length=(0.30 if shape == "tall" else rng.uniform(0.36, 0.5), rng.uniform(0.36, 0.48), 0.42),
        angle=(rng.uniform(0.7, 1.15), 0.8, 0.8),
        rise=rng.uniform(0.02, 0.18),
        leaves_per_twig=0 if season == "winter" else int(leaves * rng.uniform(0.5, 1.3)),
        leaf_size=size,
        bare=float(rng.choice([0.04, 0.3, 0.6], p=[0.6, 0.25, 0.15])),
    )
    wood = (0.42, 0.40, 0.36) if shape == "birch" else tuple(np.array([0.17, 0.135, 0.10]) * rng.uniform(0.4, 1.3))
    shades = _AUTUMN if season == "autumn" else _LEAVES
    dark, light = shades[int(rng.integers(len(shades)))]
    meshes = tree_meshes(shape, habit, int(rng.integers(1 << 30)), bark("bark", wood), leaf("leaves", dark, light))
    return Tree(meshes, height)


def draw_conifer(rng: np.random.Generator, snowy: bool = False, near: bool = False) -> Tree:
    """A spruce, dark green or under snow."""
    height = rng.uniform(7, 20)
    if snowy:
        needles = leaf("snowy needles", (0.05, 0.07, 0.06), (0.85, 0.88, 0.92), 0.05)
    else:
        needles = leaf("needles", (0.012, 0.026, 0.014), (0.045, 0.070, 0.030), 0.12)
    density = (0.5 if near else 0.2) * rng.uniform(0.7, 1.3)
    meshes = spruce_meshes(
        "spruce", int(rng.integers(1 << 30)), bark("bark", (0.13, 0.10, 0.08)), needles, height, density
    )
    return Tree(meshes, height)


def draw_bush(rng: np.random.Generator, season: str) -> Tree:
    """A bush about 1.6 m across."""
    shades = _AUTUMN if season == "autumn" else _LEAVES
    dark, light = shades[int(rng.integers(len(shades)))]
    return Tree([bush_mesh("bush", int(rng.integers(1 << 30)), leaf("bush leaves", dark, light), 1500)], 1.2)


def plant_at(
    tree: Tree, relief: Relief, spots: np.ndarray, rng: np.random.Generator, sizes: tuple[float, float] = (0.7, 1.25)
) -> None:
    """Plant one at each of `spots` (n, 2), none in the water."""
    if not len(spots):
        return
    z = relief.height(spots[:, 0], spots[:, 1])
    wet = relief.shore is not None or relief.lake is not None
    for (x, y), up in zip(spots, z, strict=True):
        if wet and up < relief.water + 0.3:
            continue
        plant(
            tree.meshes, (float(x), float(y), float(up) - 0.1), float(rng.random() * 6.28), float(rng.uniform(*sizes))
        )
