# SPDX-License-Identifier: GPL-3.0-or-later
"""Thin things that stand by a road: a wooden fence, poles, and the wires that hang between them."""

from __future__ import annotations

from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import NDArray

from ..materials import matt
from ..meshes import Shape, mesh_of, place

Float64Array = NDArray[np.float64]

UP = np.array([0.0, 0.0, 1.0])


def add_fence(line: Float64Array, seed: int) -> bpy.types.Object:
    """A post-and-rail fence along `line` (n, 3), one post at each point; posts lean a little, rails differ."""
    rng = np.random.default_rng(seed)
    shape = Shape()
    tops = []
    for foot in line:
        lean = rng.normal(0, 0.03, 3) * np.array([1, 1, 0])
        top = foot + np.array([0, 0, 1.15 + rng.normal(0, 0.03)]) + lean
        shape.tube(np.array([foot - 0.3 * UP, top]), np.array([0.066, 0.06]), 7)
        # A cap of nearly no height closes the bar, whose ends are open.
        shape.tube(np.array([top, top + 0.004 * UP]), np.array([0.06, 0.0001]), 7)
        tops.append((foot, top))
    for (foot, top), (next_foot, next_top) in pairwise(tops):
        for fraction in (0.42, 0.86):
            start = foot + (top - foot) * (fraction + rng.normal(0, 0.015))
            end = next_foot + (next_top - next_foot) * (fraction + rng.normal(0, 0.015))
            middle = (start + end) / 2 + rng.normal(0, 0.012, 3)
            shape.tube(np.array([start, middle, end]), np.full(3, 0.043), 6)
    mesh = mesh_of("fence", shape, smooth=True)
    mesh.materials.append(matt("weathered wood", (0.20, 0.175, 0.145), 0.5, 7.0))
    return place(mesh)


def add_power_line(feet: Float64Array, high: float = 8.2, sag: float = 0.9) -> None:
    """Wooden poles at `feet` (n, 3), each with a cross-arm and insulators, joined by three hanging wires."""
    poles, wires = Shape(), Shape()
    hooks = []
    for index, foot in enumerate(feet):
        ahead = feet[min(index + 1, len(feet) - 1)] - feet[max(index - 1, 0)]
        across = np.array([ahead[1], -ahead[0], 0.0]) / np.hypot(ahead[0], ahead[1])
        head = foot + np.array([0, 0, high])
        poles.tube(np.array([foot - 0.5 * UP, head]), np.array([0.15, 0.10]), 10)
        arm = head - np.array([0, 0, 0.45])
        poles.tube(np.array([arm - across * 0.95, arm + across * 0.95]), np.full(2, 0.055), 6)
        row = []
        for offset in (-0.85, 0.0, 0.85):
            base = arm + across * offset if offset else head
            tip = base + np.array([0, 0, 0.2])
            insulator = np.array([base, base + 0.06 * UP, base + 0.07 * UP, tip])
            poles.tube(insulator, np.array([0.02, 0.02, 0.05, 0.035]), 8, 1)
            row.append(tip)
        hooks.append(row)
    t = np.linspace(0, 1, 48)[:, None]
    for left, right in pairwise(hooks):
        for start, end in zip(left, right, strict=True):
            wire = start + (end - start) * t
            wire[:, 2:] -= 4 * sag * t * (1 - t)
            wires.tube(wire, np.full(len(t), 0.011), 4)
    pole_mesh = mesh_of("poles", poles, smooth=True)
    pole_mesh.materials.append(matt("tarred wood", (0.085, 0.07, 0.055), 0.45, 5.0))
    pole_mesh.materials.append(matt("insulator", (0.5, 0.5, 0.48), 0.1, 5.0, 0.25))
    wire_mesh = mesh_of("wires", wires, smooth=True)
    wire_mesh.materials.append(matt("wire", (0.03, 0.03, 0.032), 0.1, 5.0, 0.5))
    place(pole_mesh)
    place(wire_mesh)
