# SPDX-License-Identifier: GPL-3.0-or-later
"""Works and building sites: white and blue halls, tanks, chimneys, cranes, containers, masts, fences."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.road import add_road, asphalt
from ..meshes import Shape, mesh_of, place
from ..things import facades, surfaces
from ..things.flags import add_flags
from ..things.lamps import add_posts
from ..things.masts import add_crane, add_power_way, add_radio_mast
from ..things.traffic import draw_fleet, drive
from ..things.works import add_chimney, add_tanks, hall_mesh
from .place import Place, Stand


def build(rng: np.random.Generator, night: bool) -> Place:
    """A yard along y between halls."""
    relief = Relief(
        int(rng.integers(1 << 20)),
        flat=400.0,
        bumps=0.0,
        rolling=4.0,
        rise=float(rng.choice([0.0, 150.0])),
        far=900.0,
    )
    level = float(rng.uniform(0.12, 0.35))
    add_ground(
        relief,
        Cover(low=(level, level * 0.96, level * 0.9), high=(level * 1.4, level * 1.35, level * 1.25), woods=0.3),
    )
    wide = float(rng.uniform(12, 40))
    y = np.linspace(-160, 220, 80)
    line = np.stack([0 * y, y], axis=1)
    add_road(line, min(wide, 14.0), relief.height, asphalt(rng, rng.random() < 0.4, float(rng.random() < 0.3) * 0.7))
    for side in (-1, 1):
        at = -140.0
        while at < 200:
            mesh, (broad, deep) = hall_mesh(rng, night)
            draw = rng.random()
            x = side * (wide / 2 + deep / 2)
            if draw < 0.6:
                place(mesh, (x, at + broad / 2, -0.1), np.pi / 2)
            elif draw < 0.75:
                add_tanks((side * (wide / 2 + 9), at + 8, 0.0), rng)
            elif draw < 0.85:
                _containers(rng, (side * (wide / 2 + 5), at + 5))
            at += (broad if draw < 0.6 else 22.0) + float(rng.uniform(2, 14))
    for _ in range(int(rng.integers(0, 3))):
        add_chimney(
            (float(rng.choice([-1, 1]) * rng.uniform(wide, wide + 80)), float(rng.uniform(-80, 160)), 0.0), rng
        )
    for _ in range(int(rng.integers(0, 4))):
        add_crane(
            (float(rng.choice([-1, 1]) * rng.uniform(wide * 0.6, 90)), float(rng.uniform(-80, 160)), 0.0),
            float(rng.random() * 6),
            rng,
        )
    if rng.random() < 0.4:
        add_radio_mast((float(rng.choice([-1, 1]) * rng.uniform(wide, 90)), float(rng.uniform(-40, 120)), 0.0), rng)
    if rng.random() < 0.4:
        ys = np.arange(-300, 400, 110.0)
        add_power_way(np.stack([0 * ys + rng.uniform(-90, 90), ys, 0 * ys], axis=1), rng)
    if rng.random() < 0.3:
        add_flags(np.array([(wide * 0.35, 3.0 * k, 0.0) for k in range(int(rng.integers(1, 5)))]), rng)
    if night or rng.random() < 0.5:
        ys = np.arange(-100, 180, 32.0)
        add_posts(np.stack([0 * ys + wide / 2 - 1, ys, 0 * ys], axis=1), np.zeros(len(ys)), night, rng)
    drive(draw_fleet(rng, 4, night, ("lorry", "van", "car", "lorry")), line, (2.2, -2.2), relief.height, 35.0, rng)
    _fence(rng, wide)
    stands = (
        Stand("in the yard", (0, 0), (wide / 2 - 1, 90), (1.4, 2.2), 0, 180, (6, 8), 3),
        Stand("at a wall", (0, 0), (wide / 2 - 1, 90), (1.4, 1.9), 90, 60, (2, 6), 0.8),
        Stand("upwards", (0, 0), (wide / 2 - 1, 90), (1.4, 1.8), 0, 180, (28, 13), 1.2),
        Stand("from a drone", (0, 0), (60, 90), (15, 70), 0, 180, (-10, 10), 1),
    )
    return Place("industry at night" if night else "industry", relief, stands, night, {})


def _containers(rng: np.random.Generator, at: tuple[float, float]) -> None:
    """Stacks of shipping containers."""
    colours = [surfaces.panel_wall("container", facades.strong(rng), 0.5, rng) for _ in range(3)]
    colours.append(surfaces.panel_wall("container", facades.pale(rng), 0.5, rng))
    for k in range(int(rng.integers(2, 5))):
        for level in range(int(rng.integers(1, 5))):
            shape = Shape()
            shape.box((0, 0, 1.3), (2.44, 6.06 * int(rng.integers(1, 3)), 2.58))
            mesh = mesh_of("container", shape)
            mesh.materials.append(colours[int(rng.integers(4))])
            place(mesh, (at[0] + 2.6 * k, at[1], 2.6 * level))


def _fence(rng: np.random.Generator, wide: float) -> None:
    """A fence of thin bars along the yard: much sky shows between them."""
    if rng.random() < 0.4:
        return
    shape = Shape()
    x, high = wide * float(rng.uniform(0.2, 0.45)), float(rng.uniform(1.6, 3.0))
    ys = np.arange(-40, 80, float(rng.uniform(0.11, 0.3)))
    shape.boxes(np.stack([0 * ys + x, ys, 0 * ys + high / 2], axis=1), np.array([[0.02, 0.02, high]]))
    for z in (0.2, high * 0.6, high - 0.05):
        shape.box((x, 20, z), (0.03, 120, 0.05))
    posts = np.arange(-40, 80, 2.5)
    shape.boxes(np.stack([0 * posts + x, posts, 0 * posts + high / 2], axis=1), np.array([[0.07, 0.07, high + 0.1]]))
    mesh = mesh_of("bar fence", shape)
    mesh.materials.append(surfaces.paint("bars", facades.strong(rng), 0.5, 0.1))
    place(mesh)
