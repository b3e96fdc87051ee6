# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering a world to an equirectangular half-float EXR with Cycles, and reading it back."""

import math
import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray


def prepare_scene(width: int, samples: int, seed: int, denoise: bool = True) -> Any:
    """An empty scene with an equirectangular camera: looks along +Y, straight up in the first row.

    Args:
        width: of the panorama, pixels; it is half as high.
        samples: of each pixel.
        seed: of the sampling.
        denoise: not where stars are, which it takes for noise.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.shading_system = True  # Open Shading Language
    scene.cycles.samples = samples
    scene.cycles.seed = seed
    scene.cycles.use_adaptive_sampling = False
    # Each ray through a cloud starts at a random place in its first step; the denoiser removes the grain of that.
    scene.cycles.use_denoising = denoise
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.use_auto_tile = False
    scene.render.resolution_x = width
    scene.render.resolution_y = width // 2
    scene.render.resolution_percentage = 100
    scene.render.film_transparent = False
    scene.render.dither_intensity = 0.0
    scene.view_settings.view_transform = "Standard"

    camera = bpy.data.cameras.new("panorama")
    camera.type = "PANO"
    camera.panorama_type = "EQUIRECTANGULAR"
    holder = bpy.data.objects.new("panorama", camera)
    holder.rotation_euler = (math.pi / 2, 0, 0)
    scene.collection.objects.link(holder)
    scene.camera = holder
    return scene


def render_pixels(scene: Any, channels: int = 3) -> NDArray[np.float32]:
    """The scene rendered: (height, width, channels), scene-linear Rec.709, first row at the top."""
    settings = scene.render.image_settings
    settings.media_type = "IMAGE"
    settings.file_format = "OPEN_EXR"
    settings.color_mode = "RGB" if channels == 3 else "RGBA"
    settings.color_depth, settings.exr_codec = "32", "ZIP"
    scene.render.use_file_extension = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "render.exr"
        scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        return read_pixels(path, channels)


def with_closed_seam(panorama: NDArray[np.float32]) -> NDArray[np.float32]:
    """The panorama with the step between its last and its first column spread over some columns.

    The denoiser knows nothing of what lies beyond the picture's edge, so that it leaves a step of a thousandth. Only
    what is alike over some rows is spread: a cloud's edge that ends at the seam would be drawn out to a streak.
    """
    height, width = panorama.shape[:2]
    reach, rows = max(2, width // 64), max(1, height // 128)
    step = 0.5 * (panorama[:, :1] - panorama[:, -1:])
    above = np.cumsum(np.pad(step, ((rows + 1, rows), (0, 0), (0, 0)), mode="edge"), axis=0, dtype=np.float64)
    step = ((above[2 * rows + 1 :] - above[: -2 * rows - 1]) / (2 * rows + 1)).astype(np.float32)
    fade = (1 - np.arange(reach, dtype=np.float32) / reach)[None, :, None]
    closed = panorama.copy()
    closed[:, :reach] -= step * fade
    closed[:, -reach:] += step * fade[:, ::-1]
    return np.maximum(closed, 0)


def write_exr(pixels: NDArray[np.float32], path: Path, quality: int = 99) -> None:
    """Writes (height, width, 3) pixels, scene-linear Rec.709: half float, DWAA of that quality."""
    height, width = pixels.shape[:2]
    scene = bpy.context.scene
    settings = scene.render.image_settings
    settings.media_type = "IMAGE"
    settings.file_format = "OPEN_EXR"
    settings.color_mode = "RGB"
    settings.color_depth = "16"
    settings.exr_codec = "DWAA"
    settings.quality = quality  # at 99, 6 MB for a detailed sky; 100 would be several times as large
    # No date and no render time in the file: the same seed gives the same bytes.
    for stamp in ("camera", "date", "filename", "frame", "render_time", "scene", "time"):
        setattr(scene.render, f"use_stamp_{stamp}", False)
    image = bpy.data.images.new(path.stem, width, height, alpha=False, float_buffer=True)
    image.colorspace_settings.name = "Linear Rec.709"
    whole = np.concatenate([pixels[::-1], np.ones((height, width, 1), np.float32)], axis=2)
    image.pixels.foreach_set(np.ascontiguousarray(whole, np.float32).ravel())
    image.save_render(str(path), scene=scene)
    bpy.data.images.remove(image)


def write_thumbnail(scene: Any, sky: Path, path: Path, width: int = 512) -> None:
    """A small JPEG of an EXR, seen through the Standard view."""
    image = bpy.data.images.load(str(sky))
    image.scale(width, width // 2)
    settings = scene.render.image_settings
    settings.file_format = "JPEG"
    settings.color_mode = "RGB"
    settings.quality = 88
    image.save_render(str(path), scene=scene)
    bpy.data.images.remove(image)


def read_pixels(path: Path, channels: int = 3) -> NDArray[np.float32]:
    """Pixels of an EXR, (height, width, channels), scene-linear Rec.709, first row at the top."""
    image = bpy.data.images.load(str(path))
    width, height = image.size
    flat = np.empty(width * height * image.channels, np.float32)
    image.pixels.foreach_get(flat)
    stored = image.channels
    bpy.data.images.remove(image)
    return flat.reshape(height, width, stored)[::-1, :, :channels].copy()
