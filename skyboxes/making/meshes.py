# SPDX-License-Identifier: GPL-3.0-or-later
"""Meshes for the objects in skies: spheres, turned and boxed shapes, with a colour at each corner.

Vertices are (n, 3), colours (n, 3), linear Rec.709 reflectances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Vector, noise
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass
class Shape:
    """Vertices, faces (indices of vertices) and a colour for each vertex."""

    vertices: Points
    faces: list[tuple[int, ...]]
    colours: Points

    def moved(self, by: Sequence[float], scale: float = 1.0) -> Shape:
        """The same, larger by `scale`, then moved."""
        return Shape(self.vertices * scale + np.array(by), self.faces, self.colours)


def joined(shapes: Iterable[Shape]) -> Shape:
    """All shapes as one."""
    vertices, colours, faces, count = [], [], [], 0
    for shape in shapes:
        vertices.append(shape.vertices)
        colours.append(shape.colours)
        faces += [tuple(index + count for index in face) for face in shape.faces]
        count += len(shape.vertices)
    return Shape(np.concatenate(vertices), faces, np.concatenate(colours))


def sphere(subdivisions: int) -> Shape:
    """A unit sphere of even triangles, white."""
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=subdivisions, radius=1.0)
    made = bpy.context.object
    mesh = made.data
    vertices = np.empty(3 * len(mesh.vertices))
    mesh.vertices.foreach_get("co", vertices)
    vertices = vertices.reshape(-1, 3)
    corners = np.empty(3 * len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("vertices", corners)
    faces: list[tuple[int, ...]] = [tuple(face) for face in corners.reshape(-1, 3).tolist()]
    bpy.data.objects.remove(made)
    bpy.data.meshes.remove(mesh)
    vertices /= np.linalg.norm(vertices, axis=1, keepdims=True)
    return Shape(vertices, faces, np.ones_like(vertices))


def turned(profile: Sequence[tuple[float, float]], sides: int, colour: Sequence[float]) -> Shape:
    """A shape of revolution about Z from (radius, height) pairs, from the bottom up; closed where the radius is 0."""
    around = np.arange(sides) * 2 * np.pi / sides
    rings = [np.column_stack([r * np.cos(around), r * np.sin(around), np.full(sides, z)]) for r, z in profile]
    faces: list[tuple[int, ...]] = []
    for ring in range(len(profile) - 1):
        for side in range(sides):
            after = (side + 1) % sides
            low, high = ring * sides, (ring + 1) * sides
            faces.append((low + side, low + after, high + after, high + side))
    vertices = np.concatenate(rings)
    return Shape(vertices, faces, np.tile(np.array(colour, float), (len(vertices), 1)))


def box(low: Sequence[float], high: Sequence[float], colour: Sequence[float]) -> Shape:
    """A box between two corners."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    corners = [(x, y, z) for z in (z0, z1) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    faces = [(3, 2, 1, 0), (4, 5, 6, 7), *((k, (k + 1) % 4, 4 + (k + 1) % 4, 4 + k) for k in range(4))]
    return Shape(np.array(corners, float), faces, np.tile(np.array(colour, float), (8, 1)))


def fractal(points: Points, octaves: int, gain: float = 0.5) -> NDArray[np.float64]:
    """Sum of octaves of gradient noise at each point, about -1 .. 1."""
    total, found = 0.0, np.zeros(len(points))
    for octave in range(octaves):
        scale = 2.03**octave
        moved = points * scale + 17.3 * octave
        found += gain**octave * np.array([noise.noise(Vector(point)) for point in moved])
        total += gain**octave
    return found / total * 1.6


def add(shape: Shape, name: str, roughness: float = 1.0, smooth: bool = True, metallic: float = 0.0) -> Any:
    """The shape as an object of the scene."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(shape.vertices.tolist(), [], shape.faces)
    attribute = mesh.color_attributes.new("colour", "FLOAT_COLOR", "POINT")
    colours = np.column_stack([shape.colours, np.ones(len(shape.colours))])
    attribute.data.foreach_set("color", colours.astype(np.float32).ravel())
    mesh.polygons.foreach_set("use_smooth", [smooth] * len(mesh.polygons))
    mesh.materials.append(_material(name, roughness, metallic))
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    return made


def add_glow(shape: Shape, name: str, strength: float) -> Any:
    """The shape as lamps that shine in its colours."""
    made = add(shape, name)
    nodes = made.data.materials[0].node_tree.nodes
    surface = nodes["Principled BSDF"]
    made.data.materials[0].node_tree.links.new(
        nodes["Color Attribute"].outputs["Color"], surface.inputs["Emission Color"]
    )
    surface.inputs["Emission Strength"].default_value = strength
    return made


def _material(name: str, roughness: float, metallic: float) -> Any:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    colour = tree.nodes.new("ShaderNodeVertexColor")
    colour.name, colour.layer_name = "Color Attribute", "colour"
    surface = tree.nodes["Principled BSDF"]
    tree.links.new(colour.outputs["Color"], surface.inputs["Base Color"])
    surface.inputs["Roughness"].default_value = roughness
    surface.inputs["Metallic"].default_value = metallic
    surface.inputs["Specular IOR Level"].default_value = 0.5 * (1 - roughness)
    return material
