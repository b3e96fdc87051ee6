# SPDX-License-Identifier: GPL-3.0-or-later
"""Hills and mountains, green, rocky or white: slopes that fill the frame, ridges in the haze, a lone hut or mast."""

from __future__ import annotations

import numpy as np

from ..land.ground import Cover, add_ground
from ..land.relief import Relief
from ..land.road import add_road, asphalt, gravel
from ..meshes import place
from ..things.house import House, add_house
from ..things.masts import add_power_way, add_radio_mast
from ..things.people import person_mesh
from ..things.woods import draw_conifer, draw_tree, plant_at
from .place import Place, Stand, on_land, scatter


def build(rng: np.random.Generator, night: bool) -> Place:
    """A valley, a hillside or a snowfield."""
    snowfield = rng.random() < 0.45
    hillside = rng.random() < 0.55
    high = rng.random() < 0.6
    facing = float(rng.uniform(0, 2 * np.pi))
    relief = Relief(
        int(rng.integers(1 << 20)),
        bumps=float(rng.uniform(0.03, 0.3)),
        rolling=float(rng.uniform(1, 10)),
        rolling_size=float(rng.uniform(30, 140)),
        tilt=float(rng.uniform(0.15, 0.75)) if hillside else 0.0,
        facing=facing,
        far=float(rng.uniform(200, 1400)),
        rise=float(rng.uniform(300, 1500) if high else rng.uniform(40, 250)),
        rugged=float(rng.uniform(0.3, 1.0) if high else rng.uniform(0, 0.3)),
        open_fraction=float(rng.uniform(0, 0.5)),
    )
    lines = {True: -500.0, False: float(rng.choice([1e9, rng.uniform(150, 700)], p=[0.4, 0.6]))}
    greens = ((0.06, 0.085, 0.022), (0.10, 0.095, 0.035), (0.05, 0.10, 0.02), (0.14, 0.12, 0.06))
    low = greens[int(rng.integers(4))]
    rocks = ((0.19, 0.175, 0.16), (0.28, 0.26, 0.23), (0.12, 0.11, 0.11), (0.26, 0.17, 0.11), (0.42, 0.40, 0.36))
    add_ground(
        relief,
        Cover(
            low=low, high=tuple(min(1.0, c * 1.9) for c in low), rock=rocks[int(rng.integers(5))],
            rock_slope=float(rng.uniform(0.5, 1.0)), snow_line=lines[snowfield],
            fields=(0.16, 0.15, 0.05) if not high and not snowfield else None,
            woods=float(rng.choice([0.0, 0.35, 0.6])),
            snow=(0.84, 0.87, 0.92) if rng.random() < 0.5 else (0.9, 0.9, 0.9),
            grain=float(rng.uniform(0.8, 3.0)),
        ),
    )  # fmt: skip
    season = "winter" if snowfield else "summer"
    draw = rng.random()
    if draw < 0.75:
        for _ in range(int(rng.integers(1, 3))):
            tree = (
                draw_conifer(rng, snowfield and rng.random() < 0.6) if rng.random() < 0.7 else draw_tree(rng, season)
            )
            plant_at(tree, relief, scatter(rng, int(rng.integers(4, 90)), 12.0, 260.0, 2.5), rng)
    if rng.random() < 0.4:
        y = np.linspace(-220, 220, 160)
        line = np.stack([12 * np.sin(y / float(rng.uniform(30, 90))) - 12 * np.sin(0), y], axis=1)
        road = asphalt(rng, True) if rng.random() < 0.6 else gravel((0.25, 0.22, 0.17))
        add_road(line, 6.5, relief.height, road)
    if rng.random() < 0.35:
        x, y0 = (float(c) for c in scatter(rng, 1, 18.0, 70.0)[0])
        wall = tuple(float(c) for c in rng.choice([[0.62, 0.57, 0.47], [0.8, 0.8, 0.78], [0.12, 0.07, 0.04]]))
        add_house(
            House(wall=wall, tiles=(0.8, 0.82, 0.86) if snowfield else (0.165, 0.075, 0.052)),
            on_land(relief, x, y0, 0.8),
            float(rng.random() * 6),
        )
    if rng.random() < 0.3:
        add_radio_mast(on_land(relief, *(float(c) for c in scatter(rng, 1, 30.0, 120.0)[0])), rng)
    if rng.random() < 0.3:
        step, start = rng.uniform(90, 180), rng.uniform(-60, 60)
        turn = float(rng.random() * 6.28)
        along = np.arange(-4, 5) * step
        x, y1 = start * np.cos(turn) - along * np.sin(turn), start * np.sin(turn) + along * np.cos(turn)
        add_power_way(np.stack([x, y1, relief.height(x, y1) - 0.5], axis=1), rng)
    for _ in range(int(rng.integers(0, 6))):
        x, y2 = (float(c) for c in scatter(rng, 1, 4.0, 30.0)[0])
        place(person_mesh(rng), on_land(relief, x, y2, 0.03), float(rng.random() * 6))
    uphill = 90.0 - float(np.degrees(facing))
    stands = [
        Stand("on foot", (0, 0), (25, 25), (1.4, 1.9), 0, 180, (5, 8), 3),
        Stand("from a drone", (0, 0), (60, 60), (8, 70), 0, 180, (-8, 10), 1.2),
        Stand("at the ground", (0, 0), (25, 25), (1.2, 1.9), 0, 180, (-18, 9), 0.5),
    ]
    if hillside:
        stands.append(Stand("up the slope", (0, 0), (40, 40), (1.3, 1.9), uphill, 60, (12, 9), 3))
    return Place(
        "mountains" if high else "hills", relief, tuple(stands), night, {"snow": snowfield, "hillside": hillside}
    )
