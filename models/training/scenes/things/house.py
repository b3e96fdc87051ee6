# SPDX-License-Identifier: GPL-3.0-or-later
"""A country house: rendered walls, a tiled saddle roof, windows, a door, a chimney, gutters and an aerial."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np

from .. import materials
from ..meshes import Shape, mesh_of, place
from .surfaces import glow

WALL, ROOF, FRAME, GLASS, BRICK, METAL, WOOD, STONE = range(8)


@dataclass(frozen=True)
class House:
    """Outer measures: `width` along the ridge (x), `depth` across it (y), in metres."""

    width: float = 11.0
    depth: float = 7.5
    eaves: float = 4.6
    ridge: float = 7.9
    overhang: float = 0.5
    wall: materials.Colour = (0.62, 0.57, 0.47)
    tiles: materials.Colour = (0.165, 0.075, 0.052)
    lit: bool = False


def add_house(house: House, location: tuple[float, float, float], turn: float) -> bpy.types.Object:
    """Place a house; its front is its -y side."""
    shape = Shape()
    _walls(shape, house)
    _roof(shape, house)
    _chimney_and_aerial(shape, house)
    front, back = -house.depth / 2, house.depth / 2
    for x in (-3.9, -1.4, 3.9):
        _window(shape, x, front, 1.55, -1)
    for x in (-3.9, -1.3, 1.3, 3.9):
        _window(shape, x, front, 3.75, -1, height=1.05)
        _window(shape, x, back, 1.55, 1)
    _door(shape, 1.35, front)
    for side in (-1, 1):
        for y in (-1.7, 1.7):
            _gable_window(shape, side * house.width / 2, y, 1.55, side)
        _gable_window(shape, side * house.width / 2, 0.0, 5.2, side, width=0.8, height=1.0)
    mesh = mesh_of("house", shape)
    for material in (
        materials.matt("render", house.wall, 0.22, 1.1),
        materials.roof_tiles("roof tiles", house.tiles),
        materials.matt("window frame", (0.70, 0.70, 0.67), 0.1, roughness=0.4),
        glow("lit window", (1.0, 0.6, 0.27), 1.2) if house.lit else materials.glass("window glass"),
        materials.matt("brick", (0.24, 0.10, 0.065), 0.5, 9.0),
        materials.matt("zinc", (0.22, 0.23, 0.24), 0.3, 4.0, 0.45),
        materials.matt("painted wood", (0.045, 0.085, 0.075), 0.25, 6.0, 0.5),
        materials.matt("stone", (0.26, 0.25, 0.23), 0.35, 5.0),
    ):
        mesh.materials.append(material)
    return place(mesh, location, turn)


def _walls(shape: Shape, house: House) -> None:
    w, d, e = house.width / 2, house.depth / 2, house.eaves
    top = house.ridge - 0.12
    corners = [(-w, -d, -1), (w, -d, -1), (w, d, -1), (-w, d, -1), (-w, -d, e), (w, -d, e), (w, d, e), (-w, d, e)]
    points = np.array([*corners, (-w, 0, top), (w, 0, top)], dtype=float)
    sides = [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (5, 6, 9, -1), (7, 4, 8, -1)]
    shape.add(points, np.array(sides), WALL)
    shape.box((0, 0, 0.0), (house.width + 0.08, house.depth + 0.08, 0.9), STONE)


def _roof(shape: Shape, house: House) -> None:
    w, d, o = house.width / 2 + house.overhang * 0.7, house.depth / 2, house.overhang
    pitch = (house.ridge - house.eaves) / d
    drop = house.eaves - o * pitch
    thick = np.array([0.0, 0.0, 0.16])
    for side in (-1, 1):
        edge = side * (d + o)
        plane = np.array([(-w, edge, drop), (w, edge, drop), (w, 0, house.ridge), (-w, 0, house.ridge)])
        box = np.concatenate([plane, plane + thick])
        sides = np.array([(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)])
        shape.add(box, sides if side < 0 else sides[:, ::-1], ROOF)
        gutter = np.array([(-w, edge + side * 0.07, drop + 0.04), (w, edge + side * 0.07, drop + 0.02)])
        shape.tube(gutter, np.array([0.065, 0.065]), 8, METAL)
        for x in (-w + 0.5, w - 0.5):
            pipe = [(x, edge, drop), (x, side * (d + 0.08), drop - 0.45), (x, side * (d + 0.08), 0.1)]
            shape.tube(np.array(pipe), np.full(3, 0.045), 8, METAL)
    shape.tube(np.array([(-w, 0, house.ridge + 0.13), (w, 0, house.ridge + 0.13)]), np.full(2, 0.13), 8, ROOF)


def _chimney_and_aerial(shape: Shape, house: House) -> None:
    x, y, top = -house.width * 0.22, 0.55, house.ridge + 1.25
    shape.box((x, y, house.ridge), (0.85, 0.6, 2.5), BRICK)
    shape.box((x, y, top), (1.0, 0.75, 0.12), STONE)
    for dx in (-0.2, 0.2):
        shape.tube(np.array([(x + dx, y, top), (x + dx, y, top + 0.42)]), np.array([0.12, 0.10]), 10, BRICK)
    mast = house.width * 0.30
    foot, head = house.ridge - 0.2, house.ridge + 2.3
    shape.tube(np.array([(mast, 0, foot), (mast, 0, head)]), np.full(2, 0.022), 6, METAL)
    shape.tube(np.array([(mast - 0.7, 0, head - 0.1), (mast + 0.7, 0, head - 0.1)]), np.full(2, 0.012), 5, METAL)
    for k in range(8):
        dx, half = -0.62 + 0.18 * k, 0.38 - 0.025 * k
        rod = np.array([(mast + dx, -half, head - 0.1), (mast + dx, half, head - 0.1)])
        shape.tube(rod, np.full(2, 0.006), 4, METAL)


def _window(shape: Shape, x: float, y: float, z: float, side: int, width: float = 1.05, height: float = 1.3) -> None:
    """A window in a front (side -1) or back (+1) wall, with a sill, a mullion and a bar across."""
    out = side * 0.03
    shape.box((x, y + out, z), (width, 0.05, height), GLASS)
    for dx in (-width / 2, 0.0, width / 2):
        shape.box((x + dx, y + out * 1.6, z), (0.075, 0.09, height + 0.075), FRAME)
    for dz in (-height / 2, height * 0.18, height / 2):
        shape.box((x, y + out * 1.6, z + dz), (width + 0.07, 0.088, 0.065), FRAME)
    shape.box((x, y + side * 0.09, z - height / 2 - 0.07), (width + 0.25, 0.24, 0.07), STONE)


def _gable_window(
    shape: Shape, x: float, y: float, z: float, side: int, width: float = 1.05, height: float = 1.3
) -> None:
    """The same in an end wall, at x."""
    out = side * 0.03
    shape.box((x + out, y, z), (0.05, width, height), GLASS)
    for dy in (-width / 2, 0.0, width / 2):
        shape.box((x + out * 1.6, y + dy, z), (0.09, 0.075, height + 0.075), FRAME)
    for dz in (-height / 2, height * 0.18, height / 2):
        shape.box((x + out * 1.6, y, z + dz), (0.088, width + 0.07, 0.065), FRAME)
    shape.box((x + side * 0.09, y, z - height / 2 - 0.07), (0.24, width + 0.25, 0.07), STONE)


def _door(shape: Shape, x: float, y: float) -> None:
    shape.box((x, y - 0.04, 1.4), (1.05, 0.1, 2.1), WOOD)
    for dx in (-0.56, 0.56):
        shape.box((x + dx, y - 0.05, 1.42), (0.1, 0.16, 2.2), FRAME)
    shape.box((x, y - 0.05, 2.5), (1.22, 0.16, 0.1), FRAME)
    shape.box((x, y - 0.11, 1.95), (0.5, 0.03, 0.55), GLASS)
    shape.box((x, y - 0.5, 0.2), (1.7, 1.0, 0.3), STONE)
