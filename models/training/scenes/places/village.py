# SPDX-License-Identifier: GPL-3.0-or-later
"""A village street: houses of many colours, gardens, hedges, fences, wires on wooden poles, a church, a few cars."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.road import add_road, asphalt
from ..meshes import place
from ..things import facades
from ..things.churches import add_church
from ..things.house import House, add_house
from ..things.lamps import add_posts, sign_mesh
from ..things.people import person_mesh
from ..things.roadside import add_fence, add_power_line
from ..things.traffic import draw_fleet, drive
from ..things.woods import draw_bush, draw_conifer, draw_tree, plant_at
from .place import Place, Stand, on_land, scatter


def build(rng: np.random.Generator, night: bool) -> Place:
    """A winding road along y with houses on both sides."""
    season = str(rng.choice(["summer", "autumn", "winter"], p=[0.5, 0.25, 0.25]))
    snow = season == "winter" and rng.random() < 0.6
    relief = Relief(
        int(rng.integers(1 << 20)), bumps=0.04, rolling=float(rng.uniform(0.5, 5)), rolling_size=90.0,
        rise=float(rng.choice([0.0, rng.uniform(60, 700)])), far=float(rng.uniform(300, 1200)), open_fraction=0.3,
    )  # fmt: skip
    green = ((0.06, 0.085, 0.022), (0.09, 0.10, 0.03), (0.05, 0.10, 0.02))[int(rng.integers(3))]
    snow_line = -500.0 if snow else float(rng.choice([1e9, 400.0]))
    add_ground(relief, Cover(low=green, high=tuple(c * 1.7 for c in green), woods=0.45, snow_line=snow_line))
    wide = float(rng.uniform(4.0, 8.5))
    y = np.linspace(-180, 180, 140)
    bend = float(rng.uniform(4, 14))
    line = np.stack([bend * np.sin(y / float(rng.uniform(25, 60))), y], axis=1)
    add_road(
        line, wide, relief.height, asphalt(rng, rng.random() < 0.4, float(rng.random() < 0.2) * 0.7, wide * 0.42)
    )
    _houses(rng, relief, line, wide, snow, night)
    trees = [draw_conifer(rng, snow) if rng.random() < 0.3 else draw_tree(rng, season) for _ in range(2)]
    for tree in trees:
        spots = scatter(rng, 45, 9.0, 170.0, 5.0)
        spots = spots[np.abs(spots[:, 0] - np.interp(spots[:, 1], line[:, 1], line[:, 0])) > wide / 2 + 1.5]
        plant_at(tree, relief, spots, rng, (0.4, 0.9))
    bushes = scatter(rng, 40, 6.0, 90.0, 1.5)
    bushes = bushes[np.abs(bushes[:, 0] - np.interp(bushes[:, 1], line[:, 1], line[:, 0])) > wide / 2 + 1.0]
    if season != "winter":
        plant_at(draw_bush(rng, season), relief, bushes, rng)
    _roadside(rng, relief, line, wide, night)
    if rng.random() < 0.45:
        x, far = float(rng.choice([-1, 1]) * rng.uniform(30, 70)), float(rng.uniform(-60, 110))
        add_church(on_land(relief, x, far, 0.8), rng)
    stands = (
        Stand("on the road", (0, 0), (bend, 60), (1.2, 2.2), 0, 180, (5, 7), 3),
        Stand("in a garden", (0, 0), (35, 60), (1.4, 1.9), 0, 180, (7, 9), 2),
        Stand("from a drone", (0, 0), (50, 60), (12, 60), 0, 180, (-10, 11), 0.9),
        Stand("upwards", (0, 0), (bend, 60), (1.4, 1.8), 0, 180, (28, 12), 0.7),
    )
    return Place("village at night" if night else "village", relief, stands, night, {"season": season, "snow": snow})


def _houses(rng: np.random.Generator, relief: Relief, line: np.ndarray, wide: float, snow: bool, night: bool) -> None:
    """Houses at irregular distances; their fronts face the road."""
    for side in (-1, 1):
        y = -120.0
        while y < 140:
            x = float(np.interp(y, line[:, 1], line[:, 0])) + side * (wide / 2 + rng.uniform(6, 13))
            wall = facades.pale(rng) if rng.random() < 0.55 else facades.strong(rng)
            tiles = (
                (0.82, 0.84, 0.88)
                if snow
                else ((0.165, 0.075, 0.052), (0.06, 0.062, 0.07), (0.25, 0.12, 0.07))[int(rng.integers(3))]
            )
            eaves = float(rng.uniform(4.4, 5.6))
            house = House(
                width=float(rng.uniform(10, 14)), depth=float(rng.uniform(7, 10)), eaves=eaves,
                ridge=eaves + float(rng.uniform(2.2, 4.5)), overhang=float(rng.uniform(0.2, 0.9)),
                wall=wall, tiles=tiles, lit=night and bool(rng.random() < 0.6),
            )  # fmt: skip
            if rng.random() < 0.85:
                turn = -side * np.pi / 2 + float(rng.choice([0.0, np.pi / 2]) + rng.normal(0, 0.08))
                add_house(house, on_land(relief, x, y, 0.5), turn)
            y += float(rng.uniform(15, 32))


def _roadside(rng: np.random.Generator, relief: Relief, line: np.ndarray, wide: float, night: bool) -> None:
    def beside(ys: np.ndarray, side: float) -> np.ndarray:
        x = np.interp(ys, line[:, 1], line[:, 0]) + side
        return np.stack([x, ys, relief.height(x, ys)], axis=1)

    if rng.random() < 0.8:
        add_power_line(
            beside(np.arange(-150, 170, rng.uniform(28, 45)), wide / 2 + 1.2),
            rng.uniform(6.5, 9),
            rng.uniform(0.4, 1.2),
        )
    if rng.random() < 0.7:
        add_fence(beside(np.arange(-60, 80, 2.2), -wide / 2 - 1.6), int(rng.integers(1 << 20)))
    if night or rng.random() < 0.5:
        feet = beside(np.arange(-120, 150, rng.uniform(24, 40)), -wide / 2 - 0.7)
        add_posts(feet, np.full(len(feet), np.pi), night, rng)
    drive(
        draw_fleet(rng, 3, night, ("car", "hatchback", "van")),
        line,
        (wide * 0.23, -wide * 0.23),
        relief.height,
        60.0,
        rng,
    )
    crowd = [person_mesh(rng) for _ in range(2)]
    for spot in beside(rng.uniform(-40, 60, int(rng.integers(0, 7))), wide / 2 + 0.4):
        place(crowd[int(rng.integers(2))], tuple(spot), float(rng.random() * 6))
    for spot in beside(rng.uniform(-60, 80, 3), wide / 2 + 0.8):
        place(sign_mesh(rng), tuple(spot), float(rng.choice([0, np.pi])))
