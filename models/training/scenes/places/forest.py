# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside a wood or at its edge: trunks, canopies that fill the frame, gaps between leaves, bare twigs, a track."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.road import add_road, gravel
from ..meshes import place
from ..things.people import person_mesh
from ..things.woods import draw_bush, draw_conifer, draw_tree, plant_at
from .place import Place, Stand, scatter


def build(rng: np.random.Generator, night: bool) -> Place:
    """A wood with a clearing or without one, around a track along y."""
    season = str(rng.choice(["summer", "autumn", "winter"], p=[0.5, 0.25, 0.25]))
    snowy = season == "winter" and rng.random() < 0.6
    relief = Relief(int(rng.integers(1 << 20)), bumps=0.12, rolling=float(rng.uniform(0.5, 7)), rise=60.0, far=500.0)
    floor = Cover(low=(0.05, 0.045, 0.02), high=(0.11, 0.075, 0.035)) if rng.random() < 0.6 else Cover()
    if snowy:
        floor = Cover(low=(0.8, 0.82, 0.86), high=(0.88, 0.89, 0.92), grain=1.2)
    add_ground(
        relief,
        Cover(
            floor.low,
            floor.high,
            floor.grain,
            woods=0.7,
            wood=(0.06, 0.06, 0.05) if season == "winter" else (0.03, 0.045, 0.02),
        ),
    )
    y = np.linspace(-120, 120, 80)
    bend = float(rng.uniform(-0.004, 0.004))
    if rng.random() < 0.7:
        line = np.stack([bend * y * y, y], axis=1)
        add_road(
            line,
            float(rng.uniform(1.5, 4.5)),
            relief.height,
            gravel((0.75, 0.77, 0.8) if snowy else (0.2, 0.17, 0.12)),
        )
    conifers = float(rng.choice([0.0, 0.5, 1.0], p=[0.45, 0.35, 0.2]))
    kinds = [
        draw_conifer(rng, snowy, near=True) if rng.random() < conifers else draw_tree(rng, season, near=True)
        for _ in range(int(rng.integers(2, 4)))
    ]
    clearing = float(rng.choice([0.0, 8.0, 18.0], p=[0.45, 0.35, 0.2]))
    apart = float(rng.uniform(2.2, 5.5))
    for tree in kinds:
        spots = scatter(rng, int(170 / len(kinds)), 3.5 + clearing, 75.0 + clearing, apart)
        spots = spots[np.abs(spots[:, 0] - bend * spots[:, 1] ** 2) > 1.8] if len(spots) else spots
        plant_at(tree, relief, spots, rng, (0.6, 1.4))
    if rng.random() < 0.7 and season != "winter":
        plant_at(draw_bush(rng, season), relief, scatter(rng, 40, 4.0, 50.0), rng, (0.5, 1.6))
    if rng.random() < 0.3:
        for _ in range(3):
            x = float(rng.uniform(-2, 2))
            yy = float(rng.uniform(5, 30))
            place(
                person_mesh(rng),
                (x, yy, float(relief.height(np.array([x]), np.array([yy]))[0])),
                float(rng.random() * 6),
            )
    stands = (
        Stand("on the track", (0, 0), (2.5, 30), (1.4, 1.9), 0, 180, (6, 9), 2),
        Stand("up into the crowns", (0, 0), (10, 25), (1.2, 1.9), 0, 180, (45, 20), 2.2),
        Stand("between trunks", (0, 0), (30, 30), (0.8, 2.2), 0, 180, (8, 12), 1.5),
        Stand("above the crowns", (0, 0), (40, 40), (14, 45), 0, 180, (-10, 12), 0.7),
        Stand("at the floor", (0, 0), (20, 20), (1.2, 2.0), 0, 180, (-28, 12), 0.4),
    )
    return Place("forest", relief, stands, night, {"season": season, "snow": snowy})
