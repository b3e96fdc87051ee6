# SPDX-License-Identifier: GPL-3.0-or-later
"""Which layers make up a landscape."""

from __future__ import annotations

import numpy as np

from . import buildings, land, plants, things
from .canvas import SIZE, Canvas
from .textures import Photographs

Random = np.random.Generator


def cut_out(seed: int, photographs: Photographs) -> np.ndarray:
    """The landscape of a seed, (SIZE, SIZE, 7) 8-bit: see :meth:`.canvas.Canvas.packed`."""
    random = np.random.default_rng(seed)
    canvas = Canvas.empty()
    horizon = SIZE * random.uniform(0.25, 1.0)
    kinds = [_town, _street, _hills, _shore, _wood, _forest, _wall, _photographed, _plain]
    weights = [0.1, 0.14, 0.16, 0.15, 0.1, 0.17, 0.06, 0.07, 0.05]
    kinds[random.choice(len(kinds), p=weights)](random, canvas, horizon, photographs)
    _in_front(random, canvas, photographs)
    return canvas.packed()


def _town(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    if random.random() < 0.4:
        land.ridges(random, canvas, horizon, photographs)
    buildings.skyline(random, canvas, horizon, photographs)
    land.ground(random, canvas, horizon, photographs)
    _maybe(random, 0.4, plants.hedge, canvas, horizon)


def _street(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    if random.random() < 0.5:
        buildings.skyline(random, canvas, horizon, photographs)
    land.ground(random, canvas, horizon, photographs)
    buildings.street(random, canvas, horizon, photographs)
    _maybe(random, 0.4, things.lamps, canvas)


def _hills(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    land.ridges(random, canvas, horizon, photographs)
    if random.random() < 0.7:
        land.ground(random, canvas, horizon, photographs)
    _maybe(random, 0.4, plants.hedge, canvas, horizon)


def _shore(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    if random.random() < 0.5:
        land.ridges(random, canvas, horizon, photographs)
    if random.random() < 0.3:
        buildings.skyline(random, canvas, horizon, photographs)
    land.water(random, canvas, min(horizon, SIZE * random.uniform(0.3, 1)), photographs)


def _wood(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    land.ground(random, canvas, max(horizon, SIZE * 0.5), photographs)
    _maybe(random, 0.6, plants.hedge, canvas, horizon)
    if random.random() < 0.55:
        plants.canopy(random, canvas)
    for _ in range(int(random.integers(0, 3))):
        plants.tree(random, canvas)


def _forest(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    plants.thicket(random, canvas)
    land.ground(random, canvas, SIZE * random.uniform(0.45, 0.95), photographs)
    if random.random() < 0.3:
        plants.tree(random, canvas)


def _wall(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    buildings.wall(random, canvas, photographs)


def _photographed(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    """Real surfaces under a drawn skyline."""
    from . import shapes

    line = shapes.rough_line(random, horizon * 0.8, SIZE * random.uniform(0.0, 0.5), random.uniform(0.3, 0.65))
    canvas.lay(shapes.below(line), photographs.draw(random))
    for _ in range(int(random.integers(0, 3))):
        things.patch(random, canvas, photographs)


def _plain(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    land.ground(random, canvas, horizon, photographs)
    _maybe(random, 0.3, plants.grass, canvas)


def _in_front(random: Random, canvas: Canvas, photographs: Photographs) -> None:
    for _ in range(int(random.choice([0, 0, 1, 2, 3]))):
        plants.tree(random, canvas)
    _maybe(random, 0.25, things.poles_and_wires, canvas)
    _maybe(random, 0.12, things.lattice, canvas)
    _maybe(random, 0.1, things.lamps, canvas)
    _maybe(random, 0.05, things.fence, canvas)
    _maybe(random, 0.2, things.vehicle, canvas, photographs)
    _maybe(random, 0.15, things.person, canvas, photographs)
    _maybe(random, 0.08, things.flying, canvas)
    _maybe(random, 0.1, things.patch, canvas, photographs)
    _maybe(random, 0.05, plants.grass, canvas)


def _maybe(random: Random, chance: float, thing, *arguments) -> None:  # type: ignore[no-untyped-def]
    if random.random() < chance:
        thing(random, *arguments)
