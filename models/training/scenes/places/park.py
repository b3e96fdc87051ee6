# SPDX-License-Identifier: GPL-3.0-or-later
"""A park: lawns, lone trees close enough to show every leaf, paths, lamps, people, a pond, a skyline behind."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.road import add_road, gravel, paving
from ..land.water import add_water
from ..meshes import place
from ..things.facades import add_building, draw_style
from ..things.flags import add_flags
from ..things.lamps import add_posts
from ..things.people import person_mesh
from ..things.woods import draw_bush, draw_conifer, draw_tree, plant_at
from .city import draw_looks
from .place import Place, Stand, on_land, scatter


def build(rng: np.random.Generator, night: bool) -> Place:
    """Lawns with groups of trees; sometimes a pond; sometimes houses around."""
    season = str(rng.choice(["summer", "autumn", "winter"], p=[0.5, 0.25, 0.25]))
    pond = rng.random() < 0.3
    relief = Relief(
        int(rng.integers(1 << 20)), bumps=0.05, rolling=float(rng.uniform(0.3, 3)), rolling_size=40.0,
        lake=float(rng.uniform(15, 30)) if pond else None, rise=40.0, far=600.0,
    )  # fmt: skip
    green = ((0.05, 0.10, 0.02), (0.07, 0.085, 0.025), (0.12, 0.11, 0.045))[int(rng.integers(3))]
    snow = season == "winter" and rng.random() < 0.5
    add_ground(
        relief, Cover(low=green, high=tuple(c * 1.6 for c in green), woods=0.5, snow_line=-500.0 if snow else 1e9)
    )
    if pond:
        add_water(relief.water, float(rng.choice([0.0, 0.05, 0.2])), (0.02, 0.03, 0.02), 0.6)
    y = np.linspace(-90, 90, 90)
    line = np.stack([6 * np.sin(y / 25) + (34 if pond else 0), y], axis=1)
    add_road(
        line,
        float(rng.uniform(1.5, 4)),
        relief.height,
        gravel((0.3, 0.26, 0.2)) if rng.random() < 0.6 else paving(rng),
    )
    for _ in range(int(rng.integers(2, 4))):
        tree = draw_conifer(rng, snow, near=True) if rng.random() < 0.2 else draw_tree(rng, season, near=True)
        plant_at(tree, relief, scatter(rng, int(rng.integers(6, 30)), 6.0, 90.0, 4.5), rng, (0.6, 1.3))
    if season != "winter":
        plant_at(draw_bush(rng, season), relief, scatter(rng, 25, 5.0, 60.0, 2.0), rng)
    if rng.random() < 0.6:
        lit = float(rng.uniform(0.1, 0.5)) if night else 0.0
        looks = [(kind, draw_looks(rng, kind, 0.5, lit)) for kind in ("old", "flats", "office", "tower")]
        for around in rng.random(22) * 6.28:
            kind, chosen = looks[int(rng.integers(4))]
            away = float(rng.uniform(110, 260))
            size = (
                float(rng.uniform(12, 35)),
                float(rng.uniform(10, 25)),
                float(rng.uniform(8, 70 if kind == "tower" else 28)),
            )
            spot = on_land(relief, away * np.cos(around), away * np.sin(around), 1.5)
            add_building(draw_style(rng, kind), chosen, size, spot, float(around + np.pi / 2), rng)
    ys = np.arange(-70, 90, rng.uniform(14, 28))
    xs = np.interp(ys, line[:, 1], line[:, 0]) + 2.6
    add_posts(np.stack([xs, ys, relief.height(xs, ys)], axis=1), np.zeros(len(ys)), night, rng)
    crowd = [person_mesh(rng) for _ in range(3)]
    for x, y0 in scatter(rng, int(rng.integers(0, 16)), 4.0, 45.0):
        spot = on_land(relief, float(x), float(y0), 0.03)
        if spot[2] > relief.water or not pond:
            place(crowd[int(rng.integers(3))], spot, float(rng.random() * 6))
    if rng.random() < 0.25:
        spots = np.array([on_land(relief, 12.0 + 2.5 * k, 14.0, 0.1) for k in range(int(rng.integers(1, 6)))])
        add_flags(spots, rng)
    stands = (
        Stand("on the lawn", (0, 0), (40, 40), (1.3, 1.9), 0, 180, (6, 8), 3),
        Stand("under a tree", (0, 0), (25, 25), (1.3, 1.9), 0, 180, (38, 16), 1.6),
        Stand("from a drone", (0, 0), (40, 40), (10, 45), 0, 180, (-8, 10), 0.7),
    )
    return Place(
        "park at night" if night else "park", relief, stands, night, {"season": season, "pond": pond, "snow": snow}
    )
