# SPDX-License-Identifier: GPL-3.0-or-later
"""Under a roof: car decks, arcades, platforms, bridges, from which little or no sky is seen."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..meshes import place
from ..things.facades import add_building, draw_style
from ..things.people import person_mesh
from ..things.roofs import add_roof
from ..things.vehicles import vehicle_colour, vehicle_mesh
from ..things.woods import draw_tree, plant_at
from .city import draw_looks
from .place import Place, Stand, scatter


def build(rng: np.random.Generator, night: bool) -> Place:
    """A roof over the origin with houses and trees around it."""
    relief = Relief(int(rng.integers(1 << 20)), flat=60.0, bumps=0.0, rolling=2.0, rise=80.0, far=500.0)
    level = float(rng.uniform(0.1, 0.4))
    add_ground(relief, Cover(low=(level,) * 3, high=(level * 1.3, level * 1.28, level * 1.2), grain=1.0))
    size = (float(rng.uniform(10, 40)), float(rng.uniform(5, 22)))
    under = float(rng.uniform(2.4, 6.5))
    add_roof(size, under, rng, float(rng.choice([0.1, 0.5, 0.9])), rng.random() < 0.6)
    lit = float(rng.uniform(0.1, 0.5)) if night else 0.0
    looks = [(kind, draw_looks(rng, kind, 0.5, lit)) for kind in ("old", "flats", "office", "tower")]
    for around in np.linspace(0, 2 * np.pi, 19, endpoint=False) + rng.normal(0, 0.06, 19):
        kind, chosen = looks[int(rng.integers(4))]
        away = float(rng.uniform(38, 70))
        shape = (float(rng.uniform(10, 26)), float(rng.uniform(9, 18)), float(rng.uniform(6, 35)))
        if rng.random() < 0.6:
            add_building(
                draw_style(rng, kind),
                chosen,
                shape,
                (away * np.cos(around), away * np.sin(around), 0),
                float(around - np.pi / 2),
                rng,
            )
    season = str(rng.choice(["summer", "autumn", "winter"]))
    plant_at(draw_tree(rng, season), relief, scatter(rng, 14, max(size) / 2 + 5, 60.0, 5.0), rng, (0.5, 1.0))
    for _ in range(int(rng.integers(0, 9))):
        mesh = vehicle_mesh(str(rng.choice(["car", "hatchback", "van"])), vehicle_colour(rng), night, rng)
        if under > 2.8:
            x, y = rng.uniform(-0.45, 0.45, 2) * size
            place(mesh, (float(x), float(y), 0.0), float(rng.choice([0, np.pi / 2, np.pi])))
    for _ in range(int(rng.integers(0, 8))):
        x, y = rng.uniform(-0.7, 0.7, 2) * size
        place(person_mesh(rng), (float(x), float(y), 0.0), float(rng.random() * 6))
    half = (size[0] * 0.42, size[1] * 0.42)
    stands = (
        Stand("under the roof", (0, 0), half, (1.3, 1.9), 0, 180, (2, 8), 3),
        Stand("looking out", (0, 0), half, (1.3, 1.9), 0, 40, (4, 6), 2),
        Stand("outside", (0, 0), (size[0], size[1] + 8), (1.4, 1.9), 0, 180, (6, 8), 1),
    )
    return Place("covered", relief, stands, night, {"headroom": round(under, 2)})
