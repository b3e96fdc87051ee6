# SPDX-License-Identifier: GPL-3.0-or-later
"""A main road as a dash camera sees it: lanes, lorries, guard rails, gantries, bridges, noise barriers, pylons."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.road import add_road, asphalt
from ..meshes import Shape, mesh_of, place
from ..things import facades, surfaces
from ..things.bridges import add_bridge, add_gantry
from ..things.lamps import add_posts
from ..things.masts import add_crane, add_power_way
from ..things.traffic import draw_fleet, drive
from ..things.woods import draw_conifer, draw_tree, plant_at
from ..things.works import hall_mesh
from .place import Place, Stand, on_land, scatter


def build(rng: np.random.Generator, night: bool) -> Place:
    """A road of two to six lanes along y through open or built-up land."""
    season = str(rng.choice(["summer", "autumn", "winter"], p=[0.6, 0.2, 0.2]))
    relief = Relief(
        int(rng.integers(1 << 20)), flat=14.0, bumps=0.0, rolling=float(rng.uniform(0.2, 3)), rolling_size=150.0,
        rise=float(rng.choice([0.0, rng.uniform(40, 900)])), far=float(rng.uniform(350, 1500)), open_fraction=0.4,
    )  # fmt: skip
    dry = ((0.06, 0.085, 0.022), (0.16, 0.14, 0.06), (0.25, 0.19, 0.12), (0.09, 0.10, 0.03))[int(rng.integers(4))]
    snow = -500.0 if season == "winter" and rng.random() < 0.6 else 1e9
    fields = (0.18, 0.16, 0.05) if rng.random() < 0.6 else None
    add_ground(relief, Cover(low=dry, high=tuple(c * 1.6 for c in dry), fields=fields, woods=0.4, snow_line=snow))
    lanes = int(rng.integers(1, 4))
    wide = lanes * 7.0 + 3.0
    y = np.linspace(-400, 600, 260)
    line = np.stack([float(rng.uniform(-1, 1)) * 30 * (1 - np.cos(y / 260)), y], axis=1)
    wet = float(rng.choice([0.0, 0.7], p=[0.7, 0.3]))
    add_road(line, wide, relief.height, asphalt(rng, True, wet, lanes * 3.5), 0.35)
    _sides(rng, relief, line, wide)
    kinds = ("car", "hatchback", "van", "lorry", "lorry", "bus")
    offsets = tuple(side * (1.75 + 3.5 * k) for side in (-1, 1) for k in range(lanes))
    drive(
        draw_fleet(rng, 6, night, kinds),
        line,
        offsets,
        lambda a, b: relief.height(a, b) + 0.33,
        float(rng.uniform(18, 70)),
        rng,
    )
    if night or rng.random() < 0.5:
        ys = np.arange(-150, 400, rng.uniform(28, 45))
        xs = np.interp(ys, line[:, 1], line[:, 0]) + wide / 2 + 1
        add_posts(np.stack([xs, ys, relief.height(xs, ys)], axis=1), np.zeros(len(ys)), night, rng)
    for y0 in rng.uniform(25, 260, int(rng.integers(0, 3))):
        add_gantry(float(y0), wide + 4, rng)
    if rng.random() < 0.4:
        add_bridge(float(rng.uniform(20, 200)), 80.0, float(rng.uniform(5.5, 8)), rng)
    if rng.random() < 0.5:
        start, slant = rng.uniform(-120, 120), rng.uniform(-0.6, 0.6)
        ys = np.arange(-300, 700, rng.uniform(110, 190))
        xs = start + slant * ys
        add_power_way(np.stack([xs, ys, relief.height(xs, ys) - 0.5], axis=1), rng)
    tree = draw_conifer(rng, snow < 0) if rng.random() < 0.3 else draw_tree(rng, season)
    spots = scatter(rng, 80, wide, 400.0, 4.0)
    plant_at(
        tree, relief, spots[np.abs(spots[:, 0] - np.interp(spots[:, 1], line[:, 1], line[:, 0])) > wide / 2 + 4], rng
    )
    for _ in range(int(rng.integers(0, 5))):
        mesh, size = hall_mesh(rng, night)
        x = float(rng.choice([-1, 1]) * (wide / 2 + 12 + max(size) / 2 + rng.uniform(5, 90)))
        place(mesh, on_land(relief, x, float(rng.uniform(-50, 350)), 0.6), float(rng.choice([0, np.pi / 2])))
    if rng.random() < 0.2:
        add_crane(
            on_land(relief, float(rng.choice([-1, 1]) * rng.uniform(40, 120)), float(rng.uniform(40, 200)), 0.5),
            float(rng.random() * 6),
            rng,
        )
    stands = (
        Stand("dash camera", (1.75, 0), (3.5 * (lanes - 0.8), 120), (1.2, 2.4), 0, 12, (1, 3), 5),
        Stand("beside the road", (wide / 2 + 4, 0), (3, 90), (1.4, 2.0), 0, 180, (5, 7), 1.5),
        Stand("from a bridge", (0, 0), (wide * 0.4, 90), (6.5, 12), 0, 40, (-4, 5), 1),
        Stand("from a drone", (0, 0), (50, 90), (15, 80), 0, 180, (-8, 9), 0.8),
    )
    return Place(
        "highway at night" if night else "highway", relief, stands, night, {"season": season, "wet": wet > 0}
    )


def _sides(rng: np.random.Generator, relief: Relief, line: np.ndarray, wide: float) -> None:
    """Guard rails along both edges, and sometimes a barrier against noise, opaque or of glass."""
    draw = rng.random()
    for side in (-1, 1):
        x = line[:, 0] + side * (wide / 2 + 0.3)
        z = relief.height(x, line[:, 1])
        rail = Shape()
        path = np.stack([x, line[:, 1], z + 0.95], axis=1)
        rail.tube(path[::4], np.full(len(path[::4]), 0.12), 4)
        rail.boxes(path[::2] - [0, 0, 0.4], np.array([[0.1, 0.1, 0.9]]))
        mesh = mesh_of("guard rail", rail)
        mesh.materials.append(surfaces.paint("zinc", (0.5, 0.51, 0.52), 0.45, 0.0, 0.6))
        place(mesh)
        if draw < 0.25:
            high = rng.uniform(2, 5)
            wall = Shape()
            wall.boxes(np.stack([x + side * 1.5, line[:, 1], z + high / 2], axis=1), np.array([[0.15, 3.7, high]]))
            mesh = mesh_of("barrier", wall)
            mesh.materials.append(surfaces.panel_wall("barrier", facades.strong(rng), 0.6, rng))
            place(mesh)
