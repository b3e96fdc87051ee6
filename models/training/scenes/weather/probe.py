# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at the world alone: how bright the sky is, and its colour all around the horizon."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]

_NAME, _COLUMNS, _ROWS = "probe", 32, 32


def probe_sky(scratch: Path) -> Float32Array:
    """The world as an equirectangular image (32, 32, 3) of its upper half: scene-linear, first row highest.

    The middle column looks along +y; columns go on to the right.
    """
    main = bpy.context.scene
    scene = bpy.data.scenes.get(_NAME) or _make_scene()
    scene.world = main.world
    path = scratch / "probe.exr"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True, scene=_NAME)
    image = bpy.data.images.load(str(path))
    pixels = np.empty(_COLUMNS * _ROWS * 4, np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    path.unlink()
    # Blender's first row is the lowest.
    return pixels.reshape(_ROWS, _COLUMNS, 4)[::-1, :, :3].copy()


def _make_scene() -> bpy.types.Scene:
    scene = bpy.data.scenes.new(_NAME)
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = _COLUMNS, _ROWS, 100
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.use_compositing = scene.render.use_sequencer = False
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.max_bounces = 2, False, 0
    scene.cycles.use_adaptive_sampling = False
    lens = bpy.data.cameras.new(_NAME)
    lens.type, lens.panorama_type = "PANO", "EQUIRECTANGULAR"
    lens.latitude_min, lens.latitude_max = 0.0, math.pi / 2
    camera = bpy.data.objects.new(_NAME, lens)
    camera.rotation_euler = (math.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return scene


def horizon_colour(sky: Float32Array, azimuth: float, spread: float = 0.6) -> list[float]:
    """Mean radiance of the lowest nine degrees within `spread` radians of `azimuth`, bright spots held back."""
    columns = (np.arange(_COLUMNS) + 0.5) / _COLUMNS * 2 * np.pi - np.pi
    near = np.abs((columns - azimuth + np.pi) % (2 * np.pi) - np.pi) <= spread
    low = sky[-3:][:, near].reshape(-1, 3)
    limit = np.quantile(low, 0.8, axis=0)
    return [float(c) for c in np.minimum(low, limit).mean(axis=0)]
