# SPDX-License-Identifier: GPL-3.0-or-later
"""A street between facades, by day or night: offices, glass towers, vehicles, lamps, people, trees, cranes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.road import add_road, asphalt, paving
from ..materials import Colour, matt
from ..meshes import place
from ..things import facades, surfaces
from ..things.facades import Looks, add_building, draw_style
from ..things.lamps import add_posts, sign_mesh, signal_mesh
from ..things.masts import add_crane, wires
from ..things.people import person_mesh
from ..things.vehicles import vehicle_colour, vehicle_mesh
from ..things.woods import draw_tree, plant_at
from .place import Place, Stand

_KINDS = {
    "old town": ({"old": 0.8, "flats": 0.2}, (7, 22), (6, 14)),
    "suburb": ({"flats": 0.8, "office": 0.2}, (9, 40), (14, 26)),
    "downtown": ({"office": 0.35, "tower": 0.5, "flats": 0.15}, (20, 130), (14, 34)),
    "mixed": ({"old": 0.3, "flats": 0.3, "office": 0.25, "tower": 0.15}, (8, 60), (10, 24)),
}


def draw_looks(rng: np.random.Generator, kind: str, white: float, lit: float) -> Looks:
    """Materials for a building of `kind`; `white` is the chance of a pale front, `lit` the share of lit windows."""
    colour = facades.pale(rng) if rng.random() < white else facades.strong(rng)
    draw = rng.random()
    if kind in ("office", "tower"):
        wall = surfaces.panel_wall("panels", colour, rng.uniform(0.25, 0.7), rng)
    elif kind == "old" and draw < 0.25:
        wall = surfaces.brick_wall("brick", facades.strong(rng))
    else:
        wall = surfaces.rendered_wall("render", colour, rng.uniform(0.05, 0.4))
    mirror = rng.uniform(0.35, 0.95) if kind == "tower" else rng.uniform(0.0, 0.5) if kind == "office" else 0.0
    tints: tuple[Colour, ...] = (
        (0.85, 0.9, 0.95),
        (0.55, 0.7, 0.85),
        (0.55, 0.75, 0.7),
        (0.8, 0.65, 0.45),
        (0.3, 0.35, 0.4),
    )
    tint = tints[int(rng.integers(len(tints)))]
    trim: Colour = facades.pale(rng) if rng.random() < 0.6 else facades.strong(rng)
    roof: Colour = ((0.16, 0.07, 0.05), (0.06, 0.065, 0.075), (0.2, 0.19, 0.18))[int(rng.integers(3))]
    shop = (
        surfaces.glow("sign", facades.strong(rng), rng.uniform(1, 5))
        if lit > 0
        else surfaces.paint("sign", facades.strong(rng))
    )
    parts = (
        wall, matt("trim", trim, 0.2, 2.0), matt("roof", roof, 0.3, 1.5),
        matt("metal", (0.3, 0.31, 0.32), 0.2, 2.0, 0.45),
        surfaces.paint("railing", facades.strong(rng), 0.4, 0.2), shop,
    )  # fmt: skip
    return Looks(parts, surfaces.panes("panes", rng, mirror, lit, tint))


def build(rng: np.random.Generator, night: bool) -> Place:
    """A straight street along y through the origin, with one crossing."""
    kind = str(rng.choice(list(_KINDS)))
    fractions, heights, widths = _KINDS[kind]
    lit = float(rng.uniform(0.1, 0.6)) if night else 0.0
    relief = Relief(int(rng.integers(1 << 20)), flat=700.0, bumps=0, rolling=3.0)
    add_ground(relief, Cover(low=(0.13, 0.13, 0.13), high=(0.22, 0.21, 0.2)))
    wide = float(rng.uniform(*widths))
    wet = float(rng.choice([0.0, 0.8], p=[0.7, 0.3]))
    height: Callable = relief.height
    line = np.stack([np.zeros(60), np.linspace(-260, 260, 60)], axis=1)
    add_road(line, wide, height, asphalt(rng, marked=rng.random() < 0.7, wet=wet, lane=wide * 0.3))
    pavement = paving(rng, wet)
    walk = float(rng.uniform(1.8, 5.0))
    crossing = float(rng.uniform(-60, 90))
    cross_wide = float(rng.uniform(8, 22))
    for side in (-1, 1):
        x = side * (wide / 2 + walk / 2)
        add_road(np.stack([np.full(60, x), line[:, 1]], axis=1), walk, height, pavement, 0.17)
    across = np.stack([np.linspace(-200, 200, 40), np.full(40, crossing)], axis=1)
    add_road(across, cross_wide, height, asphalt(rng, False, wet), 0.19)

    white = float(rng.choice([0.25, 0.5, 0.9]))
    looks = {k: [draw_looks(rng, k, white, lit) for _ in range(4)] for k in fractions}
    base = float(rng.uniform(*heights))
    front = wide / 2 + walk
    gap = cross_wide / 2 + walk
    for side in (-1, 1):
        for start, end in ((-190.0, crossing - gap), (crossing + gap, 210.0)):
            _row(rng, side, front, start, end, (looks, fractions, heights, base))
    _skyline(rng, looks, fractions, heights, front)
    _furniture(rng, wide, walk, night, relief)
    stands = (
        Stand("pavement", (0, 0), (front - 0.8, 70), (1.4, 1.9), 0, 180, (9, 9), 3),
        Stand(
            "along the street",
            (0, -20),
            (wide * 0.4, 90),
            (1.1, 2.6),
            0 if rng.random() < 0.5 else 180,
            25,
            (5, 5),
            3,
        ),
        Stand("at a wall", (0, 0), (front - 0.5, 70), (1.5, 1.8), 90, 40, (0, 6), 0.8),
        Stand("from a window", (0, 0), (wide * 0.45, 60), (5, 20), 0, 180, (-4, 10), 1),
        Stand("from a drone", (0, 0), (60, 90), (25, 90), 0, 180, (-12, 12), 0.8),
        Stand("upwards", (0, 0), (wide * 0.45, 60), (1.4, 1.8), 0, 180, (35, 14), 1),
    )
    return Place("city at night" if night else "city", relief, stands, night, {"district": kind, "wet": wet > 0})


def _row(
    rng: np.random.Generator, side: int, front: float, start: float, end: float, town: tuple[dict, dict, tuple, float]
) -> None:
    """Buildings shoulder to shoulder along one side, from y = `start` to `end`."""
    looks, fractions, heights, base = town
    y = start
    while y < end - 6:
        broad = float(min(rng.uniform(8, 32), end - y))
        which = str(rng.choice(list(fractions), p=list(fractions.values())))
        high = float(np.clip(base * np.exp(rng.normal(0, 0.35)), *heights)) * (1.6 if which == "tower" else 1)
        deep = float(rng.uniform(9, 24))
        back = float(rng.choice([0.0, rng.uniform(1, 8)], p=[0.75, 0.25]))
        if rng.random() > 0.06:
            centre = (side * (front + back + deep / 2), y + broad / 2, 0.0)
            # The front of a building is its -y side, which must face the street.
            chosen = looks[which][int(rng.integers(4))]
            add_building(draw_style(rng, which), chosen, (broad, deep, high), centre, -side * np.pi / 2, rng)
        y += broad + float(rng.choice([0.0, rng.uniform(0.5, 6)], p=[0.75, 0.25]))


def _skyline(rng: np.random.Generator, looks: dict, fractions: dict, heights: tuple, front: float) -> None:
    for _ in range(int(rng.integers(8, 30))):
        which = str(rng.choice(list(fractions), p=list(fractions.values())))
        x, y = float(rng.uniform(-260, 260)), float(rng.uniform(-420, 420))
        if abs(x) < front + 55 and abs(y) < 230:
            continue
        size = (*rng.uniform(14, 40, 2), float(rng.uniform(heights[0], heights[1] * 1.5)))
        add_building(
            draw_style(rng, which), looks[which][int(rng.integers(4))], size, (x, y, 0), float(rng.random() * 6), rng
        )
    for _ in range(int(rng.choice([0, 1, 2, 3], p=[0.45, 0.3, 0.15, 0.1]))):
        side = rng.choice([-1, 1])
        add_crane(
            (float(side * (front + rng.uniform(25, 90))), float(rng.uniform(-150, 180)), 0),
            float(rng.random() * 6.28),
            rng,
        )


def _furniture(rng: np.random.Generator, wide: float, walk: float, night: bool, relief: Relief) -> None:
    ys = np.arange(-160, 200, rng.uniform(18, 35)) + rng.uniform(0, 10)
    sides = np.where(np.arange(len(ys)) % 2 == 0, -1, 1) if rng.random() < 0.6 else np.ones(len(ys), int)
    feet = np.stack([sides * (wide / 2 + 0.5), ys, np.full(len(ys), 0.17)], axis=1)
    add_posts(feet, np.where(sides > 0, 0.0, np.pi), night, rng)
    fleet = [
        vehicle_mesh(
            str(rng.choice(["car", "car", "hatchback", "van", "bus", "lorry"])), vehicle_colour(rng), night, rng
        )
        for _ in range(6)
    ]
    for side in (-1, 1):
        for y in np.arange(-120, 150, 6.2):
            mesh = fleet[int(rng.integers(6))]
            if rng.random() < 0.4 and mesh.name.split(".")[0] in ("car", "hatchback", "van"):
                place(mesh, (side * (wide / 2 - 1.1), y + float(rng.uniform(-0.5, 0.5)), 0.05), side * np.pi / 2)
            elif rng.random() < 0.1:
                place(mesh, (side * wide * 0.22, y, 0.05), side * np.pi / 2)
    crowd = [person_mesh(rng) for _ in range(4)]
    for _ in range(int(rng.integers(2, 30))):
        x = rng.choice([-1, 1]) * (wide / 2 + rng.uniform(0.3, walk - 0.2))
        place(crowd[int(rng.integers(4))], (float(x), float(rng.uniform(-60, 80)), 0.17), float(rng.random() * 6.28))
    for _ in range(int(rng.integers(2, 9))):
        x = rng.choice([-1, 1]) * (wide / 2 + 0.4)
        mesh = sign_mesh(rng) if rng.random() < 0.7 else signal_mesh(night, rng)
        place(mesh, (float(x), float(rng.uniform(-60, 80)), 0.17), float(rng.choice([0, np.pi])))
    if rng.random() < 0.45:
        tree = draw_tree(rng, str(rng.choice(["summer", "autumn", "winter"])))
        spots = np.array(
            [(s * (wide / 2 + walk * 0.4), y) for y in np.arange(-90, 120, rng.uniform(9, 22)) for s in (-1, 1)]
        )
        plant_at(tree, relief, spots[rng.random(len(spots)) < 0.6], rng, (0.45, 0.8))
    if rng.random() < 0.35:
        high = float(rng.uniform(5.5, 8))
        rows = [
            np.array([(-wide * 0.2, y, high), (wide * 0.2, y, high), (0.4, y, high + 0.6)])
            for y in np.arange(-120, 160, 28.0)
        ]
        wires(rows, 0.004, 0.012)
        for y in np.arange(-120, 160, 28.0):
            reach = wide / 2 + walk
            wires([np.array([(-reach, y, high + 0.9)]), np.array([(reach, y, high + 0.9)])], 0.01, 0.01)
