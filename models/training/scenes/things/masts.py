# SPDX-License-Identifier: GPL-3.0-or-later
"""Lattices against the sky: tower cranes, pylons with their wires, radio masts."""

from __future__ import annotations

from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import NDArray

from ..materials import Colour, matt
from ..meshes import Shape, mesh_of, place

Float64Array = NDArray[np.float64]


def lattice(
    shape: Shape,
    start: Float64Array,
    end: Float64Array,
    wide: tuple[float, float],
    bays: int,
    thick: float,
    slot: int = 0,
) -> None:
    """A square lattice beam from `start` to `end`, `wide` metres at either end, braced in zigzag."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    along = (end - start) / np.linalg.norm(end - start)
    helper = np.eye(3)[np.argmin(np.abs(along))]
    side = np.cross(along, helper)
    side /= np.linalg.norm(side)
    up = np.cross(along, side)
    t = np.linspace(0, 1, bays + 1)
    middle = start + (end - start) * t[:, None]
    half = (wide[0] + (wide[1] - wide[0]) * t)[:, None] / 2
    corners = [middle + half * (a * side + b * up) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    for k, chord in enumerate(corners):
        shape.tube(chord[[0, -1]], np.full(2, thick), 4, slot)
        other = corners[(k + 1) % 4]
        zigzag = np.where((np.arange(bays + 1) % 2 == 0)[:, None], chord, other)
        for p, q in pairwise(zigzag):
            shape.tube(np.array([p, q]), np.full(2, thick * 0.6), 3, slot)


def add_crane(location: tuple[float, float, float], turn: float, rng: np.random.Generator) -> None:
    """A tower crane: mast, jib, counter-jib with its weight, cab, tie bars and a hanging hook."""
    high, reach = rng.uniform(28, 65), rng.uniform(28, 60)
    back = reach * 0.3
    shape = Shape()
    lattice(shape, np.zeros(3), np.array([0, 0, high]), (1.8, 1.8), int(high / 1.9), 0.10)
    lattice(shape, np.array([0, 0, high + 0.8]), np.array([reach, 0, high + 1.2]), (1.4, 0.8), int(reach / 1.5), 0.07)
    lattice(shape, np.array([0, 0, high + 0.8]), np.array([-back, 0, high + 0.8]), (1.4, 1.4), int(back / 1.5), 0.08)
    lattice(shape, np.array([0, 0, high]), np.array([0, 0, high + 7]), (1.6, 0.3), 5, 0.09)
    top = np.array([0, 0, high + 7.0])
    for x in (reach * 0.45, reach * 0.85, -back * 0.9):
        shape.tube(np.array([top, (x, 0, high + 1.8)]), np.full(2, 0.045), 4)
    shape.box((-back + 1.5, 0, high - 0.6), (2.6, 1.2, 2.6), 1)
    shape.box((1.2, 1.4, high - 0.4), (1.5, 1.3, 2.0), 2)
    trolley = rng.uniform(0.3, 0.9) * reach
    hook = high - rng.uniform(5, high * 0.8)
    shape.box((trolley, 0, high + 0.2), (1.2, 1.2, 0.5), 2)
    for y in (-0.25, 0.25):
        shape.tube(np.array([(trolley, y, high), (trolley, y, hook)]), np.full(2, 0.025), 3, 3)
    shape.box((trolley, 0, hook), (0.5, 0.4, 0.7), 3)
    mesh = mesh_of("crane", shape)
    paints: tuple[Colour, ...] = ((0.75, 0.42, 0.02), (0.7, 0.7, 0.68), (0.55, 0.05, 0.03), (0.10, 0.22, 0.5))
    for name, colour in (
        ("crane", paints[int(rng.integers(4))]),
        ("concrete", (0.4, 0.4, 0.38)),
        ("cab", (0.7, 0.7, 0.7)),
        ("rope", (0.05, 0.05, 0.05)),
    ):
        mesh.materials.append(matt(name, colour, 0.3, 3.0, 0.5))
    place(mesh, location, turn)


def pylon_mesh(high: float, rng: np.random.Generator) -> tuple[bpy.types.Mesh, Float64Array]:
    """A pylon of galvanised steel and its hooks for wires (n, 3); its arms lie along x."""
    shape = Shape()
    waist = high * 0.68
    lattice(shape, np.zeros(3), np.array([0, 0, waist]), (high * 0.2, high * 0.05), 9, 0.09)
    lattice(shape, np.array([0, 0, waist]), np.array([0, 0, high]), (high * 0.05, 0.3), 6, 0.07)
    hooks = [(0.0, 0.0, high)]
    for z, reach in ((waist + 0.5, high * 0.2), (high * 0.82, high * 0.15)):
        for side in (-1, 1):
            tip = np.array([side * reach, 0, z + 0.3])
            lattice(shape, np.array([0, 0, z]), tip, (high * 0.045, 0.2), 5, 0.05)
            hang = tip - [0, 0, 2.2]
            shape.tube(np.array([tip, hang]), np.full(2, 0.09), 5)
            hooks.append(tuple(hang))
    mesh = mesh_of("pylon", shape)
    mesh.materials.append(matt("galvanised steel", (0.33, 0.34, 0.35), 0.25, 2.0, 0.5))
    return mesh, np.array(hooks)


def add_power_way(feet: Float64Array, rng: np.random.Generator) -> None:
    """A row of pylons at `feet` (n, 3) and the wires between them."""
    high = rng.uniform(24, 48)
    mesh, hooks = pylon_mesh(high, rng)
    rows = []
    for index, foot in enumerate(feet):
        ahead = feet[min(index + 1, len(feet) - 1)] - feet[max(index - 1, 0)]
        turn = float(np.arctan2(ahead[1], ahead[0]) - np.pi / 2)
        place(mesh, tuple(foot), turn)
        spin = np.array([(np.cos(turn), -np.sin(turn), 0), (np.sin(turn), np.cos(turn), 0), (0, 0, 1)])
        rows.append(hooks @ spin.T + foot)
    wires(rows, rng.uniform(0.02, 0.05), 0.022)


def wires(rows: list[Float64Array], sag: float, radius: float) -> None:
    """Wires between neighbouring rows of hooks (m, 3); `sag` is a share of the span."""
    shape = Shape()
    t = np.linspace(0, 1, 24)[:, None]
    for left, right in pairwise(rows):
        for start, end in zip(left, right, strict=True):
            wire = start + (end - start) * t
            wire[:, 2:] -= 4 * sag * np.linalg.norm(end - start) * t * (1 - t)
            shape.tube(wire, np.full(len(t), radius), 3)
    mesh = mesh_of("wires", shape, smooth=True)
    mesh.materials.append(matt("wire", (0.04, 0.04, 0.042), 0.1, 5.0, 0.5))
    place(mesh)


def add_radio_mast(location: tuple[float, float, float], rng: np.random.Generator) -> None:
    """A slender lattice mast in red and white, with aerials and guys."""
    high = rng.uniform(18, 60)
    shape = Shape()
    bands = 7
    for k in range(bands):
        low, top = high * k / bands, high * (k + 1) / bands
        lattice(shape, np.array([0, 0, low]), np.array([0, 0, top]), (0.9, 0.9), 6, 0.05, k % 2)
    shape.tube(np.array([(0, 0, high), (0, 0, high + 5)]), np.array([0.05, 0.02]), 5, 1)
    for _ in range(6):
        around, z = rng.random() * 6.28, high * rng.uniform(0.7, 0.98)
        shape.box((0.7 * np.cos(around), 0.7 * np.sin(around), z), (0.3, 0.3, 1.8), 1)
    for k in range(3):
        a = k * 2.094
        foot = np.array([np.cos(a), np.sin(a), 0]) * high * 0.5
        shape.tube(np.array([foot, (0, 0, high * 0.9)]), np.full(2, 0.015), 3, 2)
    mesh = mesh_of("radio mast", shape)
    for name, colour in (("red", (0.5, 0.04, 0.03)), ("white", (0.75, 0.75, 0.75)), ("guy", (0.1, 0.1, 0.1))):
        mesh.materials.append(matt(name, colour, 0.2, 3.0, 0.5))
    place(mesh, location)
