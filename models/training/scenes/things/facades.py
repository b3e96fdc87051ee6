# SPDX-License-Identifier: GPL-3.0-or-later
"""Town houses, blocks of flats, offices and glass towers: a core of windows behind piers and bands of wall."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from ..materials import Colour
from ..meshes import Shape, mesh_from, mesh_of, place

Float64Array = NDArray[np.float64]

WALL, TRIM, ROOF, METAL, RAIL, SHOP = range(6)


@dataclass(frozen=True)
class Style:
    """How a front is divided. Shares are of one window's cell; lengths in metres."""

    pitch: float = 2.8
    storey: float = 3.1
    pier: float = 0.55
    band: float = 0.5
    depth: float = 0.18
    mullions: int = 1
    sill: bool = True
    balconies: float = 0.0
    cornice: float = 0.35
    saddle_roof: bool = False
    roof_clutter: float = 0.5
    shop: bool = False


@dataclass(frozen=True)
class Looks:
    """Materials of one building: wall, trim, roof, metal, railing, shop front, and the windows' core."""

    parts: tuple[bpy.types.Material, ...]
    panes: bpy.types.Material


def draw_style(rng: np.random.Generator, kind: str) -> Style:
    """A style of `kind`: "old" town house, "flats", "office" with ribbons, or "tower" of glass."""
    u = rng.uniform
    if kind == "old":
        return Style(
            pitch=u(2.0, 3.2), storey=u(3.0, 3.9), pier=u(0.45, 0.65), band=u(0.35, 0.55), depth=u(0.12, 0.3),
            balconies=u(0, 0.35) if rng.random() < 0.4 else 0.0, cornice=u(0.2, 0.7),
            saddle_roof=rng.random() < 0.5, shop=rng.random() < 0.5,
        )  # fmt: skip
    if kind == "flats":
        return Style(
            pitch=u(2.6, 4.2), storey=u(2.6, 3.0), pier=u(0.3, 0.7), band=u(0.35, 0.6), depth=u(0.06, 0.35),
            mullions=int(rng.integers(0, 3)), sill=rng.random() < 0.4,
            balconies=u(0.2, 0.7) if rng.random() < 0.6 else 0.0, cornice=u(0, 0.3), shop=rng.random() < 0.25,
        )  # fmt: skip
    if kind == "office":
        ribbons = rng.random() < 0.5
        return Style(
            pitch=u(1.4, 3.6), storey=u(3.2, 3.9), pier=0.08 if ribbons else u(0.15, 0.4), band=u(0.25, 0.5),
            depth=u(0.05, 0.5), mullions=int(rng.integers(0, 2)), sill=False, cornice=0.1,
        )  # fmt: skip
    return Style(
        pitch=u(1.2, 3.0), storey=u(3.2, 4.2), pier=u(0.03, 0.09), band=u(0.03, 0.25), depth=u(0.03, 0.12),
        mullions=0, sill=False, cornice=0.0, roof_clutter=0.8,
    )  # fmt: skip


def add_building(
    style: Style,
    looks: Looks,
    size: tuple[float, float, float],
    location: tuple[float, float, float],
    turn: float,
    rng: np.random.Generator,
) -> None:
    """Place a building of (width along x, depth along y, height); the front is its -y side."""
    width, deep, high = size
    storeys = max(1, round(high / style.storey))
    high = storeys * style.storey
    shape = Shape()
    core_points, core_quads, core_cells = [], [], []
    for side, (along, across) in enumerate(((width, deep), (deep, width), (width, deep), (deep, width))):
        columns = max(1, round(along / style.pitch))
        wall = _front(style, along, across, columns, storeys, high, rng, front=side == 0)
        cosine, sine = (1, 0, -1, 0)[side], (0, 1, 0, -1)[side]
        for part in wall:
            centre, extent = part[0], part[1]
            turned = np.stack(
                [
                    centre[:, 0] * cosine - centre[:, 1] * sine,
                    centre[:, 0] * sine + centre[:, 1] * cosine,
                    centre[:, 2],
                ],
                axis=1,
            )
            shape.boxes(turned, extent if side % 2 == 0 else extent[:, [1, 0, 2]], part[2])
        half = along / 2
        corners = np.array([(-half, 0), (half, 0), (half, high), (-half, high)])
        y = -across / 2
        core_points.append(
            np.stack([corners[:, 0] * cosine - y * sine, corners[:, 0] * sine + y * cosine, corners[:, 1]], axis=1)
        )
        core_quads.append(np.arange(4) + 4 * side)
        core_cells.append(np.array([(0, 0), (columns, 0), (columns, storeys), (0, storeys)]) + 97.0 * side)
    _roof(shape, style, width, deep, high, rng)
    mesh = mesh_of("building", shape)
    for material in looks.parts:
        mesh.materials.append(material)
    core = mesh_from("windows", np.concatenate(core_points), np.array(core_quads), smooth=False)
    cells = core.uv_layers.new(name="cells")
    cells.data.foreach_set("uv", np.concatenate(core_cells).astype(np.float32).ravel())
    core.materials.append(looks.panes)
    for part_mesh in (mesh, core):
        place(part_mesh, location, turn)


Part = tuple[Float64Array, Float64Array, int]


def _front(
    style: Style,
    along: float,
    across: float,
    columns: int,
    storeys: int,
    high: float,
    rng: np.random.Generator,
    front: bool,
) -> list[Part]:
    """Boxes (centres, sizes, slot) of one wall, for the side at y = -across / 2."""
    pitch, y = along / columns, -across / 2
    d = style.depth
    edges = np.linspace(-along / 2, along / 2, columns + 1)
    levels = np.arange(storeys + 1) * style.storey

    def row(xs: Float64Array, z: float, size: tuple[float, float, float], out: float, slot: int) -> Part:
        centres = np.stack([xs, np.full(len(xs), y - out), np.full(len(xs), z)], axis=1)
        return centres, np.broadcast_to(np.array(size), centres.shape), slot

    def stack(zs: Float64Array, size: tuple[float, float, float], out: float, slot: int) -> Part:
        centres = np.stack([np.zeros(len(zs)), np.full(len(zs), y - out), zs], axis=1)
        return centres, np.broadcast_to(np.array(size), centres.shape), slot

    band = style.band * style.storey
    parts = [
        row(edges, high / 2, (style.pier * pitch, d, high), d / 2, WALL),
        # Bands lie a hair behind the piers, so that the two never share a plane.
        stack(levels, (along, d * 0.97, band), d * 0.97 / 2, WALL),
    ]
    middles = (edges[1:] + edges[:-1]) / 2
    if style.mullions:
        offsets = (np.arange(style.mullions) - (style.mullions - 1) / 2) / style.mullions * pitch * (1 - style.pier)
        bars = (middles[:, None] + offsets[None]).ravel()
        parts.append(row(bars, high / 2, (0.07, 0.05, high), 0.025, TRIM))
        frame = (1 - style.pier) * pitch / 2 - 0.035
        parts.append(
            row(np.concatenate([middles - frame, middles + frame]), high / 2, (0.07, 0.06, high), 0.03, TRIM)
        )
    if style.sill:
        parts.append(stack(levels[:-1] + band / 2, (along + 2 * d, d + 0.12, 0.08), (d + 0.12) / 2, TRIM))
    if style.balconies and front:
        taken = np.flatnonzero(rng.random(columns) < style.balconies)
        wide, out = pitch * 0.9, rng.uniform(0.9, 1.6)
        closed = rng.random() < 0.4
        for z in levels[1:-1]:
            foot = z + band / 2 - 0.5
            parts.append(row(middles[taken], foot, (wide, out, 0.16), d + out / 2, TRIM))
            height = 0.95 if closed else 0.05
            parts.append(row(middles[taken], foot + 1.05 - height / 2, (wide, 0.05, height), d + out, RAIL))
            if not closed:
                posts = (middles[taken][:, None] + np.linspace(-wide / 2, wide / 2, 9)[None]).ravel()
                parts.append(row(posts, foot + 0.52, (0.03, 0.03, 1.0), d + out, RAIL))
    if style.shop and front:
        sign = rng.uniform(0.5, 0.9)
        parts.append(stack(np.array([style.storey - 0.2]), (along - 0.4, d + 0.15, sign), (d + 0.15) / 2, SHOP))
        if rng.random() < 0.5:
            parts.append(stack(np.array([style.storey - 0.7]), (along * 0.6, 1.5, 0.1), 0.75 + d, SHOP))
    if style.cornice:
        c = style.cornice
        parts.append(stack(np.array([high + c / 2]), (along + 2 * d + c, d + c, c), (d + c) / 2, TRIM))
    return parts


def _roof(shape: Shape, style: Style, width: float, deep: float, high: float, rng: np.random.Generator) -> None:
    shape.box((0, 0, high + 0.02), (width, deep, 0.3), ROOF)
    if style.saddle_roof:
        rise = deep * rng.uniform(0.25, 0.45)
        w, d, low = width / 2 + 0.1, deep / 2 + 0.4, high + style.cornice
        points = np.array(
            [(-w, -d, low), (w, -d, low), (w, d, low), (-w, d, low), (-w, 0, low + rise), (w, 0, low + rise)]
        )
        quads = np.array([(0, 1, 5, 4), (2, 3, 4, 5), (1, 2, 5, -1), (3, 0, 4, -1)])
        shape.add(points, quads, ROOF)
        for _ in range(int(rng.integers(0, 4))):
            x, y = rng.uniform(-w * 0.8, w * 0.8), rng.uniform(-d * 0.5, d * 0.5)
            shape.box((x, y, low + rise * 0.9), (rng.uniform(0.5, 1.1), 0.6, rise), WALL)
        return
    parapet = rng.uniform(0.3, 1.1)
    for sign in (-1, 1):
        shape.box((0, sign * (deep / 2 - 0.1), high + parapet / 2), (width, 0.2, parapet), TRIM)
        shape.box((sign * (width / 2 - 0.1), 0, high + parapet / 2), (0.2, deep, parapet), TRIM)
    if rng.random() < style.roof_clutter:
        for _ in range(int(rng.integers(1, 5))):
            size = rng.uniform((1.0, 1.0, 0.8), (width * 0.35, deep * 0.35, 3.5))
            x, y = rng.uniform(-0.3, 0.3, 2) * (width, deep)
            shape.box((x, y, high + size[2] / 2), tuple(size), WALL if rng.random() < 0.5 else METAL)
    if rng.random() < style.roof_clutter * 0.7:
        for _ in range(int(rng.integers(1, 4))):
            x, y = rng.uniform(-0.4, 0.4, 2) * (width, deep)
            tall = rng.uniform(2.0, 7.0) * (2.5 if high > 50 else 1.0)
            thick = 0.02 + tall * 0.006
            shape.tube(np.array([(x, y, high), (x, y, high + tall)]), np.array([thick, thick * 0.5]), 6, METAL)
            for k in range(int(rng.integers(0, 4))):
                z = high + tall * (0.95 - 0.1 * k)
                shape.box((x, y, z), (rng.uniform(0.3, 1.2), 0.03, 0.03), METAL)


def pale(rng: np.random.Generator) -> Colour:
    """White, cream or light grey: a rendered front that is nearly as bright as the sky."""
    level = rng.uniform(0.55, 0.88)
    warm = rng.uniform(-0.02, 0.10)
    return level, level * (1 - warm * 0.5), level * (1 - warm)


def strong(rng: np.random.Generator) -> Colour:
    """A coloured render, brick or concrete: any hue, not very bright, sometimes sky blue."""
    bases = (
        (0.55, 0.36, 0.14), (0.48, 0.20, 0.13), (0.30, 0.12, 0.08), (0.42, 0.40, 0.36), (0.28, 0.28, 0.27),
        (0.20, 0.32, 0.45), (0.33, 0.44, 0.52), (0.32, 0.38, 0.24), (0.62, 0.48, 0.30), (0.10, 0.10, 0.11),
        (0.50, 0.34, 0.30), (0.18, 0.11, 0.09), (0.28, 0.45, 0.62),
    )  # fmt: skip
    base = np.array(bases[int(rng.integers(len(bases)))]) * rng.uniform(0.7, 1.25)
    r, g, b = (float(c) for c in np.clip(base + rng.normal(0, 0.02, 3), 0.02, 0.9))
    return r, g, b
