# SPDX-License-Identifier: GPL-3.0-or-later
"""Skies without a place and without clouds, to train what a sky tells by itself.

    .blender/5.0/bin/python models/training/sun/make_skies.py --output build/skies --count 1000

Each is a file SEED.npz: ``light``, the upper half of the sky (64, 256, 3), scene-linear half floats, first row
straight up, the middle of the width towards +y; ``sun``, azimuth and elevation in degrees, NaN where none shines.
The sky is one of the scene generator's weather; `sky_views.py` paints clouds on it, in as many ways as are wanted.
Runs with a Python that has Blender as a module, many times as quick as scenes. What exists is kept.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import bpy
import numpy as np

if __package__ in (None, ""):
    # As a script, the repository's top is not on the path yet.
    sys.path.insert(0, str(Path(__file__).parents[3]))

from models.training.scenes.weather.choose import add_sunlit_weather

COLUMNS, ROWS, SAMPLES = 256, 64, 4


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    _prepare()
    for seed in range(options.first_seed, options.first_seed + options.count):
        path = options.output / f"{seed:06d}.npz"
        if path.exists():
            continue
        weather = add_sunlit_weather(np.random.default_rng((seed, 7)), bare=True)
        bpy.context.scene.world.cycles.sampling_method = "NONE"  # nothing is lit by it
        sun = weather.sun or (math.nan, math.nan)
        np.savez_compressed(path, light=_light(path.with_suffix(".exr")).astype(np.float16), sun=np.array(sun))


def _prepare() -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = COLUMNS, ROWS, 100
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.use_compositing = scene.render.use_sequencer = False
    settings = scene.render.image_settings
    settings.file_format, settings.color_depth, settings.exr_codec = "OPEN_EXR", "32", "NONE"
    cycles = scene.cycles
    cycles.samples, cycles.use_denoising, cycles.max_bounces = SAMPLES, False, 0
    cycles.use_adaptive_sampling = False
    lens = bpy.data.cameras.new("dome")
    lens.type, lens.panorama_type = "PANO", "EQUIRECTANGULAR"
    lens.latitude_min, lens.latitude_max = 0.0, math.pi / 2
    camera = bpy.data.objects.new("dome", lens)
    camera.rotation_euler = (math.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera


def _light(path: Path) -> np.ndarray:
    bpy.context.scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(str(path))
    pixels = np.empty(COLUMNS * ROWS * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    path.unlink()
    # Blender's first row is the lowest.
    return np.minimum(pixels.reshape(ROWS, COLUMNS, 4)[::-1, :, :3], 60000.0)


if __name__ == "__main__":
    main()
