# SPDX-License-Identifier: GPL-3.0-or-later
"""From arrays of points and quads to Blender objects, and the few solids that buildings are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]
Ints = NDArray[np.int64]

# Corners of a unit box and its six sides, each wound so that its normal points outwards.
_BOX = np.array([(x, y, z) for z in (-0.5, 0.5) for y in (-0.5, 0.5) for x in (-0.5, 0.5)])
_BOX_SIDES = np.array([(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)])


@dataclass
class Shape:
    """Points (n, 3) and quads (m, 4) collected from parts, with one material index per quad."""

    points: list[Float64Array] = field(default_factory=list)
    quads: list[Ints] = field(default_factory=list)
    slots: list[Ints] = field(default_factory=list)
    size: int = 0

    def add(self, points: Float64Array, quads: Ints, slot: int = 0) -> None:
        """Append a part whose quads count from its own first point. A triangle is a quad with -1 last."""
        self.points.append(np.asarray(points, dtype=np.float64))
        self.quads.append(np.where(quads < 0, -1, quads + self.size))
        self.slots.append(np.full(len(quads), slot, dtype=np.int64))
        self.size += len(points)

    def box(self, centre: tuple[float, float, float], size: tuple[float, float, float], slot: int = 0) -> None:
        """Append a box with sides along the axes."""
        self.add(_BOX * np.array(size) + np.array(centre), _BOX_SIDES, slot)

    def boxes(self, centres: Float64Array, sizes: Float64Array, slot: int = 0) -> None:
        """Append many boxes at once: centres and sizes are (n, 3) or of a shape that broadcasts to it."""
        centres, sizes = np.broadcast_arrays(np.atleast_2d(centres), np.atleast_2d(sizes))
        count = len(centres)
        if count:
            quads = (_BOX_SIDES[None] + 8 * np.arange(count)[:, None, None]).reshape(-1, 4)
            self.add((_BOX[None] * sizes[:, None] + centres[:, None]).reshape(-1, 3), quads, slot)

    def tube(self, path: Float64Array, radius: Float64Array, sides: int, slot: int = 0) -> None:
        """Append a round bar along `path` (n, 3), with a radius at each of its points."""
        path, radius = np.asarray(path, dtype=np.float64), np.asarray(radius, dtype=np.float64)
        along = np.gradient(path, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-12
        # One helper axis for the whole bar, never parallel to it, keeps the rings from twisting.
        helper = np.eye(3)[np.argmin(np.abs(along).mean(axis=0))]
        side = np.cross(along, helper)
        side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-12
        up = np.cross(along, side)
        turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
        ring = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * up[:, None]
        points = path[:, None] + ring * radius[:, None, None]
        self.add(points.reshape(-1, 3), grid_quads(len(path), sides, closed=True), slot)


def grid_quads(rows: int, columns: int, closed: bool = False) -> Ints:
    """Quads of a grid of points numbered row by row; `closed` joins the last column to the first."""
    r = np.arange(rows - 1)[:, None]
    c = np.arange(columns if closed else columns - 1)[None, :]
    following = (c + 1) % columns
    corners = (r * columns + c, r * columns + following, (r + 1) * columns + following, (r + 1) * columns + c)
    return np.stack(np.broadcast_arrays(*corners), axis=-1).reshape(-1, 4)


def mesh_from(
    name: str, points: Float64Array, quads: Ints, smooth: bool = True, slots: Ints | None = None
) -> bpy.types.Mesh:
    """A Blender mesh from points (n, 3) and quads (m, 4); a quad whose last corner is -1 is a triangle."""
    triangle = quads[:, 3] < 0
    sizes = np.where(triangle, 3, 4).astype(np.int32)
    corners = quads.reshape(-1)[(quads.reshape(-1) >= 0)].astype(np.int32)
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(points))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(points, dtype=np.float32).ravel())
    mesh.loops.add(len(corners))
    mesh.loops.foreach_set("vertex_index", corners)
    mesh.polygons.add(len(quads))
    mesh.polygons.foreach_set("loop_start", np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32))
    if slots is not None:
        mesh.polygons.foreach_set("material_index", slots.astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", np.full(len(quads), smooth))
    mesh.update(calc_edges=True)
    return mesh


def mesh_of(name: str, shape: Shape, smooth: bool = False) -> bpy.types.Mesh:
    """A Blender mesh from a collected shape, its slots as material indices."""
    return mesh_from(
        name,
        np.concatenate(shape.points),
        np.concatenate(shape.quads),
        smooth,
        np.concatenate(shape.slots),
    )


def tint(mesh: bpy.types.Mesh, name: str, values: Float64Array, domain: str) -> None:
    """Store one number per point ("POINT") or per face ("FACE") that a shader reads by `name`."""
    layer = mesh.attributes.new(name, "FLOAT", domain)
    layer.data.foreach_set("value", np.ascontiguousarray(values, dtype=np.float32))


def place(
    mesh: bpy.types.Mesh,
    location: tuple[float, float, float] = (0.0, 0.0, 0.0),
    turn: float = 0.0,
    scale: float = 1.0,
) -> bpy.types.Object:
    """Put an object that shows `mesh` into the scene; objects that share a mesh share its memory."""
    thing = bpy.data.objects.new(mesh.name, mesh)
    thing.location = location
    thing.rotation_euler = (0.0, 0.0, turn)
    thing.scale = (scale, scale, scale)
    bpy.context.scene.collection.objects.link(thing)
    return thing
