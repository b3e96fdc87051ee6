# SPDX-License-Identifier: GPL-3.0-or-later
"""Lamp posts, traffic lights and road signs; at night the lamps are lit."""

from __future__ import annotations

import bpy
import numpy as np

from ..materials import Colour, matt
from ..meshes import Shape, mesh_of, place
from .surfaces import glow, paint

SODIUM: Colour = (1.0, 0.45, 0.12)
WHITE: Colour = (1.0, 0.9, 0.75)


def lamp_mesh(
    kind: str, high: float, night: bool, colour: Colour
) -> tuple[bpy.types.Mesh, tuple[float, float, float]]:
    """A lamp post ("arm", "double", "globe", "lantern") and the place of its light; an arm reaches along -x."""
    shape = Shape()
    shape.tube(np.array([(0, 0, -0.3), (0, 0, 1.0), (0, 0, high)]), np.array([0.11, 0.09, 0.05]), 8)
    light = (0.0, 0.0, high)
    if kind in ("arm", "double"):
        reach = 0.28 * high
        for side in (-1,) if kind == "arm" else (-1, 1):
            t = np.linspace(0, 1, 6)[:, None]
            arm = np.concatenate([side * reach * t, 0 * t, high + 0.09 * high * np.sin(t * 1.5)], axis=1)
            shape.tube(arm, np.linspace(0.05, 0.035, 6), 6)
            tip = arm[-1]
            shape.box((tip[0], 0, tip[2] + 0.03), (0.75, 0.28, 0.12))
            shape.box((tip[0], 0, tip[2] - 0.04), (0.55, 0.2, 0.03), 1)
            light = (float(tip[0]), 0.0, float(tip[2] - 0.15))
    elif kind == "globe":
        turn = np.linspace(0, np.pi, 8)
        path = np.zeros((8, 3))
        path[:, 2] = high + 0.22 - 0.22 * np.cos(turn)
        shape.tube(path, 0.22 * np.sin(turn) + 1e-3, 12, 1)
    else:
        shape.tube(np.array([(0, 0, high), (0, 0, high + 0.45)]), np.array([0.10, 0.22]), 6, 1)
        shape.tube(np.array([(0, 0, high + 0.45), (0, 0, high + 0.7)]), np.array([0.28, 0.02]), 6)
    mesh = mesh_of("lamp post", shape, smooth=True)
    mesh.materials.append(matt("post", (0.09, 0.10, 0.10) if high < 6 else (0.3, 0.31, 0.31), 0.2, 3.0, 0.5))
    mesh.materials.append(glow("lamp", colour, 40.0) if night else paint("lamp glass", (0.7, 0.7, 0.68), 0.2))
    return mesh, light


def add_light(location: tuple[float, float, float], colour: Colour, watts: float) -> None:
    """The light that a lamp sheds; the lamp's own glass is what the camera sees."""
    lamp = bpy.data.lights.new("lamp light", "POINT")
    lamp.color, lamp.energy, lamp.shadow_soft_size = colour, watts, 0.12
    thing = bpy.data.objects.new("lamp light", lamp)
    thing.location = location
    thing.visible_camera = False
    bpy.context.scene.collection.objects.link(thing)


def signal_mesh(night: bool, rng: np.random.Generator) -> bpy.types.Mesh:
    """A traffic light on a post; it faces -y."""
    shape = Shape()
    shape.tube(np.array([(0, 0, 0), (0, 0, 3.4)]), np.full(2, 0.06), 7)
    shape.box((0, -0.1, 3.0), (0.34, 0.22, 1.0))
    on = int(rng.integers(3))
    for k in range(3):
        shape.tube(
            np.array([(0, -0.2, 3.3 - 0.3 * k), (0, -0.23, 3.3 - 0.3 * k)]),
            np.array([0.10, 0.001]),
            10,
            2 if k == on else 1,
        )
    mesh = mesh_of("traffic light", shape)
    colour = ((1.0, 0.05, 0.02), (1.0, 0.5, 0.05), (0.05, 1.0, 0.4))[on]
    for material in (
        matt("housing", (0.03, 0.035, 0.03), 0.1), matt("dark lens", (0.03, 0.03, 0.03), 0.1),
        glow("lens", colour, 6.0 if night else 1.5),
    ):  # fmt: skip
        mesh.materials.append(material)
    return mesh


def sign_mesh(rng: np.random.Generator) -> bpy.types.Mesh:
    """A road sign on a post; it faces -y. Many are blue or white."""
    shape = Shape()
    shape.tube(np.array([(0, 0, 0), (0, 0, 2.8)]), np.full(2, 0.04), 7)
    if rng.random() < 0.5:
        wide, high = rng.uniform(0.4, 2.2), rng.uniform(0.4, 1.2)
        shape.box((0, -0.05, 2.6), (wide, 0.03, high), 1)
        shape.box((0, -0.07, 2.6), (wide * 0.7, 0.01, high * 0.2), 2)
    else:
        shape.tube(np.array([(0, -0.05, 2.5), (0, -0.07, 2.5)]), np.array([0.34, 0.33]), 20, 2)
        shape.tube(np.array([(0, -0.07, 2.5), (0, -0.071, 2.5)]), np.array([0.34, 0.001]), 20, 1)
    mesh = mesh_of("sign", shape)
    faces: tuple[Colour, ...] = (
        (0.02, 0.10, 0.45),
        (0.8, 0.8, 0.8),
        (0.02, 0.25, 0.10),
        (0.75, 0.55, 0.02),
        (0.10, 0.3, 0.65),
    )
    mesh.materials.append(matt("zinc post", (0.35, 0.36, 0.36), 0.2, 3.0, 0.4))
    mesh.materials.append(paint("sign", faces[int(rng.integers(len(faces)))], 0.4, 0.3))
    mesh.materials.append(paint("sign mark", (0.8, 0.8, 0.8) if rng.random() < 0.6 else (0.5, 0.02, 0.02), 0.4, 0.3))
    return mesh


def add_posts(feet: np.ndarray, turns: np.ndarray, night: bool, rng: np.random.Generator) -> None:
    """A row of equal lamp posts at `feet` (n, 3), turned by `turns`; at most twelve of them shed light."""
    kind = str(rng.choice(["arm", "arm", "double", "globe", "lantern"]))
    high = rng.uniform(3.2, 5.0) if kind in ("globe", "lantern") else rng.uniform(6.5, 11.0)
    colour = SODIUM if rng.random() < 0.5 else WHITE
    mesh, light = lamp_mesh(kind, high, night, colour)
    nearest = np.argsort(np.hypot(feet[:, 0], feet[:, 1]))[:12]
    for index, (foot, turn) in enumerate(zip(feet, turns, strict=True)):
        place(mesh, tuple(foot), float(turn))
        if night and index in nearest:
            c, s = np.cos(turn), np.sin(turn)
            spot = foot + np.array([light[0] * c - light[1] * s, light[0] * s + light[1] * c, light[2]])
            add_light(tuple(spot), colour, 35.0 * high**1.5)
