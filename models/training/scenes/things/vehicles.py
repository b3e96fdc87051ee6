# SPDX-License-Identifier: GPL-3.0-or-later
"""Cars, vans, lorries and buses: a profile drawn out sideways, windows, lamps and wheels."""

from __future__ import annotations

import bpy
import numpy as np

from .. import materials
from ..materials import Colour
from ..meshes import Shape, mesh_of
from .surfaces import glow, paint

BODY, GLASS, TYRE, RIM, FRONT_LAMP, TAIL_LAMP, LOAD = range(7)

# Side views as (x, z) from the front bumper along the roof to the tail, in shares of the length and the height,
# then length, height and width in metres.
_PROFILES = {
    "car": (
        [(0, 0.18), (0, 0.5), (0.25, 0.6), (0.4, 0.97), (0.62, 1), (0.85, 0.95), (0.97, 0.62), (1, 0.55), (1, 0.18)],
        4.4, 1.5, 1.8,
    ),
    "hatchback": (
        [(0, 0.18), (0.01, 0.48), (0.2, 0.58), (0.36, 0.96), (0.6, 1), (0.93, 0.93), (1, 0.6), (1, 0.18)],
        4.0, 1.52, 1.75,
    ),
    "van": (
        [(0, 0.14), (0, 0.4), (0.1, 0.5), (0.22, 0.93), (0.3, 1), (0.98, 1), (1, 0.95), (1, 0.14)],
        5.6, 2.5, 2.0,
    ),
    "bus": ([(0, 0.1), (0, 0.45), (0.02, 0.95), (0.05, 1), (0.98, 1), (1, 0.95), (1, 0.1)], 11.5, 3.1, 2.55),
    "lorry": ([(0, 0.12), (0, 0.5), (0.03, 0.85), (0.06, 0.9), (0.24, 0.9), (0.25, 0.12)], 9.0, 3.3, 2.5),
}  # fmt: skip


def vehicle_mesh(kind: str, colour: Colour, night: bool, rng: np.random.Generator) -> bpy.types.Mesh:
    """One vehicle that stands on z = 0 and faces -x; kinds are car, hatchback, van, bus and lorry."""
    profile, long, high, wide = _PROFILES[kind]
    long, high = long * rng.uniform(0.93, 1.08), high * rng.uniform(0.95, 1.05)
    shape = Shape()
    side = np.array([((x - 0.5) * long, z * high) for x, z in profile])
    _draw_out(shape, side, wide, BODY, waist=0.58 * high if kind in ("car", "hatchback") else None)
    _windows(shape, kind, side, long, high, wide)
    if kind == "lorry":
        shape.box((0.14 * long, 0, 0.58 * high), (0.7 * long, wide, 0.8 * high), LOAD)
        shape.box((0.1 * long, 0, 0.2 * high), (0.78 * long, wide * 0.7, 0.12 * high), TYRE)
    radius = 0.32 if high < 2 else 0.36 if kind == "van" else 0.48
    axles = [-0.31, 0.30] if kind != "lorry" else [-0.38, 0.2, 0.36]
    for x in axles:
        for y in (-wide / 2 + 0.08, wide / 2 - 0.08):
            _wheel(shape, x * long, y, radius)
    for y in (-wide * 0.36, wide * 0.36):
        shape.box((-long / 2 - 0.005, y, 0.42 * min(high, 2.0)), (0.05, 0.32, 0.14), FRONT_LAMP)
        shape.box((long / 2 + 0.005, y, 0.5 * min(high, 2.0)), (0.05, 0.22, 0.18), TAIL_LAMP)
    mesh = mesh_of(kind, shape)
    metal = float(rng.random() < 0.5) * 0.5
    load = (0.75, 0.75, 0.73) if rng.random() < 0.6 else colour
    for material in (
        paint("paint", colour, rng.uniform(0.15, 0.45), 1.0, metal),
        materials.glass("car glass"),
        materials.matt("rubber", (0.02, 0.02, 0.02), 0.2),
        paint("rim", (0.4, 0.4, 0.42), 0.35, 0.0, 0.8),
        glow("headlamp", (1.0, 0.93, 0.8), 25.0) if night else paint("headlamp", (0.8, 0.8, 0.8), 0.1),
        glow("tail lamp", (1.0, 0.03, 0.01), 3.0) if night else paint("tail lamp", (0.4, 0.01, 0.01), 0.2),
        paint("load", load, 0.5, 0.2),
    ):
        mesh.materials.append(material)
    return mesh


def vehicle_colour(rng: np.random.Generator) -> Colour:
    """Mostly white, silver, grey, black and blue, as cars are; some red, green, yellow."""
    colours = (
        (0.85, 0.85, 0.84), (0.85, 0.85, 0.84), (0.5, 0.5, 0.52), (0.22, 0.23, 0.25), (0.02, 0.02, 0.022),
        (0.03, 0.10, 0.38), (0.10, 0.28, 0.60), (0.25, 0.45, 0.70), (0.45, 0.02, 0.02), (0.05, 0.16, 0.08),
        (0.70, 0.45, 0.05), (0.35, 0.30, 0.22),
    )  # fmt: skip
    return colours[int(rng.integers(len(colours)))]


def _draw_out(shape: Shape, side: np.ndarray, wide: float, slot: int, waist: float | None) -> None:
    """A body with the side view `side` (n, 2); above `waist` its sides lean inwards, as cars' do."""
    count = len(side)
    half = np.full(count, wide / 2)
    if waist is not None:
        half = half - 0.35 * np.clip(side[:, 1] - waist, 0, None)
    left = np.stack([side[:, 0], -half, side[:, 1]], axis=1)
    right = left * np.array([1, -1, 1])
    following = (np.arange(count) + 1) % count
    skin = np.stack([np.arange(count), np.arange(count) + count, following + count, following], axis=1)
    shape.add(np.concatenate([left, right]), skin, slot)
    middle = side.mean(axis=0)
    for points, turned in ((left, False), (right, True)):
        hub = np.array([[middle[0], points[:, 1].mean(), middle[1]]])
        fan = np.stack([np.arange(count), following, np.full(count, count), np.full(count, -1)], axis=1)
        if turned:
            fan = fan[:, [1, 0, 2, 3]]
        shape.add(np.concatenate([points, hub]), fan, slot)


def _windows(shape: Shape, kind: str, side: np.ndarray, long: float, high: float, wide: float) -> None:
    if kind in ("car", "hatchback"):
        low, top = 0.62 * high, 0.93 * high
        for a, b in ((2, 3), (5, 6)):
            p, q = side[a], side[b]
            normal = np.array([-(q - p)[1], (q - p)[0]])
            normal = normal / np.linalg.norm(normal) * 0.012
            p, q = p + (q - p) * 0.12 + normal, q - (q - p) * 0.1 + normal
            y = wide / 2 - 0.24
            pane = np.array([(p[0], -y, p[1]), (p[0], y, p[1]), (q[0], y, q[1]), (q[0], -y, q[1])])
            shape.add(pane, np.array([(0, 1, 2, 3)]), GLASS)
        front, back = np.interp([low, top], side[2:4, 1], side[2:4, 0]), side[5, 0]
        for sign in (-1, 1):
            lower, upper = (wide / 2 - 0.35 * max(0.0, z - 0.58 * high) + 0.012 for z in (low, top))
            pane = np.array([
                (front[0] + 0.12, sign * lower, low), (back, sign * lower, low),
                (back - 0.12, sign * upper, top), (front[1] + 0.1, sign * upper, top),
            ])  # fmt: skip
            shape.add(pane, np.array([(0, 1, 2, 3)]), GLASS)
        return
    end = {"van": -0.18, "bus": 0.46, "lorry": -0.3}[kind]
    start = {"van": -0.32, "bus": -0.46, "lorry": -0.44}[kind]
    shape.box(((start + end) / 2 * long, 0, 0.7 * high), ((end - start) * long, wide + 0.02, 0.32 * high), GLASS)
    foot, head = side[2] if kind == "van" else side[1], side[3] if kind == "van" else side[2]
    y = wide / 2 - 0.12
    pane = np.array([(foot[0] - 0.02, -y, foot[1]), (foot[0] - 0.02, y, foot[1]),
                     (head[0] - 0.02, y, head[1] - 0.1), (head[0] - 0.02, -y, head[1] - 0.1)])  # fmt: skip
    shape.add(pane, np.array([(0, 1, 2, 3)]), GLASS)


def _wheel(shape: Shape, x: float, y: float, radius: float) -> None:
    inner, outer = y - 0.11, y + 0.11
    shape.tube(np.array([(x, inner, radius), (x, outer, radius)]), np.full(2, radius), 16, TYRE)
    for edge in (inner, outer):
        flat = np.array([(x, edge, radius), (x, edge + 0.002 * np.sign(y), radius)])
        shape.tube(flat, np.array([radius * 0.999, radius * 0.62]), 16, TYRE)
        shape.tube(flat + np.array([0, 0.003 * np.sign(y), 0]), np.array([radius * 0.64, 0.001]), 16, RIM)
