# SPDX-License-Identifier: GPL-3.0-or-later
"""Blades of grass: a few square tufts of meadow, each placed many times with a turn of its own."""

from __future__ import annotations

import bpy
import numpy as np

from ..land.meadow import height, path_fraction
from ..materials import leaf
from ..meshes import mesh_from, place, tint


def _tuft(seed: int, side: float, blades: int, tall: float) -> bpy.types.Mesh:
    rng = np.random.default_rng(seed)
    root = np.zeros((blades, 3))
    root[:, :2] = rng.uniform(-side / 2, side / 2, (blades, 2))
    long = tall * rng.gamma(6.0, 1 / 6.0, blades)[:, None]
    around = rng.random(blades) * 6.28
    lean = np.stack([np.cos(around), np.sin(around), np.zeros(blades)], axis=1)
    across = np.stack([-np.sin(around), np.cos(around), np.zeros(blades)], axis=1) * 0.0042
    bend = rng.uniform(0.1, 0.8, blades)[:, None]
    up = np.array([0.0, 0.0, 1.0])
    middle = root + up * long * 0.55 + lean * long * bend * 0.2
    tip = root + up * long * (1.0 - 0.35 * bend) + lean * long * bend * 0.75
    points = np.stack([root - across, root + across, middle + across * 0.8, middle - across * 0.8, tip], axis=1)
    start = np.arange(blades)[:, None] * 5
    lower = start + np.array([0, 1, 2, 3])
    upper = np.where([True, True, True, False], start + np.array([3, 2, 4, 0]), -1)
    quads = np.concatenate([lower, upper])
    mesh = mesh_from(f"tuft {seed}", points.reshape(-1, 3), quads)
    shade = np.clip(rng.normal(0.45, 0.3, blades), 0, 1)
    tint(mesh, "shade", np.concatenate([shade, np.clip(shade + 0.15, 0, 1)]), "FACE")
    return mesh


def add_grass(seed: int, near: float = 26.0) -> None:
    """Cover the meadow in front of the camera with tufts, sparser and taller ones beyond half of `near` metres."""
    rng = np.random.default_rng(seed + 1)
    material = leaf("grass", (0.050, 0.078, 0.018), (0.235, 0.235, 0.085), 0.25)
    dense = [_tuft(seed + k, 0.8, 850, 0.13) for k in range(3)]
    sparse = [_tuft(seed + 10 + k, 1.6, 1100, 0.18) for k in range(3)]
    tall = [_tuft(seed + 20 + k, 0.5, 110, 0.42) for k in range(3)]
    for mesh in dense + sparse + tall:
        mesh.materials.append(material)
    _scatter(dense, 0.62, (1.0, near * 0.5), 0.35, seed, rng)
    _scatter(sparse, 1.25, (near * 0.45, near * 1.7), 0.35, seed, rng)
    # Tall weeds stand in patches, mostly beside the fence and away from the path.
    _scatter(tall, 1.1, (2.5, near * 1.6), 0.05, seed, rng, keep=0.30)


def _scatter(
    meshes: list[bpy.types.Mesh],
    step: float,
    reach: tuple[float, float],
    bare: float,
    seed: int,
    rng: np.random.Generator,
    keep: float = 1.0,
) -> None:
    xs, ys = np.meshgrid(np.arange(-reach[1], reach[1], step), np.arange(0.5, reach[1], step))
    x = (xs + rng.uniform(-0.4, 0.4, xs.shape) * step).ravel()
    y = (ys + rng.uniform(-0.4, 0.4, xs.shape) * step).ravel()
    far = np.hypot(x, y)
    seen = (far > reach[0]) & (far < reach[1]) & (np.abs(x) < 0.85 * (y + 1.8)) & (path_fraction(x, y, seed) < bare)
    seen &= rng.random(len(x)) < keep
    x, y = x[seen], y[seen]
    for px, py, pz in zip(x, y, height(x, y, seed), strict=True):
        mesh = meshes[int(rng.integers(len(meshes)))]
        place(mesh, (px, py, pz - 0.02), float(rng.random() * 6.28), float(rng.uniform(0.75, 1.3)))
