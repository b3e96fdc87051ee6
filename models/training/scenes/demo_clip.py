# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo clip's scene: a country lane by a house, trees and hills under an overcast sky.

Run with Blender's Python from the top of the repository; see models/demo/README.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import bpy
import numpy as np

from . import materials
from .cameras.handheld import walk_path
from .cameras.keyed import add_camera
from .demo_shot import EXPOSURE, FOCAL_PX, HEIGHT, RATE, SEED, WALK, WIDTH
from .land.meadow import add_ground, add_ridge, height, path_centre
from .render import prepare, render_images, render_mattes
from .things.conifers import spruce_meshes
from .things.grass import add_grass
from .things.house import House, add_house
from .things.roadside import add_fence, add_power_line
from .things.trees import Habit, bush_mesh, plant, tree_meshes
from .weather.overcast import add_overcast


def on_ground(x: float, y: float, sink: float = 0.0) -> tuple[float, float, float]:
    """The point of the meadow at (x, y), `sink` metres lower."""
    return x, y, float(height(np.array([x]), np.array([y]), SEED)[0]) - sink


def build() -> None:
    """Fill an empty scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    add_overcast(SEED, brightness=1.0)
    add_ground(SEED)
    add_ridge(430.0, 22.0, SEED + 1, (0.040, 0.055, 0.022), (0.115, 0.125, 0.045), 0.62)
    add_ridge(1250.0, 92.0, SEED + 2, (0.042, 0.055, 0.027), (0.12, 0.125, 0.05), 0.60)
    add_ridge(3100.0, 300.0, SEED + 3, (0.045, 0.058, 0.032), (0.11, 0.11, 0.05), 0.75)
    add_ridge(7500.0, 900.0, SEED + 4, (0.05, 0.06, 0.04), (0.11, 0.11, 0.06), 0.8)
    add_grass(SEED)
    add_house(House(), on_ground(-9.5, 33.0), 0.50)
    _trees()
    _roadside()


def _trees() -> None:
    rng = np.random.default_rng(SEED + 30)
    brown = materials.bark("bark", (0.17, 0.135, 0.10))
    green = materials.leaf("leaves", (0.040, 0.074, 0.016), (0.150, 0.195, 0.045))
    yellow = materials.leaf("yellowing leaves", (0.055, 0.066, 0.012), (0.24, 0.19, 0.040))
    needles = materials.leaf("needles", (0.012, 0.026, 0.014), (0.040, 0.062, 0.028), 0.12)
    oak = tree_meshes("oak", Habit(), SEED + 31, brown, green)
    birch = tree_meshes(
        "birch",
        Habit(height=9.5, trunk_radius=0.13, children=(20, 8, 6), length=(0.33, 0.45, 0.42), rise=0.16,
              leaves_per_twig=34, leaf_size=0.085, bare=0.12),
        SEED + 32, materials.bark("pale bark", (0.42, 0.40, 0.36)), yellow,
    )  # fmt: skip
    plant(oak, on_ground(6.4, 14.5), 0.4, 1.0)
    plant(birch, on_ground(-7.9, 13.5), 2.1, 0.86)
    plant(birch, on_ground(11.5, 24.0), 4.0, 0.95)
    plant(oak, on_ground(-22.0, 44.0), 2.6, 1.15)
    plant(oak, on_ground(22.0, 46.0), 4.3, 1.05)
    spruces = [spruce_meshes(f"spruce {k}", SEED + 40 + k, brown, needles, 10.0 + 2 * k) for k in range(2)]
    far_spruce = spruce_meshes("far spruce", SEED + 45, brown, needles, 11.0, density=0.3)
    for x, y, kind, scale in ((-2.2, 45.0, 0, 1.0), (0.8, 48.5, 1, 0.92), (-17.5, 41.0, 1, 1.0), (3.6, 51.0, 0, 0.8)):
        plant(spruces[kind], on_ground(x, y, 0.1), float(rng.random() * 6), scale)
    # A loose edge of woodland closes the meadow.
    for _ in range(170):
        x, y = float(rng.uniform(-150, 170)), float(rng.uniform(105, 190))
        if -12 < x < 34 and rng.random() < 0.75:
            continue
        kind = far_spruce if rng.random() < 0.45 else (birch if rng.random() < 0.35 else oak)
        plant(kind, on_ground(x, y, 0.2), float(rng.random() * 6), float(rng.uniform(0.6, 1.15)))
    bushes = [bush_mesh(f"bush {k}", SEED + 50 + k, green) for k in range(3)]
    for x, y, scale in (
        (-4.6, 30.2, 0.8), (-12.4, 27.0, 1.0), (-14.6, 27.4, 1.3), (-5.6, 20.5, 0.75), (-10.3, 19.0, 1.2),
        (9.6, 19.5, 1.2), (4.4, 37.0, 1.3), (6.1, 38.0, 1.0), (13.8, 28.0, 1.5), (-9.4, 12.2, 0.9), (17.0, 33.0, 1.6),
    ):  # fmt: skip
        plant([bushes[int(rng.integers(3))]], on_ground(x, y, 0.1), float(rng.random() * 6), scale)


def _roadside() -> None:
    y = np.arange(3.6, 36.0, 2.1)
    x = path_centre(y) + 2.05
    add_fence(np.stack([x, y, height(x, y, SEED)], axis=1), SEED + 60)
    poles = ((-17.0, -9.0), (3.3, 27.0), (24.0, 64.0), (47.0, 105.0))
    add_power_line(np.array([on_ground(*foot) for foot in poles]))


def main() -> None:
    """Build the scene and render images (default) or mattes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the frames")
    parser.add_argument("--frames", type=int, nargs="*", help="frame numbers from 1; all by default")
    parser.add_argument("--mattes", action="store_true", help="render coverage instead of pictures")
    parser.add_argument("--samples", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    build()
    add_camera(walk_path(WALK), FOCAL_PX, WIDTH)
    prepare(WIDTH, HEIGHT, RATE, options.samples, exposure=EXPOSURE, threads=options.threads)
    frames = options.frames or range(1, WALK.frames + 1)
    if options.mattes:
        render_mattes(options.out, frames)
    else:
        render_images(options.out, frames)


if __name__ == "__main__":
    main()
