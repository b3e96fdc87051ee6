# SPDX-License-Identifier: GPL-3.0-or-later
"""Sea and lakes: a beach, a mirror of the sky, waves to the horizon, far shores, boats, a pier."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.water import add_water
from ..materials import matt
from ..meshes import Shape, mesh_of, place
from ..things.boats import boat_mesh
from ..things.people import person_mesh
from ..things.woods import draw_conifer, draw_tree, plant_at
from .place import Place, Stand, on_land, scatter


def build(rng: np.random.Generator, night: bool) -> Place:
    """A coast with the sea towards +y, or a lake around the origin."""
    lake = rng.random() < 0.45
    seed = int(rng.integers(1 << 20))
    distant = float(rng.choice([0.0, rng.uniform(40, 900)], p=[0.3, 0.7]))
    common = {
        "rise": distant,
        "far": float(rng.uniform(300, 1500)),
        "rugged": float(rng.uniform(0, 1)),
        "open_fraction": 0.4,
    }
    if lake:
        relief = Relief(
            seed, rolling=float(rng.uniform(1, 5)), lake=float(rng.uniform(60, 400)), water=-0.8, **common
        )
    else:
        relief = Relief(
            seed, rolling=float(rng.uniform(0.5, 6)), shore=float(rng.uniform(2, 25)), sea=np.pi / 2,
            beach=float(rng.uniform(0.03, 0.5)), water=float(rng.uniform(-3.5, -0.6)), bumps=0.05, **common,
        )  # fmt: skip
    sands = ((0.45, 0.37, 0.26), (0.6, 0.55, 0.45), (0.25, 0.22, 0.18), (0.14, 0.14, 0.14), (0.06, 0.085, 0.022))
    sand = sands[4] if lake and rng.random() < 0.7 else sands[int(rng.integers(4))]
    add_ground(
        relief,
        Cover(low=sand, high=tuple(c * 1.3 for c in sand), woods=float(rng.choice([0, 0.4, 0.7])) if distant else 0.0,
              snow_line=float(rng.choice([1e9, 350.0])) if distant > 400 else 1e9, grain=4.0, relief=0.02),
    )  # fmt: skip
    chop = float(rng.choice([0.0, 0.03, 0.15, 0.5, 1.0], p=[0.15, 0.25, 0.25, 0.2, 0.15])) * float(
        rng.uniform(0.6, 1.2)
    )
    depths = ((0.005, 0.02, 0.03), (0.01, 0.05, 0.06), (0.02, 0.03, 0.02), (0.015, 0.10, 0.12), (0.04, 0.04, 0.03))
    add_water(relief.water, min(1.0, chop), depths[int(rng.integers(5))], float(rng.uniform(0.7, 4)))
    if rng.random() < 0.7:
        tree = (
            draw_conifer(rng)
            if rng.random() < 0.4
            else draw_tree(rng, str(rng.choice(["summer", "autumn", "winter"])))
        )
        spots = scatter(rng, 60, 15.0, 300.0, 3.0)
        ring = (
            np.array(
                [
                    (relief.lake * 1.3 + rng.uniform(0, 60)) * np.array([np.cos(a), np.sin(a)])
                    for a in rng.random(60) * 6.28
                ]
            )
            if lake and relief.lake
            else spots
        )
        plant_at(tree, relief, np.concatenate([spots, ring]), rng)
    boats = [boat_mesh(str(rng.choice(["sail", "motor", "row"])), rng) for _ in range(2)]
    for x, y in scatter(rng, int(rng.integers(0, 9)), 12.0, 350.0, 8.0):
        if float(relief.height(np.array([x]), np.array([y]))[0]) < relief.water - 0.5:
            place(boats[int(rng.integers(2))], (float(x), float(y), relief.water), float(rng.random() * 6.28))
    if rng.random() < 0.4:
        _pier(relief, rng)
    for _ in range(int(rng.integers(0, 12))):
        x, y = (float(c) for c in scatter(rng, 1, 3.0, 40.0)[0])
        spot = on_land(relief, x, y, 0.03)
        if spot[2] > relief.water - 0.2:
            place(person_mesh(rng), spot, float(rng.random() * 6))
    low = (0.5, 2.0) if rng.random() < 0.6 else (1.5, 12.0)
    stands = (
        Stand("towards the water", (0, 0), (40, 12), low, 0, 70 if not lake else 180, (1, 6), 3),
        Stand("along the shore", (0, 0), (40, 8), (1.2, 2.0), 90 if rng.random() < 0.5 else -90, 45, (2, 6), 1.5),
        Stand("down at the water", (0, 10), (30, 15), (1.5, 8), 0, 90, (-16, 8), 0.8),
        Stand("from a drone", (0, 0), (60, 60), (10, 80), 0, 180, (-10, 10), 1.2),
    )
    return Place("lake" if lake else "coast", relief, stands, night, {"chop": round(chop, 3)})


def _pier(relief: Relief, rng: np.random.Generator) -> None:
    """Planks on posts, out over the water."""
    shape = Shape()
    long, wide, up = rng.uniform(12, 45), rng.uniform(1.2, 3.0), relief.water + rng.uniform(0.5, 1.5)
    ys = np.arange(0, long, 0.22)
    shape.boxes(np.stack([0 * ys, ys, 0 * ys + up], axis=1), np.array([[wide, 0.19, 0.05]]))
    posts = np.arange(1, long, 2.5)
    for side in (-1, 1):
        x = np.full(len(posts), side * wide * 0.48)
        shape.boxes(np.stack([x, posts, 0 * posts + up - 1.5], axis=1), np.array([[0.16, 0.16, 4.2]]))
    mesh = mesh_of("pier", shape)
    mesh.materials.append(matt("planks", (0.24, 0.2, 0.16), 0.45, 5.0))
    place(mesh, (float(rng.uniform(-14, 14)), float(rng.uniform(-4, 12)), 0.0), float(rng.uniform(-0.4, 0.4)))
