# SPDX-License-Identifier: GPL-3.0-or-later
"""Broad-leaved trees and bushes: branches that fork in four orders, with a leaf on every few centimetres of twig.

After the idea of recursive branching with per-order parameters in Weber and Penn, "Creation and Rendering of
Realistic Trees", SIGGRAPH 1995; the rules here are simpler.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from ..meshes import Shape, mesh_from, mesh_of, place, tint

Float64Array = NDArray[np.float64]


@dataclass(frozen=True)
class Habit:
    """How a kind of tree grows; tuples have one entry for each order of branches, the trunk first."""

    height: float = 10.0
    trunk_radius: float = 0.22
    first_branch: float = 0.22
    children: tuple[int, int, int] = (20, 9, 7)
    length: tuple[float, float, float] = (0.46, 0.42, 0.40)
    angle: tuple[float, float, float] = (0.95, 0.8, 0.8)
    wander: tuple[float, float, float, float] = (0.05, 0.12, 0.2, 0.25)
    rise: float = 0.10
    leaves_per_twig: int = 56
    leaf_size: float = 0.115
    bare: float = 0.04


@dataclass(frozen=True)
class Branch:
    """One branch: its points (n, 3), their radii (n) and its order (trunk 0)."""

    path: Float64Array
    radius: Float64Array
    order: int


def grow(habit: Habit, rng: np.random.Generator) -> list[Branch]:
    """All branches of one tree that stands at the origin."""
    trunk = _shoot(np.zeros(3), np.array([0.0, 0.0, 1.0]), habit.height * 0.92, habit.trunk_radius, 0, habit, rng)
    branches, frontier = [trunk], [trunk]
    for order in range(3):
        following: list[Branch] = []
        for parent in frontier:
            following += _fork(parent, order, habit, rng)
        branches += following
        frontier = following
    return branches


def _fork(parent: Branch, order: int, habit: Habit, rng: np.random.Generator) -> list[Branch]:
    count = habit.children[order]
    steps = np.diff(parent.path, axis=0)
    reach = float(np.linalg.norm(steps, axis=1).sum())
    start = habit.first_branch if order == 0 else 0.25
    places = np.sort(start + (1 - start) * (np.arange(count) + rng.random(count)) / count)
    spin = rng.random() * 6.28 + np.arange(count) * 2.4
    shoots = []
    for place_on, around in zip(places, spin, strict=True):
        at = min(place_on, 0.999) * (len(parent.path) - 1)
        index, part = int(at), at - int(at)
        origin = parent.path[index] + steps[index] * part
        along = steps[index] / np.linalg.norm(steps[index])
        side = np.cross(along, [0.31, 0.87, 0.38])
        side /= np.linalg.norm(side)
        lean = habit.angle[order] * (1.2 - 0.55 * place_on) * rng.uniform(0.8, 1.2)
        outward = np.cos(around) * side + np.sin(around) * np.cross(along, side)
        heading = np.cos(lean) * along + np.sin(lean) * outward
        # A round crown: the limbs in the middle of the trunk are the longest.
        fraction = np.sin(np.pi * (0.22 + 0.73 * place_on)) if order == 0 else 1.15 - 0.6 * place_on
        length = reach * habit.length[order] * fraction * rng.uniform(0.75, 1.25)
        thick = np.interp(at, np.arange(len(parent.radius)), parent.radius)
        radius = min(thick * 0.62, 0.022 * length + 0.003)
        shoots.append(_shoot(origin, heading, length, radius, order + 1, habit, rng))
    return shoots


def _shoot(
    origin: Float64Array,
    heading: Float64Array,
    length: float,
    radius: float,
    order: int,
    habit: Habit,
    rng: np.random.Generator,
) -> Branch:
    joints = (14, 9, 6, 4)[order]
    path = [origin]
    for _ in range(joints):
        heading = heading + rng.normal(0, habit.wander[order], 3)
        heading[2] += habit.rise * (0.3 if order == 3 else 1.0)
        heading = heading / np.linalg.norm(heading)
        path.append(path[-1] + heading * length / joints)
    taper = np.linspace(1.0, 0.12, joints + 1) ** (0.8 if order else 1.0)
    if order == 0:
        taper[0] *= 1.5  # the flare at the root
    return Branch(np.array(path), np.maximum(radius * taper, 0.0022), order)


def leaf_quads(
    anchors: Float64Array, headings: Float64Array, size: Float64Array, rng: np.random.Generator
) -> tuple[Float64Array, NDArray[np.int64]]:
    """A leaf for each anchor (n, 3): a folded lozenge that starts there and points along its heading (n, 3)."""
    count = len(anchors)
    headings = headings / np.linalg.norm(headings, axis=1, keepdims=True)
    side = np.cross(headings, rng.normal(0, 1, (count, 3)) + np.array([0.0, 0.0, 0.6]))
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    normal = np.cross(side, headings)
    s = size[:, None]
    middle = anchors + headings * s * 0.45 + normal * s * 0.12
    points = np.stack(
        [anchors, middle + side * s * 0.33, anchors + headings * s - normal * s * 0.1, middle - side * s * 0.33],
        axis=1,
    )
    return points.reshape(-1, 3), np.arange(count * 4).reshape(-1, 4)


def tree_meshes(
    name: str, habit: Habit, seed: int, bark: bpy.types.Material, leaf: bpy.types.Material
) -> list[bpy.types.Mesh]:
    """The wood and, in leaf, the foliage of one tree, to be placed together."""
    rng = np.random.default_rng(seed)
    branches = grow(habit, rng)
    wood = Shape()
    for branch in branches:
        wood.tube(branch.path, branch.radius, (12, 7, 5, 3)[branch.order])
    wood_mesh = mesh_of(f"{name} wood", wood, smooth=True)
    wood_mesh.materials.append(bark)
    if not habit.leaves_per_twig:
        return [wood_mesh]
    anchors, headings = _leaf_places(branches, habit, rng)
    size = habit.leaf_size * rng.uniform(0.65, 1.25, len(anchors))
    points, quads = leaf_quads(anchors, headings, size, rng)
    foliage = mesh_from(f"{name} leaves", points, quads)
    # Neighbours on a limb share their shade more than leaves across the crown do.
    centre = anchors.mean(axis=0)
    outside = np.linalg.norm(anchors - centre, axis=1) / habit.height
    tint(foliage, "shade", np.clip(rng.normal(0.25 + 0.8 * outside, 0.2), 0, 1), "FACE")
    foliage.materials.append(leaf)
    return [wood_mesh, foliage]


def _leaf_places(branches: list[Branch], habit: Habit, rng: np.random.Generator) -> tuple[Float64Array, Float64Array]:
    anchors, headings = [], []
    for branch in branches:
        if branch.order < 2 or rng.random() < habit.bare:
            continue
        count = habit.leaves_per_twig if branch.order == 3 else habit.leaves_per_twig // 2
        at = (0.15 + 0.85 * rng.random(count)) * (len(branch.path) - 1.001)
        index = at.astype(int)
        step = branch.path[index + 1] - branch.path[index]
        along = step / np.linalg.norm(step, axis=1, keepdims=True)
        anchors.append(branch.path[index] + step * (at - index)[:, None] + rng.normal(0, 0.035, (count, 3)))
        headings.append(along * 0.6 + rng.normal(0, 0.6, (count, 3)) - np.array([0.0, 0.0, 0.25]))
    return np.concatenate(anchors), np.concatenate(headings)


def bush_mesh(name: str, seed: int, leaf: bpy.types.Material, leaves: int = 5200) -> bpy.types.Mesh:
    """A bush about 1.6 m across: leaves in the outer layer of a lump of overlapping balls."""
    rng = np.random.default_rng(seed)
    balls = rng.normal(0, 1, (9, 3)) * np.array([0.42, 0.42, 0.22]) + np.array([0, 0, 0.55])
    sizes = rng.uniform(0.32, 0.6, len(balls))
    which = rng.integers(0, len(balls), leaves)
    outward = rng.normal(0, 1, (leaves, 3))
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    depth = 1 - 0.4 * rng.random(leaves) ** 2 + 0.12 * rng.normal(0, 1, leaves)
    anchors = balls[which] + outward * (sizes[which] * depth)[:, None]
    keep = anchors[:, 2] > -0.05
    anchors, outward, depth = anchors[keep], outward[keep], depth[keep]
    points, quads = leaf_quads(
        anchors, outward + rng.normal(0, 0.6, anchors.shape), rng.uniform(0.05, 0.1, len(anchors)), rng
    )
    mesh = mesh_from(name, points, quads)
    tint(mesh, "shade", np.clip(rng.normal(0.1 + 0.45 * depth, 0.2), 0, 1), "FACE")
    mesh.materials.append(leaf)
    return mesh


def plant(meshes: list[bpy.types.Mesh], location: tuple[float, float, float], turn: float, scale: float) -> None:
    """Place the parts of one tree together."""
    for mesh in meshes:
        place(mesh, location, turn, scale)
